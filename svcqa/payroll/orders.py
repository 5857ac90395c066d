"""Taking over a penalty's deduction once it is final, and giving it back. During an appeal nothing is taken.

An order that was given back is not executed; the penalty may then be contested, corrected or ordered again.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from states import Refused
from svcqa.kernel import audit
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import Transaction
from svcqa.organisation.access import Act, require

GIVE_BACK = Act("退回扣款", frozenset({"hr"}))
SHORTEST_REASON = 5

ENTER = insert(
    "deduction_order", "id penalty_id attempt person_id number kind amount_fen decided_at month entered_at"
)
RETURN = insert("order_return", "order_id reason returned_by returned_at")
ENTERED = Statement(
    "SELECT 1 FROM deduction_order o WHERE o.penalty_id = :penalty_id"
    " AND NOT EXISTS (SELECT 1 FROM order_return r WHERE r.order_id = o.id)"
)
ATTEMPTS = Statement("SELECT count(*) FROM deduction_order WHERE penalty_id = :penalty_id")
ORDER = Statement(
    "SELECT o.id, o.number, o.penalty_id, r.order_id AS returned FROM deduction_order o"
    " LEFT JOIN order_return r ON r.order_id = o.id WHERE o.id = :id"
)


def enter(
    tx: Transaction,
    *,
    penalty_id: str,
    person_id: str,
    number: str,
    kind: str,
    amount_fen: int,
    decided_at: datetime,
) -> dict[str, Any]:
    """Enter the deduction of a final penalty for the month it became final in, and return the row."""
    row: dict[str, Any] = {
        "id": new_id(),
        "penalty_id": penalty_id,
        "attempt": int(ATTEMPTS.one(tx, penalty_id=penalty_id)[0]) + 1,
        "person_id": person_id,
        "number": number,
        "kind": kind,
        "amount_fen": amount_fen,
        "decided_at": decided_at,
        "month": local_day(tx.now).strftime("%Y-%m"),
        "entered_at": tx.now,
    }
    ENTER.run(tx, **row)
    return row


def entered(tx: Transaction, penalty_ids: Iterable[str]) -> frozenset[str]:
    """Return which of these penalties payroll has taken over and not given back."""
    return frozenset(one for one in penalty_ids if ENTERED.one(tx, penalty_id=one))


def give_back(tx: Transaction, order_id: str, *, reason: str) -> str:
    """Give an order back as HR and return the number of its case; raises NotFound, Invalid, Refused."""
    require(tx.actor, GIVE_BACK, unit_id=None)
    order = ORDER.row(tx, id=order_id)
    if order is None:
        raise NotFound("没有这笔扣款。请从扣款台账重新进入。")
    if order["returned"]:
        raise Refused("returned", "这笔扣款已经退回，不需要再次退回。请刷新台账查看。")
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        raise Invalid("reason", f"请写明退回的原因，至少 {SHORTEST_REASON} 个字，客服主管会看到。")
    RETURN.run(tx, order_id=order_id, reason=said, returned_by=tx.actor.person_id, returned_at=tx.now)
    audit.record(
        tx,
        "payroll.order_returned",
        kind="deduction_order",
        id=order_id,
        facts={"number": order["number"], "penalty": order["penalty_id"]},
        texts={"reason": said},
    )
    return str(order["number"])
