"""The report of a cycle, and what leaves the house as a workbook: for a stated reason, on record."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from states import Refused
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import Transaction
from svcqa.reporting import exports
from svcqa.reporting.exports import Document
from svcqa.web import measure_view, report_view
from svcqa.web.errors import problem_of
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)


@router.get("/cycles/{cycle}/report")
def report(visit: AVisit, cycle: str) -> Response:
    """Show the report."""
    return _report(visit, cycle)


@router.post("/cycles/{cycle}/workbook")
def workbook(visit: AVisit, cycle: str) -> Response:
    """Hand out the results as a workbook."""

    def export(tx: Transaction) -> Document:
        return exports.cycle_results(tx, cycle, reason=visit.text("reason"))

    return _handed_out(visit, export, lambda refused: _report(visit, cycle, refused))


@router.post("/measures/workbook")
def measures(visit: AVisit) -> Response:
    """Hand out the measures the reader may see as a workbook."""

    def export(tx: Transaction) -> Document:
        return exports.measures(tx, reason=visit.text("reason"))

    return _handed_out(visit, export, lambda refused: _board(visit, refused))


def _handed_out(
    visit: Visit, export: Callable[[Transaction], Document], again: Callable[[Refused | Invalid], Response]
) -> Response:
    """Answer with the file for saving, or with the page and why not."""
    try:
        with visit.transaction() as tx:
            document = export(tx)
    except (Refused, Invalid) as refused:
        return again(refused)
    name = f"attachment; filename*=UTF-8''{quote(document.name)}"
    return Response(document.content, media_type=document.media_type, headers={"content-disposition": name})


def _report(visit: Visit, cycle: str, refused: Refused | Invalid | None = None) -> Response:
    with visit.reading() as tx:
        frame = visit.frame(tx, "/cycles")
        view = report_view.view(tx, cycle)
    form, status = _typed(visit, refused)
    return visit.page("cycle_report.html", tx_frame=frame, view=view, form=form, status=status)


def _board(visit: Visit, refused: Refused | Invalid) -> Response:
    with visit.reading() as tx:
        frame = visit.frame(tx, "/measures")
        columns = measure_view.board(tx)
    form, status = _typed(visit, refused)
    total = sum(len(column.cards) for column in columns)
    return visit.page("measures.html", tx_frame=frame, columns=columns, total=total, form=form, status=status)


def _typed(visit: Visit, refused: Refused | Invalid | None) -> tuple[Typed, int]:
    """Return the form of an export with what was typed and what is wrong, and the status of its page."""
    errors = {"reason": problem_of(refused).sentence} if refused else {}
    return Typed({"reason": visit.text("reason")}, errors, "export"), problem_of(
        refused
    ).status if refused else 200
