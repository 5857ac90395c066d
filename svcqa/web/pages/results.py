"""One person's result: to superiors and reviewers within its cycle, to the person on an own page."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from states import Refused
from svcqa.assessment import contesting, explaining, visibility
from svcqa.kernel.errors import Invalid
from svcqa.kernel.money import hundredths, read_decimal
from svcqa.kernel.transaction import Transaction
from svcqa.web import result_view
from svcqa.web.errors import problem_of
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)


@router.get("/cycles/{cycle}/results/{person}")
def of_somebody(visit: AVisit, cycle: str, person: str) -> Response:
    """Show somebody's result in a cycle; that it was opened is put on record."""
    return _of_somebody(visit, cycle, person)


@router.post("/cycles/{cycle}/results/{person}/uphold")
def uphold(visit: AVisit, cycle: str, person: str) -> Response:
    """Decide that a contested result stands."""

    def act(tx: Transaction, result_id: str) -> None:
        contesting.uphold(tx, result_id, grounds=visit.text("grounds"))

    return _review(visit, cycle, person, act)


@router.post("/cycles/{cycle}/results/{person}/revise")
def revise(visit: AVisit, cycle: str, person: str) -> Response:
    """Raise a contested result."""

    def act(tx: Transaction, result_id: str) -> None:
        composite = hundredths(_composite(visit.text("composite")))
        contesting.revise(tx, result_id, composite_hundredths=composite, grounds=visit.text("grounds"))

    return _review(visit, cycle, person, act)


@router.get("/me/results/{result}")
def mine(visit: AVisit, result: str) -> Response:
    """Show my own result."""
    return _mine(visit, result)


@router.post("/me/results/{result}/acknowledge")
def acknowledge(visit: AVisit, result: str) -> Response:
    """Record that I have read my result."""
    with visit.transaction() as tx:
        contesting.acknowledge(tx, result)
    return visit.go(f"/me/results/{result}", flash="已签收")


@router.post("/me/results/{result}/contest")
def contest(visit: AVisit, result: str) -> Response:
    """Contest my result."""
    try:
        with visit.transaction() as tx:
            contesting.appeal(tx, result, reason=visit.text("reason"), how="page")
    except (Refused, Invalid) as refusal:
        return _mine(visit, result, refusal)
    return visit.go(f"/me/results/{result}", flash="申诉已收到")


def _review(visit: Visit, number: str, person: str, act: Callable[[Transaction, str], object]) -> Response:
    try:
        with visit.transaction() as tx:
            found = explaining.explanation(tx, visibility.seen(tx, number).id, person)
            act(tx, found.appeal.object_id if found.appeal else found.result_id)
    except (Refused, Invalid) as refusal:
        return _of_somebody(visit, number, person, refusal)
    return visit.go(f"/cycles/{number}/results/{person}", flash="已作出复核结论，本人会收到通知")


def _of_somebody(
    visit: Visit, number: str, person: str, refusal: Refused | Invalid | None = None
) -> Response:
    with visit.reading() as tx:
        frame = visit.frame(tx, "/cycles")
        cycle = visibility.seen(tx, number)
        shown = result_view.of_person(tx, cycle.id, person)
        reviews = bool(tx.actor.roles & contesting.REVIEW.roles)
    with visit.runtime.place.transaction(visit.actor) as tx:  # who opened whose result, whatever else happens
        explaining.note_reading(tx, cycle.id, person)
    return visit.page("result.html", tx_frame=frame, r=shown, reviews=reviews, **_around(visit, refusal))


def _mine(visit: Visit, result: str, refusal: Refused | Invalid | None = None) -> Response:
    with visit.reading() as tx:
        frame = visit.frame(tx, "/me")
        shown = result_view.of_link(tx, result)
    return visit.page("me_result.html", tx_frame=frame, r=shown, **_around(visit, refusal))


def _around(visit: Visit, refusal: Refused | Invalid | None) -> dict[str, Any]:
    """Return what stands beside a result: what was typed, and what was wrong, at its field or above."""
    problem = problem_of(refusal) if refusal else None
    return {
        "form": Typed(
            visit.texts(), {refusal.field_name: refusal.sentence} if isinstance(refusal, Invalid) else {}
        ),
        "problem": problem if isinstance(refusal, Refused) else None,
        "status": problem.status if problem else 200,
    }


def _composite(text: str) -> Decimal:
    try:
        return read_decimal(text)
    except ValueError as error:
        raise Invalid("composite", "复核后的总分要填数字，例如 86.5。") from error
