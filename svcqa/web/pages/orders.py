"""The ledger sheet of deductions: what payroll is to take from whom in a month, and from which complaint it comes.

HR gives an order back with a reason; the supervisor may then order it anew.
"""

from fastapi import APIRouter
from fastapi.responses import Response

from svcqa.casework import ordering
from svcqa.kernel.errors import Invalid
from svcqa.payroll import orders, sheet
from svcqa.rulebook.model import DEDUCTIONS
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter()

HERE = "/payroll/orders"


@router.get("/payroll/orders")
def listing(visit: AVisit, month: str = "") -> Response:
    """List the deduction orders of a month with their sum."""
    return _sheet(visit, month)


@router.post("/payroll/orders/{order}/return")
def give_back(visit: AVisit, order: str) -> Response:
    """Give an order back to the department."""
    reason, month = visit.text("reason"), visit.text("month")
    try:
        with visit.transaction() as tx:
            number = orders.give_back(tx, order, reason=reason)
    except Invalid as wrong:
        form = Typed({"reason": reason}, {wrong.field_name: wrong.sentence}, prefix=order)
        return _sheet(visit, month, form=form, status=422)
    return visit.go(HERE, flash=f"{number} 的扣款已退回，不计入当月合计。")


@router.post("/payroll/orders/{penalty}/again")
def order_again(visit: AVisit, penalty: str) -> Response:
    """Order a deduction anew that was given back."""
    with visit.transaction() as tx:
        ordering.order_again(tx, visit.text("number"), penalty_id=penalty)
    return visit.go(HERE, flash="扣款已再次转人劳部，列入本月。")


def _sheet(visit: Visit, month: str, *, form: Typed | None = None, status: int = 200) -> Response:
    with visit.reading() as tx:
        shown = sheet.of_month(tx, month=month)
        roles = tx.actor.roles
        frame = visit.frame(tx, HERE)
    return visit.page(
        "orders.html",
        tx_frame=frame,
        status=status,
        sheet=shown,
        kinds=DEDUCTIONS,
        forms={
            one.id: form if form and form.prefix == one.id else Typed(prefix=one.id) for one in shown.lines
        },
        may_return=bool(roles & orders.GIVE_BACK.roles),
        may_order=bool(roles & ordering.AGAIN.roles),
    )
