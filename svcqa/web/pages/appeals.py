"""The appeals that wait for a reviewer; each is heard on the page of its case."""

from fastapi import APIRouter
from fastapi.responses import Response

from svcqa.assessment import contested
from svcqa.casework import pending
from svcqa.casework.worklist import horizon_of
from svcqa.kernel.errors import Forbidden
from svcqa.web.deadlines import step_chip
from svcqa.web.visit import AVisit

router = APIRouter()


@router.get("/appeals")
def listing(visit: AVisit) -> Response:
    """Show the appeals that wait, with the reason where the reader may not hear one."""
    with visit.reading() as tx:
        if "reviewer" not in tx.actor.roles:
            raise Forbidden("申诉复核由优质服务领导小组的复核人办理，你目前没有这个角色。")
        frame = visit.frame(tx, "/appeals")
        appeals = pending.appeals(tx)
        horizon = horizon_of(tx)
        chips = [
            step_chip(
                tx.calendar,
                now=tx.now,
                horizon=horizon,
                step="复核",
                due_at=each.due_at,
                missing_year=each.missing_year,
            )
            for each in appeals
        ]
        results = contested.results(tx)
        due = [
            step_chip(
                tx.calendar, now=tx.now, horizon=horizon, step="复核", due_at=each.due_at, missing_year=None
            )
            for each in results
        ]
    return visit.page(
        "appeals.html",
        tx_frame=frame,
        appeals=list(zip(appeals, chips, strict=True)),
        results=list(zip(results, due, strict=True)),
    )
