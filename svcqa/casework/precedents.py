"""What was decided under the same clause in the year before: spread and the nearest cases. Names nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from svcqa.casework.snapshot import Row
from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import Transaction

YEAR = timedelta(days=365)
MOST_COMPARED = 500
NEAREST = 3

SAME_CLAUSE = Statement(
    "SELECT k.number, p.final_hundredths, p.final_fen, p.decided_at, g.share, g.adjustments"
    " FROM charge g JOIN penalty p ON p.charge_id = g.id JOIN complaint k ON k.id = g.complaint_id"
    " WHERE g.clause_id = :clause AND g.complaint_id <> :id AND p.decided_at >= :since"
    " AND p.state IN ('decided', 'served', 'appealed', 'final', 'upheld', 'reduced')"
    " ORDER BY g.id DESC LIMIT :most"
)


@dataclass(frozen=True)
class Precedent:
    """An earlier decision under the same clause."""

    number: str
    hundredths: int
    fen: int
    decided_at: datetime


@dataclass(frozen=True)
class Spread:
    """Least, median and most of some figures, halves rounded up."""

    least: int
    middle: int
    most: int


@dataclass(frozen=True)
class Precedents:
    """How often, how much, and which came nearest: same share and circumstances first, then the newest."""

    count: int
    points: Spread
    fen: Spread
    nearest: tuple[Precedent, ...]


def of_charge(tx: Transaction, charge: Row) -> Precedents | None:
    """Return the precedents of a charge, or None where there are none; a full share is comparable to a full one."""
    found = SAME_CLAUSE.rows(
        tx, clause=charge["clause_id"], id=charge["complaint_id"], since=tx.now - YEAR, most=MOST_COMPARED
    )
    if not found:
        return None
    ordered = sorted(found, key=lambda row: _distance(row, charge))
    return Precedents(
        count=len(found),
        points=_spread([row["final_hundredths"] for row in found]),
        fen=_spread([row["final_fen"] for row in found]),
        nearest=tuple(map(_precedent, ordered[:NEAREST])),
    )


def _distance(row: Row, charge: Row) -> tuple[int, int]:
    other, own = set(row["adjustments"].split(",")), set(charge["adjustments"].split(","))
    return len(other ^ own), abs(row["share"] - charge["share"])


def _spread(figures: Sequence[int]) -> Spread:
    return Spread(min(figures), int(median(figures) + 0.5), max(figures))


def _precedent(row: Row) -> Precedent:
    decided_at = moment(row["decided_at"])
    if decided_at is None:
        raise ValueError(row["number"])
    return Precedent(row["number"], row["final_hundredths"], row["final_fen"], decided_at)
