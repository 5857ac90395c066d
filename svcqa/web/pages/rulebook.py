"""The regulations as everybody may read them: the versions, and one version with all it says."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from states.complaint import STATES
from svcqa.assessment import showing
from svcqa.assessment.metrics import REGISTRY
from svcqa.kernel.calendar import local_day
from svcqa.rulebook import library
from svcqa.rulebook.model import DEDUCTIONS
from svcqa.rulebook.scheme import BANDS, CADENCES, NATURES, Scheme
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
    """Show all that one version says, and where its source is silent."""
    with visit.reading() as tx:
        parts = library.parts_by_hash(tx, version_hash)
        frame = visit.frame(tx, HERE)
    if parts.scheme is not None:
        return visit.page("scheme.html", tx_frame=frame, s=parts.scheme, **_words(parts.scheme))
    return visit.page(
        "regulation.html",
        tx_frame=frame,
        r=parts.regulation,
        states={state.name: state.label for state in STATES},
        deductions=DEDUCTIONS,
        told=TOLD,
    )


def _words(scheme: Scheme) -> dict[str, Any]:
    targets = {one.id: showing.target(REGISTRY[one.metric].scale, one.scoring) for one in scheme.indicators}
    return {"targets": targets, "natures": NATURES, "bands": BANDS, "cadences": CADENCES}
