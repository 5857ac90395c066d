"""The pages behind a mailed link, made for a thumb. Opening one shows nothing and writes nothing.

What the digits opened goes on by a proof in the form, for half an hour.
"""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from svcqa.casework import contesting, mailed
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import Transaction
from svcqa.web import mailed_pages
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)

DIGITS = "digits of a link"


@router.api_route("/a/{token}", methods=["GET", "HEAD"])
def gate(visit: AVisit, token: str) -> Response:
    """Ask for the digits."""
    with visit.unsigned() as tx:
        mailed.look(tx, token)
    return mailed_pages.gate(visit, token)


@router.post("/a/{token}")
def enter(visit: AVisit, token: str) -> Response:
    """Check the digits and show what the link is about."""
    visit.count_try(DIGITS)
    try:
        with visit.unsigned(writes=True) as tx:
            entered = mailed.enter(tx, token, digits=visit.text("digits"))
    except Invalid as mistyped:
        visit.count_miss(DIGITS)
        return mailed_pages.gate(visit, token, status=422, wrong=mistyped.sentence)
    if entered.wrong:
        visit.count_miss(DIGITS)
        return _wrong(visit, token, entered.wrong)
    return mailed_pages.entered(visit, token, entered.proof)


@router.get("/a/{token}/{act}")
def back(token: str, act: str) -> Response:  # noqa: ARG001 - whichever act the address names
    """Lead a reloaded answer back to the link."""
    return RedirectResponse(f"/a/{token}", 303)


@router.post("/a/{token}/appeal")
def appeal(visit: AVisit, token: str) -> Response:
    """File the appeal; sent twice, it is one appeal with one receipt."""

    def act(tx: Transaction, penalty_id: str) -> None:
        contesting.appeal(tx, penalty_id, reason=visit.text("reason"), how="link", files=visit.files("file"))

    return mailed_pages.act(visit, token, "penalty", act)


@router.post("/a/{token}/accept")
def accept(visit: AVisit, token: str) -> Response:
    """Record that there is no objection."""
    return mailed_pages.act(visit, token, "penalty", contesting.accept)


@router.post("/a/{token}/retract")
def retract(visit: AVisit, token: str) -> Response:
    """Take the appeal back."""
    return mailed_pages.act(visit, token, "penalty", contesting.retract)


@router.post("/a/{token}/statement")
def statement(visit: AVisit, token: str) -> Response:
    """Hand in what the respondent says."""

    def act(tx: Transaction, respondent_id: str) -> None:
        contesting.state_view(tx, respondent_id, text=visit.text("statement"), files=visit.files("file"))

    return mailed_pages.act(visit, token, "hearing", act)


def _wrong(visit: Visit, token: str, sentence: str) -> Response:
    """Ask again after wrong digits; raises Locked when that was the last try."""
    with visit.unsigned() as tx:
        mailed.look(tx, token)
    return mailed_pages.gate(visit, token, status=422, wrong=sentence)
