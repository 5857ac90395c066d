"""The regulations as everybody may read them: the versions, and one version with all it says."""

from fastapi import APIRouter
from fastapi.responses import Response

from states.complaint import STATES
from svcqa.kernel.calendar import local_day
from svcqa.rulebook import library
from svcqa.rulebook.model import DEDUCTIONS
from svcqa.web.visit import AVisit

router = APIRouter()

HERE = "/rulebook"
TOLD = {"officer": "经办人", "unit_head": "单位负责人", "leading_group": "优质服务领导小组"}


@router.get("/rulebook")
def versions(visit: AVisit) -> Response:
    """List the published versions."""
    with visit.reading() as tx:
        published = library.versions(tx)
        today = local_day(tx.now)
        frame = visit.frame(tx, HERE)
    return visit.page("rulebook.html", tx_frame=frame, versions=published, today=today)


@router.get("/rulebook/{version_hash}")
def version(visit: AVisit, version_hash: str) -> Response:
    """Show one version: classes, clauses with their tariff, terms, and where its source is silent."""
    with visit.reading() as tx:
        regulation = library.by_hash(tx, version_hash)
        frame = visit.frame(tx, HERE)
    return visit.page(
        "regulation.html",
        tx_frame=frame,
        r=regulation,
        states={state.name: state.label for state in STATES},
        deductions=DEDUCTIONS,
        told=TOLD,
    )
