"""Reads for pages: plain frozen rows, never an ORM object, never a write."""

from dataclasses import dataclass

from states.complaint import APPEALED, OPEN
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

STATE_COUNTS = Statement("SELECT state, count FROM complaint_state_count")


@dataclass(frozen=True)
class NavCounts:
    """The counts of the side bar."""

    open: int
    appeals: int


def nav_counts(tx: Transaction) -> NavCounts:
    """Return how many complaints are open and how many appeals wait."""
    counts = {row[0]: int(row[1]) for row in STATE_COUNTS.run(tx).fetchall()}
    return NavCounts(sum(counts.get(state, 0) for state in OPEN), counts.get(APPEALED, 0))
