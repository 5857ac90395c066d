"""Pieces of the list of complaints: conditions that lie in one index, and the prepared reads over them.

A wish with alternatives (several states, several duties) becomes several cuts, read side by side and merged.
"""
# ruff: noqa: S608 - the statements are put together from the texts of this room only, values are named

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import product
from typing import Any

from svcqa.casework.snapshot import Row
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

MOST_COUNTED = 1_000
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
LAST_ID = "g"  # ids are hexadecimal

_COLUMNS = (
    "c.id, c.number, c.subject, c.state, c.channel, c.regulation, c.class_id, c.complainant_sealed, c.origin,"
    " c.due_step, c.due_at, c.due_missing_year, c.received_at, c.updated_at, c.closed_at, c.closed_how, c.late,"
    " o.name AS officer"
)
_FROM = "FROM complaint c LEFT JOIN person o ON o.id = c.assignee_id"
_ENDINGS = {
    "undated": "c.due_at IS NULL AND c.id > :after_id ORDER BY c.due_at, c.id",  # as the indexes lie
    "dated": "(c.due_at, c.id) > (:after_at, :after_id) ORDER BY c.due_at, c.id",
    "closed": "(c.closed_at, c.id) < (:after_at, :after_id) ORDER BY c.closed_at DESC, c.id DESC",
}


@dataclass(frozen=True)
class Cut:
    """Conditions on `complaint c` that all hold, with the values they name."""

    where: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)

    def __and__(self, other: "Cut") -> "Cut":
        return Cut(self.where + other.where, {**self.values, **other.values})

    @property
    def text(self) -> str:
        """The conditions as SQL."""
        return " AND ".join(self.where) or "1 = 1"


@dataclass(frozen=True)
class Place:
    """A place in a sorted list: the moment and the id of the last row seen; `phase` names the order."""

    phase: str
    at: datetime
    id: str


# Written out as the partial indexes write it: SQLite uses one only where the condition stands word for word.
OPEN = Cut(("c.state <> 'closed'",))
CLOSED = Cut(("c.state = 'closed'",))


def one_of(column: str, name: str, values: Sequence[str]) -> Cut:
    """Return the condition that a column holds one of these values; `name` begins the parameters."""
    named = {f"{name}{place}": value for place, value in enumerate(values)}
    marks = ", ".join(f":{each}" for each in named)
    return Cut((f"{column} IN ({marks})",), named)


def about(column: str, name: str, values: Sequence[str]) -> Cut:
    """Return the condition that one of the respondents holds one of these values."""
    named = one_of(f"r.{column}", name, values)
    return Cut((f"c.id IN (SELECT r.complaint_id FROM respondent r WHERE {named.text})",), named.values)


def either(*alternatives: Cut) -> Cut:
    """Return the condition that at least one alternative holds; for alternatives that no index tells apart."""
    text = " OR ".join(cut.text for cut in alternatives)
    return Cut((f"({text})",), {name: value for cut in alternatives for name, value in cut.values.items()})


def crossed(*wishes: Iterable[Cut]) -> list[Cut]:
    """Return every combination of one alternative from each wish."""
    found = []
    for combination in product(*wishes):
        whole = Cut()
        for cut in combination:
            whole &= cut
        found.append(whole)
    return found


def rows(tx: Transaction, cuts: Iterable[Cut], *, after: Place, most: int) -> list[Row]:
    """Return the next rows of the cuts after a place, in the order of its phase, each once."""
    found: dict[str, Row] = {}
    for cut in cuts:
        read = _page(cut.text, after.phase)
        for row in read.moments(tx, **cut.values, **_start(after), most=most):
            found.setdefault(row["id"], row)
    key = {"undated": "id", "dated": "due_at", "closed": "closed_at"}[after.phase]
    return sorted(found.values(), key=lambda r: (r[key], r["id"]), reverse=after.phase == "closed")[:most]


def _start(after: Place) -> dict[str, Any]:
    return (
        {"after_id": after.id} if after.phase == "undated" else {"after_at": after.at, "after_id": after.id}
    )


def size(tx: Transaction, cuts: Sequence[Cut]) -> int:
    """Count the rows of the cuts, up to 1,000."""
    if len(cuts) == 1:
        return int(_count(cuts[0].text).one(tx, **cuts[0].values, most=MOST_COUNTED)[0])
    return tally(tx, cuts).total()


def tally(tx: Transaction, cuts: Iterable[Cut]) -> Counter[str]:
    """Count the rows of the cuts by state, up to 1,000 of each cut."""
    seen: dict[str, str] = {}
    for cut in cuts:
        seen.update(iter(_states(cut.text).run(tx, **cut.values, most=MOST_COUNTED).fetchall()))
    return Counter(dict(_most(Counter(seen.values()))))


def _most(counted: Counter[str]) -> Iterator[tuple[str, int]]:
    left = MOST_COUNTED
    for state, number in counted.items():
        yield state, min(number, left)
        left -= min(number, left)


def respondents(tx: Transaction, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the respondents of some complaints by complaint id: name and unit."""
    found: dict[str, list[tuple[str, str]]] = {}
    if ids:
        some = one_of("r.complaint_id", "id", ids)
        for complaint_id, name, unit in _respondents(some.text).run(tx, **some.values).fetchall():
            found.setdefault(complaint_id, []).append((name, unit or ""))
    return found


@cache
def _respondents(where: str) -> Statement:
    return Statement(
        "SELECT r.complaint_id, r.name, u.name FROM respondent r LEFT JOIN unit u ON u.id = r.unit_id"
        f" WHERE {where} ORDER BY r.id"
    )


@cache
def _page(where: str, phase: str) -> Statement:
    return Statement(f"SELECT {_COLUMNS} {_FROM} WHERE {where} AND {_ENDINGS[phase]} LIMIT :most")


@cache
def _count(where: str) -> Statement:
    return Statement(f"SELECT count(*) FROM (SELECT 1 FROM complaint c WHERE {where} LIMIT :most) AS counted")


@cache
def _states(where: str) -> Statement:
    return Statement(f"SELECT c.id, c.state FROM complaint c WHERE {where} LIMIT :most")
