"""What the mailed links of a cycle do: rate colleagues; acknowledge or contest the own result."""

from fastapi import APIRouter
from fastapi.responses import Response

from svcqa.assessment import contesting
from svcqa.kernel.transaction import Transaction
from svcqa.web import mailed_pages, rating_view
from svcqa.web.visit import AVisit

router = APIRouter(include_in_schema=False)


@router.post("/a/{token}/rate")
def rate(visit: AVisit, token: str) -> Response:
    """Keep what was chosen for one colleague, and show the next."""

    def act(tx: Transaction, sheet_id: str) -> None:
        rating_view.submit(tx, sheet_id, typed=visit.texts())

    return mailed_pages.act(visit, token, "rating", act)


@router.post("/a/{token}/choose")
def choose(visit: AVisit, token: str) -> Response:
    """Show the colleague who was chosen from the list."""
    return mailed_pages.look(visit, token)


@router.post("/a/{token}/acknowledge")
def acknowledge(visit: AVisit, token: str) -> Response:
    """Record that the own result was read."""
    return mailed_pages.act(visit, token, "result", contesting.acknowledge)


@router.post("/a/{token}/contest")
def contest(visit: AVisit, token: str) -> Response:
    """Contest the own result; sent twice, it is one appeal with one receipt."""

    def act(tx: Transaction, result_id: str) -> None:
        contesting.appeal(tx, result_id, reason=visit.text("reason"), how="link")

    return mailed_pages.act(visit, token, "result", act)
