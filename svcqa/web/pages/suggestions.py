"""Suggestions while a person's number, name or pinyin is typed, as a fragment. For those who name people in forms."""

from fastapi import APIRouter
from fastapi.responses import Response

from svcqa.casework import visibility
from svcqa.organisation import people
from svcqa.web.visit import AVisit

router = APIRouter()

MOST = 8


@router.get("/people/suggest")
def suggest(visit: AVisit, q: str = "") -> Response:
    """Show who is meant, at most eight, without those who left."""
    with visit.reading() as tx:
        found = people.find(tx, q[:40]) if visibility.sees_any(tx.actor) else []
    return visit.page("suggestions.html", people=[one for one in found if not one.left][:MOST])
