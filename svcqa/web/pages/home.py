"""Where a person arrives."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from svcqa.web.visit import AVisit

router = APIRouter()

DESKS = frozenset({"officer", "supervisor", "reviewer"})


@router.get("/")
def home(visit: AVisit) -> RedirectResponse:
    """Lead to what waits for the person."""
    with visit.reading() as tx:
        at_a_desk = bool(tx.actor.roles & DESKS)
    return visit.go("/complaints?view=mine" if at_a_desk else "/me")
