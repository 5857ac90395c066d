"""Leading a complaint on by a form: the same form in a dialog of the case page and on a page of its own."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import Response

from states import Refused
from states.complaint import LAW
from states.lifecycle import Offer
from svcqa.casework import casefile, complaints, visibility
from svcqa.casework.casefile import CaseFile
from svcqa.casework.forms import FORMS, Form
from svcqa.kernel.errors import Busy, Forbidden, HouseError, Invalid, NotFound, Stale
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.web import entry, labels
from svcqa.web.case_view import view_of
from svcqa.web.entry import Entry
from svcqa.web.errors import Problem, problem_of
from svcqa.web.move_forms import around, blank
from svcqa.web.visit import AVisit, Visit

router = APIRouter()


@router.get("/complaints/{number}/{move}")
def move_page(visit: AVisit, number: str, move: str) -> Response:
    """Show a move's form on a page of its own, with the reason where it is blocked."""
    _kind(move)
    with visit.reading() as tx:
        frame = visit.frame(tx, "/complaints")
        file = casefile.read(tx, number)
        offer = _offer(tx, file, move)
        view, form = view_of(tx, file), blank(tx, file, move)
    return visit.page("move.html", tx_frame=frame, view=view, form=form, offer=offer, problem=None)


@router.post("/complaints/{number}/{move}")
def advance(visit: AVisit, number: str, move: str) -> Response:
    """Lead a complaint one step on."""
    typed = entry.read(_kind(move), visit.form, labels=labels.of_complaint(move))
    if typed.form is None:
        return _again(visit, number, move, typed)
    try:
        with visit.transaction() as tx:
            visibility.seen(tx, number)
            done = complaints.advance(tx, number, form=typed.form)
    except (Refused, Stale, Invalid, Busy) as refused:
        return _again(visit, number, move, typed, refused=refused)
    return visit.go(
        f"/complaints/{number}",
        flash=f"已办理：{LAW.move(move).label}，现在是“{LAW.state(done.state).label}”",
    )


def _offer(tx: Transaction, file: CaseFile, move: str) -> Offer:
    """Return the offer of a move; raises Forbidden or Refused, with the reason, where there is none."""
    for offer in file.offers:
        if offer.name == move:
            return offer
    access.require(tx.actor, LAW.move(move), unit_id=file.case.row["unit_id"])
    LAW.advance(file.case.state, move, file.facts)
    raise Forbidden("这一步请从“我的”页面或通知邮件中的链接办理。")


def _kind(move: str) -> type[Form]:
    if move not in FORMS:
        raise NotFound("没有这一步操作。请从工单页面上的按钮进入。")
    return FORMS[move]


def _again(
    visit: Visit, number: str, move: str, typed: Entry[Form], *, refused: Refused | HouseError | None = None
) -> Response:
    """Send the form back with what was typed, and what is wrong at its field or above the form."""
    own = labels.of_complaint(move)
    errors = (
        entry.field_errors(refused, labels=own) if isinstance(refused, Refused | Invalid) else typed.errors
    )
    problem = problem_of(refused) if refused and not errors else None
    with visit.reading() as tx:
        frame = visit.frame(tx, "/complaints")
        file = casefile.read(tx, number)
        view = view_of(tx, file)
        form = around(
            tx, file, move, typed.typed(prefix=move, errors=errors, **_fresh(problem, file.case.row))
        )
    offer = next((each for each in file.offers if each.name == move), None)
    status = problem.status if problem else 422
    return visit.page(
        "move.html", tx_frame=frame, view=view, form=form, offer=offer, problem=problem, status=status
    )


def _fresh(problem: Problem | None, row: Mapping[str, object]) -> dict[str, str]:
    """Return the present version after a stale edit: the person has now seen what changed and may send again."""
    return {"version": str(row["version"])} if problem and problem.code == "stale" else {}
