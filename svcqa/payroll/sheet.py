"""The ledger sheet of deductions: the orders of a month with their sums, for those who execute or check them."""

from dataclasses import dataclass
from datetime import datetime

from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation.access import Act, require

READ = Act("查看扣款台账", frozenset({"hr", "supervisor", "auditor"}))

MONTHS = Statement("SELECT DISTINCT month FROM deduction_order ORDER BY month DESC")
ORDERS = Statement(
    "SELECT o.id, o.penalty_id, o.number, p.name, p.staff_number, o.kind, o.amount_fen, o.month, o.decided_at,"
    " o.entered_at, r.reason AS returned_because, EXISTS (SELECT 1 FROM deduction_order n"
    " WHERE n.penalty_id = o.penalty_id AND n.attempt > o.attempt) AS renewed"
    " FROM deduction_order o JOIN person p ON p.id = o.person_id"
    " LEFT JOIN order_return r ON r.order_id = o.id"
    " WHERE o.month = :month ORDER BY p.staff_number, o.number, o.id"
)


@dataclass(frozen=True)
class OrderLine:
    """A sum to take from one person, unless it was given back; `number` is the complaint it comes from."""

    id: str
    penalty_id: str
    number: str
    name: str
    staff_number: str
    kind: str
    amount_fen: int
    month: str
    decided_at: datetime
    entered_at: datetime
    returned_because: str | None
    renewed: bool


@dataclass(frozen=True)
class Sheet:
    """A month's orders; `months` are those that have any, the newest first."""

    month: str
    months: tuple[str, ...]
    lines: tuple[OrderLine, ...]

    @property
    def standing(self) -> tuple[OrderLine, ...]:
        """The orders to execute: those not given back."""
        return tuple(line for line in self.lines if line.returned_because is None)

    @property
    def total_fen(self) -> int:
        """The sum to take in the month."""
        return sum(line.amount_fen for line in self.standing)

    @property
    def persons(self) -> int:
        """How many persons the month hits."""
        return len({line.staff_number for line in self.standing})


def of_month(tx: Transaction, *, month: str) -> Sheet:
    """Return the orders of a month, the newest month with orders where none is asked for; raises Forbidden."""
    require(tx.actor, READ, unit_id=None)
    months = tuple(row[0] for row in MONTHS.run(tx).fetchall())
    month = month or next(iter(months), "")
    return Sheet(month, months, tuple(OrderLine(**row) for row in ORDERS.moments(tx, month=month)))
