"""Hints while a complaint is being registered: the same phone, or a subject in similar words. Decides nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from states.complaint import LAW
from svcqa.casework import cuts, visibility
from svcqa.casework.cuts import Cut
from svcqa.casework.duties import own_units
from svcqa.casework.searching import phone_index
from svcqa.casework.snapshot import Row
from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import Transaction

LOOK_BACK = timedelta(days=90)
MOST_COMPARED = 300
MOST_HINTS = 4
SIMILAR = 0.35
SHORTEST = 4

_LATELY = (
    "SELECT c.number, c.subject, c.state, c.received_at FROM complaint c"
    " WHERE {where} ORDER BY c.id DESC LIMIT :most"
)


@dataclass(frozen=True)
class Hint:
    """A complaint that may be the same; `same_phone` or similar words."""

    number: str
    subject: str
    state: str
    state_label: str
    received_at: datetime
    same_phone: bool


def hints(tx: Transaction, *, phone: str, subject: str) -> list[Hint]:
    """Return at most four complaints of the last 90 days that may be the one being registered."""
    scope = Cut() if visibility.sees_all(tx.actor) else cuts.either(*own_units(tx.actor))
    index = phone_index(tx, phone) if len(phone) >= SHORTEST else ""
    same = _lately(tx, scope & Cut(("c.phone_index = :phone",), {"phone": index})) if index else []
    numbers = {row["number"] for row in same}
    like = [row for row in _similar(tx, scope, subject) if row["number"] not in numbers]
    return [_hint(row, same_phone=row["number"] in numbers) for row in [*same, *like][:MOST_HINTS]]


def _similar(tx: Transaction, scope: Cut, subject: str) -> list[Row]:
    if len(subject) < SHORTEST:
        return []
    close = [(similarity(row["subject"], subject), row) for row in _lately(tx, scope)]
    return [row for likeness, row in sorted(close, key=lambda each: -each[0]) if likeness >= SIMILAR]


def similarity(one: str, other: str) -> float:
    """Return how alike two subjects are, from 0 to 1: the pairs of characters they share among all they have."""
    mine, theirs = _pairs(one), _pairs(other)
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


def _pairs(text: str) -> set[str]:
    letters = [char for char in text.lower() if char.isalnum()]
    return {"".join(pair) for pair in pairwise(letters)}


def _lately(tx: Transaction, cut: Cut) -> list[Row]:
    whole = cut & Cut(("c.received_at >= :since",), {"since": tx.now - LOOK_BACK})
    read = Statement(_LATELY.format(where=whole.text))
    return read.rows(tx, **whole.values, most=MOST_COMPARED)


def _hint(row: Row, *, same_phone: bool) -> Hint:
    received_at = moment(row["received_at"])
    if received_at is None:
        raise ValueError(row["number"])
    return Hint(
        row["number"], row["subject"], row["state"], LAW.state(row["state"]).label, received_at, same_phone
    )
