"""The ledger sheet of deductions: what payroll is to take from whom in a month, and from which complaint it comes."""

from fastapi import APIRouter
from fastapi.responses import Response

from svcqa.payroll import sheet
from svcqa.rulebook.model import DEDUCTIONS
from svcqa.web.visit import AVisit

router = APIRouter()

HERE = "/payroll/orders"


@router.get("/payroll/orders")
def listing(visit: AVisit, month: str = "") -> Response:
    """List the deduction orders of a month with their sum."""
    with visit.reading() as tx:
        shown = sheet.of_month(tx, month=month)
        frame = visit.frame(tx, HERE)
    return visit.page("orders.html", tx_frame=frame, sheet=shown, kinds=DEDUCTIONS)
