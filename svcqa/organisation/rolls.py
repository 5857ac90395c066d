"""Everybody at once, for whoever reads thousands of lines: staff numbers, unit codes, posts. Writes nothing."""

from datetime import date
from typing import NamedTuple

from svcqa.kernel.transaction import Transaction
from svcqa.organisation import sql


class Held(NamedTuple):
    """A post somebody holds or held; without `until_on` it has no end."""

    person_id: str
    unit_id: str
    from_on: date
    until_on: date | None


def staff_numbers(tx: Transaction) -> dict[str, str]:
    """Return the person id of every staff number, leavers too."""
    return {str(number): str(id) for number, id in sql.STAFF_NUMBERS.run(tx).fetchall()}


def posts(tx: Transaction) -> list[Held]:
    """Return all posts, of one person first what counts as home: membership before offices, then the oldest."""
    rows = sql.POSTS.run(tx).fetchall()
    return [
        Held(person, unit, _day(begins), _day(ends) if ends else None) for person, unit, begins, ends in rows
    ]


def _day(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
