"""The audit record as its readers page through it: who did what to which thing, with the links of the chain."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from svcqa.casework import snapshot
from svcqa.casework.event_labels import DOORS, THINGS, event_label
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, oversight, people
from svcqa.web.visit import AVisit

router = APIRouter()

MOST = 100
Cursor = Annotated[int, Query(ge=0, le=oversight.FIRST)]


@router.get("/audit")
def record(visit: AVisit, q: str = "", kind: str = "", object_id: str = "", before: Cursor = 0) -> Response:
    """List events, newest first: all, those of one complaint or person, or those of one object."""
    with visit.reading() as tx:
        access.require(tx.actor, oversight.READ_EVENTS, unit_id=None)
        about = (kind, object_id) if kind and object_id else _called(tx, q.strip())
        lines = oversight.events(tx, about=about, before=before, most=MOST + 1)
        frame = visit.frame(tx, "/audit")
    return visit.page(
        "audit.html",
        tx_frame=frame,
        lines=lines[:MOST],
        following=lines[MOST - 1].seq if len(lines) > MOST else 0,
        query={"q": q, "kind": kind, "object_id": object_id},
        label=event_label,
        doors=DOORS,
        things=THINGS,
    )


def _called(tx: Transaction, text: str) -> tuple[str, str] | None:
    """Return the object a reader names: a complaint by its number, a person by staff number or name."""
    if not text:
        return None
    if text.upper().startswith("TS-"):
        return "complaint", _complaint(tx, text.upper())
    found = people.find(tx, text)
    return "person", found[0].id if found else ""


def _complaint(tx: Transaction, number: str) -> str:
    try:
        return snapshot.load(tx, number).id
    except NotFound:
        return ""
