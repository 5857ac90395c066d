"""The pages behind a mailed link, made for a thumb. Opening one shows nothing and writes nothing.

What the digits opened goes on by a proof in the form, for half an hour.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from states import Refused
from svcqa.casework import contesting, mailed
from svcqa.casework.decision import decision
from svcqa.casework.hearing import hearing
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.web.errors import problem_of
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)

DIGITS = "digits of a link"
CARRIED = ("reason", "statement")
"""What was typed before the digits had to be asked for again; it is not lost."""


@router.api_route("/a/{token}", methods=["GET", "HEAD"])
def gate(visit: AVisit, token: str) -> Response:
    """Ask for the digits."""
    with visit.unsigned() as tx:
        mailed.look(tx, token)
    return _gate(visit, token)


@router.post("/a/{token}")
def enter(visit: AVisit, token: str) -> Response:
    """Check the digits and show what the link is about."""
    visit.count_try(DIGITS)
    try:
        with visit.unsigned(writes=True) as tx:
            entered = mailed.enter(tx, token, digits=visit.text("digits"))
    except Invalid as mistyped:
        visit.count_miss(DIGITS)
        return _gate(visit, token, status=422, wrong=mistyped.sentence)
    if entered.wrong:
        visit.count_miss(DIGITS)
        return _wrong(visit, token, entered.wrong)
    return _show(visit, token, entered.proof)


@router.get("/a/{token}/{act}")
def back(token: str, act: str) -> Response:  # noqa: ARG001 - whichever act the address names
    """Lead a reloaded answer back to the link."""
    return RedirectResponse(f"/a/{token}", 303)


@router.post("/a/{token}/appeal")
def appeal(visit: AVisit, token: str) -> Response:
    """File the appeal; sent twice, it is one appeal with one receipt."""

    def act(tx: Transaction, penalty_id: str) -> None:
        contesting.appeal(tx, penalty_id, reason=visit.text("reason"), how="link", files=visit.files("file"))

    return _act(visit, token, "penalty", act)


@router.post("/a/{token}/accept")
def accept(visit: AVisit, token: str) -> Response:
    """Record that there is no objection."""
    return _act(visit, token, "penalty", contesting.accept)


@router.post("/a/{token}/retract")
def retract(visit: AVisit, token: str) -> Response:
    """Take the appeal back."""
    return _act(visit, token, "penalty", contesting.retract)


@router.post("/a/{token}/statement")
def statement(visit: AVisit, token: str) -> Response:
    """Hand in what the respondent says."""

    def act(tx: Transaction, respondent_id: str) -> None:
        contesting.state_view(tx, respondent_id, text=visit.text("statement"), files=visit.files("file"))

    return _act(visit, token, "hearing", act)


def _act(visit: Visit, token: str, kind: str, act: Callable[[Transaction, str], None]) -> Response:
    """Do one thing as the person the link was mailed to, and show where the matter stands then."""
    proof = visit.text("proof")
    try:
        with visit.unsigned(writes=True) as tx:
            link = mailed.go_on(tx, token, proof=proof)
            if link.kind != kind:
                raise NotFound(contesting.NOT_YOURS)
            act(tx, link.object_id)
    except mailed.Unproven:
        return _gate(visit, token, status=403, again=True)
    except (Refused, Invalid) as refusal:
        return _show(visit, token, proof, refusal)
    return _show(visit, token, proof)


def _show(visit: Visit, token: str, proof: str, refusal: Refused | Invalid | None = None) -> Response:
    with visit.unsigned() as tx:
        link = mailed.go_on(tx, token, proof=proof)
        template, read = SUBJECTS[link.kind]
        values = read(tx, link.object_id)
    wrong = {refusal.field_name: refusal.sentence} if isinstance(refusal, Invalid) else {}
    problem = problem_of(refusal) if refusal else None
    form = Typed({name: visit.text(name) for name in CARRIED}, wrong)
    return visit.page(
        template,
        status=problem.status if problem else 200,
        form=form,
        problem=problem if isinstance(refusal, Refused) else None,
        base=f"/a/{token}",
        proof=proof,
        limit=visit.runtime.place.settings.upload_megabytes,
        **values,
    )


def _wrong(visit: Visit, token: str, sentence: str) -> Response:
    """Ask again after wrong digits; raises Locked when that was the last try."""
    with visit.unsigned() as tx:
        mailed.look(tx, token)
    return _gate(visit, token, status=422, wrong=sentence)


def _gate(visit: Visit, token: str, *, status: int = 200, wrong: str = "", again: bool = False) -> Response:
    carried = [(name, visit.text(name)) for name in CARRIED if visit.text(name)]
    form = Typed({}, {"digits": wrong} if wrong else {})
    return visit.page(
        "link_digits.html", status=status, form=form, action=f"/a/{token}", carried=carried, again=again
    )


SUBJECTS: Mapping[str, tuple[str, Callable[[Transaction, str], dict[str, Any]]]] = {
    "penalty": ("link_decision.html", lambda tx, one: {"decision": decision(tx, one)}),
    "hearing": ("link_hearing.html", lambda tx, one: {"hearing": hearing(tx, one)}),
}
