"""The survey behind a customer's link: two questions and a comment. Opening it writes nothing and names nobody."""

from fastapi import APIRouter
from fastapi.responses import Response

from svcqa.assessment import answering
from svcqa.kernel.errors import Invalid
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)

ANSWERING = "answers to surveys"
MARKS = {str(mark): mark for mark in range(1, 6)}
SOLVED = {"yes": True, "no": False}


@router.api_route("/s/{survey}", methods=["GET", "HEAD"])
def show(visit: AVisit, survey: str) -> Response:
    """Show the questions."""
    return _page(visit, survey, Typed())


@router.post("/s/{survey}")
def answer(visit: AVisit, survey: str) -> Response:
    """Take the answer; sent again within the hours, it replaces the one before."""
    visit.count_try(ANSWERING)
    typed = visit.texts()
    try:
        with visit.unsigned(writes=True) as tx:
            answering.answer(
                tx,
                survey,
                satisfaction=MARKS.get(visit.text("satisfaction")),
                solved=SOLVED.get(visit.text("solved")),
                comment=visit.text("comment"),
            )
    except Invalid as mistake:
        return _page(visit, survey, Typed(typed, {mistake.field_name: mistake.sentence}), status=422)
    return visit.go(f"/s/{survey}")


def _page(visit: Visit, survey: str, form: Typed, *, status: int = 200) -> Response:
    with visit.unsigned() as tx:
        asked = answering.look(tx, survey)
    return visit.page("survey.html", status=status, asked=asked, form=form, action=f"/s/{survey}")
