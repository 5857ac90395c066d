"""When the work that runs by itself last came round: the sweep, the courier, the checkpoint. Tells who is late.

What never came is not late: an installation may do without.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from svcqa.kernel.errors import Busy
from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace

SWEEP, COURIER, CHECKPOINT = "sweep", "courier", "checkpoint"
BEAT_SECONDS = 60.0
"""How often a courier shows that it is alive."""
LATE_AFTER = {
    COURIER: timedelta(seconds=3 * BEAT_SECONDS),
    SWEEP: timedelta(minutes=15),
    CHECKPOINT: timedelta(minutes=30),
}
"""More than two rounds have failed to come: of the courier's beat, of the five and ten minutes of `prefect.yaml`."""

NOTE = Statement(
    "INSERT INTO last_round (name, came_at) VALUES (:name, :now)"
    " ON CONFLICT (name) DO UPDATE SET came_at = excluded.came_at"
)
ALL = Statement("SELECT name, came_at FROM last_round")


def note(place: Workplace, name: str) -> None:
    """Write down that a round has come; where the database is busy the next one says it."""
    with suppress(Busy), place.transaction(SYSTEM) as tx:
        NOTE.run(tx, name=name, now=tx.now)


def since(tx: Transaction) -> dict[str, timedelta]:
    """Return how long ago each last came."""
    found: dict[str, datetime | None] = {row[0]: moment(row[1]) for row in ALL.run(tx).fetchall()}
    return {name: max(tx.now - at, timedelta()) for name, at in found.items() if at}


def late(tx: Transaction) -> dict[str, timedelta]:
    """Return what is late, with how long ago it last came."""
    return {name: ago for name, ago in since(tx).items() if ago > LATE_AFTER.get(name, timedelta.max)}
