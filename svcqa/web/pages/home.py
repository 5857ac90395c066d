"""Where a person arrives, and how a supervisor of processes learns that the door is open."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, RedirectResponse

from svcqa.web.visit import AVisit

router = APIRouter()

DESKS = frozenset({"officer", "supervisor", "reviewer"})


@router.get("/")
def home(visit: AVisit) -> RedirectResponse:
    """Lead to what waits for the person."""
    with visit.reading() as tx:
        at_a_desk = bool(tx.actor.roles & DESKS)
    return visit.go("/complaints?view=mine" if at_a_desk else "/me")


@router.get("/healthz")
def healthz(visit: AVisit) -> PlainTextResponse:
    """Say ok when the database answers."""
    with visit.unsigned() as tx:
        tx.connection.exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok")
