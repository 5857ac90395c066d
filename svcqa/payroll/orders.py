"""Taking over a penalty's deduction once it is final. During an appeal nothing is taken, so nothing enters."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from svcqa.kernel.calendar import local_day
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import Transaction

ENTER = insert(
    "deduction_order", "id penalty_id person_id number kind amount_fen decided_at month entered_at"
)
ENTERED = Statement("SELECT 1 FROM deduction_order WHERE penalty_id = :penalty_id")


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
    """Return which of these penalties payroll has taken over."""
    return frozenset(one for one in penalty_ids if ENTERED.one(tx, penalty_id=one))
