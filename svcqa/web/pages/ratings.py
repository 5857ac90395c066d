"""Rating colleagues when signed in: my sheets, and one sheet, one colleague after the other."""

from fastapi import APIRouter
from fastapi.responses import Response

from states import Refused
from svcqa.assessment import ratings
from svcqa.kernel.errors import Invalid
from svcqa.web import rating_view
from svcqa.web.errors import problem_of
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)

HERE = "/ratings"


@router.get("/ratings")
def mine(visit: AVisit) -> Response:
    """List the sheets that wait for me."""
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        sheets = ratings.waiting_for(tx, visit.present.person_id)
    return visit.page("ratings.html", tx_frame=frame, sheets=sheets)


@router.get("/ratings/{sheet}")
def sheet(visit: AVisit, sheet: str, task: str = "") -> Response:
    """Show a sheet at one colleague."""
    return _sheet(visit, sheet, task)


@router.post("/ratings/{sheet}")
def submit(visit: AVisit, sheet: str) -> Response:
    """Keep what was chosen for one colleague, and lead to the next."""
    try:
        with visit.transaction() as tx:
            rating_view.submit(tx, sheet, typed=visit.texts())
    except (Refused, Invalid) as refusal:
        return _sheet(visit, sheet, visit.text("task"), refusal)
    return visit.go(f"/ratings/{sheet}", flash="已保存")


def _sheet(visit: Visit, sheet_id: str, task_id: str, refusal: Refused | Invalid | None = None) -> Response:
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        shown = rating_view.view(tx, sheet_id, task_id=task_id)
    wrong = {refusal.field_name: refusal.sentence} if isinstance(refusal, Invalid) else {}
    problem = problem_of(refusal) if refusal else None
    return visit.page(
        "rating.html",
        tx_frame=frame,
        r=shown,
        form=Typed({**shown.filled, **visit.texts()}, wrong),
        problem=problem if isinstance(refusal, Refused) else None,
        status=problem.status if problem else 200,
    )
