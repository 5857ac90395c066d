"""Complaints in the order of what is due next, as plain rows for a list without pages. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import Transaction

BY_DUE = Statement(
    "SELECT number, state, subject, due_step, due_at, due_missing_year FROM complaint"
    " WHERE (:state = '' AND state <> 'closed' OR state = :state)"
    " AND (NOT :overdue OR due_at < :now)"
    " ORDER BY due_at IS NULL, due_at, id LIMIT :most"
)


@dataclass(frozen=True)
class DueLine:
    """A complaint with the step that is due; `due_missing_year` where it cannot be computed yet."""

    number: str
    state: str
    subject: str
    due_step: str
    due_at: datetime | None
    due_missing_year: int | None


def by_due(tx: Transaction, *, state: str = "", overdue: bool = False, most: int = 50) -> list[DueLine]:
    """Return the complaints of a state (all open ones when it is empty), the most urgent first."""
    rows = BY_DUE.rows(tx, state=state, overdue=overdue, now=tx.now, most=most)
    return [DueLine(**dict(with_moments(row))) for row in rows]
