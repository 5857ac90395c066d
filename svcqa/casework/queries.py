"""Reads for pages: plain frozen rows, never an ORM object, never a write."""

from dataclasses import dataclass

from states.complaint import APPEALED, OPEN
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

STATE_COUNTS = Statement("SELECT state, count FROM complaint_state_count")
OVERDUE = Statement("SELECT count(*) FROM complaint WHERE state != 'closed' AND due_at < :now")


@dataclass(frozen=True)
class NavCounts:
    """The counts of the side bar."""

    open: int
    appeals: int


def state_counts(tx: Transaction) -> dict[str, int]:
    """Return how many complaints stand in each state, as the steps that moved them have counted."""
    return {row[0]: int(row[1]) for row in STATE_COUNTS.run(tx).fetchall()}


def nav_counts(tx: Transaction) -> NavCounts:
    """Return how many complaints are open and how many appeals wait."""
    counts = state_counts(tx)
    return NavCounts(sum(counts.get(state, 0) for state in OPEN), counts.get(APPEALED, 0))


def open_counts(tx: Transaction) -> dict[str, int]:
    """Return how many complaints stand in each state before the last."""
    counts = state_counts(tx)
    return {state: counts.get(state, 0) for state in OPEN}


def overdue(tx: Transaction) -> int:
    """Return how many open complaints are past the deadline of their present step."""
    return int(OVERDUE.one(tx, now=tx.now)[0])
