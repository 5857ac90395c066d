"""What comes due by itself in the life of measures: the reminder, the due day that is over, the word to the heads.

Each is said once, also after days of downtime and with two sweepers.
"""

from collections.abc import Callable
from dataclasses import dataclass

from svcqa.improvement import standing, telling, terms
from svcqa.improvement.standing import Measure
from svcqa.kernel import audit
from svcqa.kernel.batches import Do, Row, until_done
from svcqa.kernel.calendar import local_day
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction, Workplace

RUNNING = ("proposed", "agreed", "in_progress")
_DUE = f"SELECT id, number FROM measure WHERE state IN {RUNNING}"  # noqa: S608 - code
NEAR = Statement(
    f"{_DUE} AND warned_at IS NULL AND warn_on <= :today AND due_on >= :today ORDER BY warn_on, id LIMIT :most"
)
OVER = Statement(f"{_DUE} AND overdue_at IS NULL AND due_on < :today ORDER BY due_on, id LIMIT :most")
LEFT = Statement(
    f"{_DUE} AND escalated_at IS NULL AND overdue_at IS NOT NULL AND due_on < :since ORDER BY due_on, id LIMIT :most"
)


@dataclass(frozen=True)
class Swept:
    """How much one sweep said; what failed is tried again by the next."""

    warned: int
    overdue: int
    escalated: int
    failed: int = 0


def sweep(place: Workplace) -> Swept:
    """Say everything that has come due, batch by batch, until nothing is left."""
    failed: set[str] = set()
    return Swept(
        warned=until_done(place, _near, _saying("near", "warned_at", telling.due), failed),
        overdue=until_done(place, _over, _saying("passed", "overdue_at", telling.overdue), failed),
        escalated=until_done(place, _left, _saying("escalated", "escalated_at", telling.escalated), failed),
        failed=len(failed),
    )


def _near(tx: Transaction, most: int) -> list[Row]:
    return NEAR.rows(tx, today=local_day(tx.now).isoformat(), most=most)


def _over(tx: Transaction, most: int) -> list[Row]:
    return OVER.rows(tx, today=local_day(tx.now).isoformat(), most=most)


def _left(tx: Transaction, most: int) -> list[Row]:
    since = local_day(tx.now) - terms.ESCALATE_AFTER
    return LEFT.rows(tx, since=since.isoformat(), most=most)


def _saying(said: str, column: str, tell: Callable[[Transaction, Measure], None]) -> Do:
    """Return what says one thing about a measure and keeps in its column that it was said.

    The version stays: who has the page open is not stopped by a reminder.
    """

    def say(tx: Transaction, row: Row) -> bool:
        measure = standing.load(tx, row["id"], locked=True)
        if measure.state not in RUNNING or getattr(measure, column):
            return False
        standing.keep(tx, measure, {column: tx.now})
        tell(tx, measure)
        audit.record(
            tx,
            "measure.alarm",
            kind="measure",
            id=measure.id,
            facts={"number": measure.number, "step": measure.state, "said": [said], column: tx.now},
        )
        return True

    return say
