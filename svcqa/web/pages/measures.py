"""The board of improvement measures, the page of one, and leading it on by a form."""

from fastapi import APIRouter
from fastapi.responses import Response

from states import Refused
from states.measure import LAW, Facts
from svcqa.improvement import forms, measures, rights
from svcqa.kernel.errors import Busy, HouseError, Invalid, NotFound, Stale
from svcqa.web import entry, labels, measure_view
from svcqa.web.entry import Entry
from svcqa.web.errors import problem_of
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)

HERE = "/measures"
FORMS: dict[str, type[forms.Form]] = {
    form.move: form for form in (forms.Agree, forms.Start, forms.Complete, forms.Reopen, forms.Withdraw)
}


@router.get("/measures")
def board(visit: AVisit) -> Response:
    """Show the board with the measures the reader may see."""
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        columns = measure_view.board(tx)
    total = sum(len(column.cards) for column in columns)
    return visit.page(
        "measures.html", tx_frame=frame, columns=columns, total=total, form=Typed({}, {}, "export")
    )


@router.get("/measures/{measure}")
def one(visit: AVisit, measure: str) -> Response:
    """Show one measure."""
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        view = measure_view.view(tx, measure)
    return visit.page("measure.html", tx_frame=frame, view=view, forms=measure_view.forms_of(view))


@router.get("/measures/{measure}/{step}")
def move_page(visit: AVisit, measure: str, step: str) -> Response:
    """Show a move's form on a page of its own; raises Refused or Forbidden, with the reason, where there is none."""
    _kind(step)
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        view = measure_view.view(tx, measure)
        rights.require(tx, step, view.measure)
    if step not in {offer.name for offer in view.offers}:
        LAW.advance(view.measure.state, step, Facts())
    form = measure_view.blank(view.measure, step)
    return visit.page("measure_move.html", tx_frame=frame, view=view, move=step, form=form, problem=None)


@router.post("/measures/{measure}/{step}")
def advance(visit: AVisit, measure: str, step: str) -> Response:
    """Lead a measure one step on."""
    typed = entry.read(_kind(step), visit.form, labels=labels.of_measure(step))
    if typed.form is None:
        return _again(visit, measure, step, typed)
    try:
        with visit.transaction() as tx:
            done = measures.advance(tx, measure, form=typed.form)
    except (Refused, Stale, Invalid, Busy) as refused:
        return _again(visit, measure, step, typed, refused=refused)
    return visit.go(
        f"/measures/{measure}", flash=f"已办理：{LAW.move(step).label}，现在是“{LAW.state(done.state).label}”"
    )


def _kind(move: str) -> type[forms.Form]:
    if move not in FORMS:
        raise NotFound("没有这一步操作。请从措施页面上的按钮进入。")
    return FORMS[move]


def _again(
    visit: Visit,
    number: str,
    move: str,
    typed: Entry[forms.Form],
    *,
    refused: Refused | HouseError | None = None,
) -> Response:
    """Send the form back with what was typed, and what is wrong at its field or above the form."""
    errors = entry.field_errors(refused) if isinstance(refused, Refused | Invalid) else typed.errors
    problem = problem_of(refused) if refused and not errors else None
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        view = measure_view.view(tx, number)
    fresh = {"version": str(view.measure.version)} if problem and problem.code == "stale" else {}
    return visit.page(
        "measure_move.html",
        tx_frame=frame,
        view=view,
        move=move,
        form=typed.typed(prefix=move, errors=errors, **fresh),
        problem=problem,
        status=problem.status if problem else 422,
    )
