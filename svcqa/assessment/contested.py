"""The contested results that wait for a reviewer, with who may not hear them and why. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from svcqa.assessment import contesting
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

MOST = 200
PENDING = Statement(
    "SELECT a.filed_at, r.person_id, c.number, c.title, c.confirmed_by, p.name AS appellant"
    " FROM appeal a JOIN result r ON r.id = a.object_id JOIN cycle c ON c.id = r.cycle_id"
    " JOIN person p ON p.id = r.person_id"
    " WHERE a.kind = 'result' AND a.state = 'pending' ORDER BY a.filed_at, a.id LIMIT :most"
)
COUNT = Statement("SELECT count(*) FROM appeal WHERE kind = 'result' AND state = 'pending'")


@dataclass(frozen=True)
class PendingResult:
    """A contested result that waits; `obstacle` says why the reader may not hear it, empty when they may."""

    number: str
    title: str
    person_id: str
    appellant: str
    filed_at: datetime
    due_at: datetime
    obstacle: str


def results(tx: Transaction) -> list[PendingResult]:
    """Return the contested results that wait, the oldest first."""
    return [
        PendingResult(
            number=row["number"],
            title=row["title"],
            person_id=row["person_id"],
            appellant=row["appellant"],
            filed_at=row["filed_at"],
            due_at=tx.calendar.due_at(row["filed_at"], contesting.REVIEW_TERM),
            obstacle=contesting.obstacle(tx, row["person_id"], confirmed_by=row["confirmed_by"]),
        )
        for row in PENDING.moments(tx, most=MOST)
    ]


def waiting(tx: Transaction) -> int:
    """Return how many contested results wait."""
    return int(COUNT.one(tx)[0])
