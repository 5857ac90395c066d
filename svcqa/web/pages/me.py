"""My page: my penalties and appeals, the statements I am asked for, my address and sessions."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from states import Refused
from svcqa.assessment import explaining, ratings
from svcqa.casework import contesting, mine
from svcqa.casework.decision import decision
from svcqa.casework.hearing import hearing
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import correspondence, people, sessions
from svcqa.web.errors import problem_of
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)

HERE = "/me"


@router.get("/me")
def me(visit: AVisit) -> Response:
    """Show what concerns me."""
    with visit.reading() as tx:
        mine_id = visit.present.person_id
        values: dict[str, Any] = {
            "me": people.card(tx, mine_id),
            "address": correspondence.address_of(tx, mine_id),
            "penalties": mine.penalties(tx),
            "hearings": mine.hearings(tx),
            "results": explaining.past(tx, mine_id),
            "sheets": ratings.waiting_for(tx, mine_id),
        }
        frame = visit.frame(tx, HERE)
    return visit.page("me.html", tx_frame=frame, **values)


@router.get("/me/penalties/{penalty_id}")
def penalty(visit: AVisit, penalty_id: str) -> Response:
    """Show one of my penalties; before it was received only that there is one."""
    return _penalty(visit, penalty_id)


@router.post("/me/penalties/{penalty_id}/receive")
def receive(visit: AVisit, penalty_id: str) -> Response:
    """Receive a decision: the window begins."""
    with visit.transaction() as tx:
        contesting.receive(tx, penalty_id)
    return _penalty(visit, penalty_id, seen=True)


@router.post("/me/penalties/{penalty_id}/appeal")
def appeal(visit: AVisit, penalty_id: str) -> Response:
    """File the appeal."""

    def act(tx: Transaction) -> None:
        contesting.appeal(tx, penalty_id, reason=visit.text("reason"), how="page", files=visit.files("file"))

    return _act(visit, penalty_id, act, flash="申诉已收到")


@router.post("/me/penalties/{penalty_id}/accept")
def accept(visit: AVisit, penalty_id: str) -> Response:
    """Record that there is no objection."""
    return _act(visit, penalty_id, lambda tx: contesting.accept(tx, penalty_id), flash="已记录无异议")


@router.post("/me/penalties/{penalty_id}/retract")
def retract(visit: AVisit, penalty_id: str) -> Response:
    """Take the appeal back."""
    return _act(visit, penalty_id, lambda tx: contesting.retract(tx, penalty_id), flash="申诉已撤回")


@router.get("/me/hearings/{respondent_id}")
def hearing_page(visit: AVisit, respondent_id: str) -> Response:
    """Show the matter I am asked about."""
    return _hearing(visit, respondent_id)


@router.post("/me/hearings/{respondent_id}")
def state_view(visit: AVisit, respondent_id: str) -> Response:
    """Hand in my statement."""
    try:
        with visit.transaction() as tx:
            contesting.state_view(tx, respondent_id, text=visit.text("statement"), files=visit.files("file"))
    except (Refused, Invalid) as refusal:
        return _hearing(visit, respondent_id, refusal)
    return visit.go(f"/me/hearings/{respondent_id}", flash="陈述已收到")


@router.post("/me/sign-out-everywhere")
def sign_out_everywhere(visit: AVisit) -> Response:
    """End all my sessions, this one too."""
    with visit.transaction() as tx:
        sessions.end_sessions(tx, visit.present.person_id, reason="own_wish")
    return visit.go("/sign-in")


def _act(visit: Visit, penalty_id: str, act: Callable[[Transaction], None], *, flash: str) -> Response:
    try:
        with visit.transaction() as tx:
            act(tx)
    except (Refused, Invalid) as refusal:
        return _penalty(visit, penalty_id, refusal=refusal)
    return visit.go(f"/me/penalties/{penalty_id}", flash=flash)


def _penalty(
    visit: Visit, penalty_id: str, *, refusal: Refused | Invalid | None = None, seen: bool = False
) -> Response:
    with visit.reading() as tx:
        shown = decision(tx, penalty_id)
        frame = visit.frame(tx, HERE)
    answer = _around(visit, refusal, "reason")
    return visit.page("me_penalty.html", tx_frame=frame, decision=shown, seen=seen, **answer)


def _hearing(visit: Visit, respondent_id: str, refusal: Refused | Invalid | None = None) -> Response:
    with visit.reading() as tx:
        shown = hearing(tx, respondent_id)
        frame = visit.frame(tx, HERE)
    return visit.page(
        "me_hearing.html", tx_frame=frame, hearing=shown, **_around(visit, refusal, "statement")
    )


def _around(visit: Visit, refusal: Refused | Invalid | None, field: str) -> dict[str, Any]:
    """Return what stands beside the matter: what was typed, and what was wrong, at its field or above."""
    wrong = {refusal.field_name: refusal.sentence} if isinstance(refusal, Invalid) else {}
    problem = problem_of(refusal) if refusal else None
    return {
        "limit": visit.runtime.place.settings.upload_megabytes,
        "status": problem.status if problem else 200,
        "form": Typed({field: visit.text(field)}, wrong),
        "problem": problem if isinstance(refusal, Refused) else None,
    }
