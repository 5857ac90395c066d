"""Persons and units, to look up: by staff number, name or pinyin; the tree of units with their heads."""

from fastapi import APIRouter
from fastapi.responses import Response

from svcqa.organisation import directory
from svcqa.web.visit import AVisit

router = APIRouter()


@router.get("/people")
def listing(visit: AVisit, q: str = "", unit: str = "") -> Response:
    """List the people found, those of one unit, or everybody, beside the tree of units."""
    with visit.reading() as tx:
        shown = directory.search(tx, text=q, unit=unit)
        tree = directory.tree(tx)
        frame = visit.frame(tx, "/people")
    return visit.page("people.html", tx_frame=frame, people=shown, tree=tree, q=q, unit=unit)
