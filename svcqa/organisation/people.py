"""Reads of persons and units as plain frozen rows for pages and upper rooms. Writes nothing."""

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import sql

MOST_FOUND = 20
SUFFIX_LENGTH = 4


@dataclass(frozen=True)
class PersonCard:
    """A person as pages show them; the unit is where they work today, None for a leaver or a partner."""

    id: str
    staff_number: str
    name: str
    unit_id: str | None
    unit_name: str
    email: str | None
    designated: bool
    left: bool


@dataclass(frozen=True)
class UnitCard:
    """A unit as pages show it; kind is company, branch, workshop, team or office."""

    id: str
    code: str
    name: str
    kind: str
    parent_id: str | None
    path: str


def card(tx: Transaction, person_id: str) -> PersonCard:
    """Return a person; raises NotFound."""
    row = sql.CARD.row(tx, id=person_id, day=_today(tx))
    if row is None:
        raise NotFound
    return _card(row)


def by_staff_number(tx: Transaction, number: str) -> PersonCard | None:
    """Return the person with this staff number, if there is one."""
    row = sql.CARD_BY_NUMBER.row(tx, number=typed(number).upper(), day=_today(tx))
    return _card(row) if row else None


def find(tx: Transaction, text: str) -> list[PersonCard]:
    """Return at most 20 persons by staff number, name, pinyin or its initials; leavers come last."""
    wanted = "".join(typed(text).replace("'", "").split())
    if not wanted:
        return []
    pattern = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = sql.CARDS_FOUND.rows(
        tx,
        number=f"{pattern.upper()}%",
        start=f"{pattern}%",
        part=f"%{pattern}%",
        exact=wanted.upper(),
        most=MOST_FOUND,
        day=_today(tx),
    )
    return [_card(row) for row in rows]


def heads_of(tx: Transaction, unit_id: str, on: date) -> list[PersonCard]:
    """Return the head and the party secretary of a unit on a day, in this order; two are usual."""
    rows = sql.CARDS_OF_HEADS.rows(tx, unit=unit_id, day=on.isoformat())
    return list(dict.fromkeys(_card(row) for row in rows))  # one person may be both


def holders(tx: Transaction, role: str) -> list[PersonCard]:
    """Return who was given a role that is in force today."""
    return [_card(row) for row in sql.CARDS_WITH_ROLE.rows(tx, role=role, day=_today(tx))]


def unit(tx: Transaction, unit_id: str) -> UnitCard:
    """Return a unit; raises NotFound."""
    row = sql.UNIT.row(tx, id=unit_id)
    if row is None:
        raise NotFound
    return UnitCard(**row)


def unit_coded(tx: Transaction, code: str) -> UnitCard | None:
    """Return the unit with this code, if there is one."""
    row = sql.UNIT_CODED.row(tx, code=typed(code))
    return UnitCard(**row) if row else None


def units(tx: Transaction) -> list[UnitCard]:
    """Return all units, each after the one it belongs to."""
    return [UnitCard(**row) for row in sql.UNITS.rows(tx)]


def staff_suffix_matches(tx: Transaction, person_id: str, digits: str) -> bool:
    """Tell whether these are the last four of the person's staff number, in constant time."""
    row = sql.STAFF_NUMBER.one(tx, id=person_id)
    suffix = str(row[0])[-SUFFIX_LENGTH:] if row else ""
    return hmac.compare_digest(suffix.encode(), typed(digits).upper().encode()) and bool(row)


def typed(text: str) -> str:
    """Return a typed name, number or address as stored: half-width, lower case, without outer spaces."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def _today(tx: Transaction) -> str:
    return local_day(tx.now).isoformat()


def _card(row: dict[str, Any]) -> PersonCard:
    return PersonCard(
        id=row["id"],
        staff_number=row["staff_number"],
        name=row["name"],
        unit_id=row["unit_id"],
        unit_name=row["unit_name"] or "",
        email=row["email"],
        designated=bool(row["designated"]),
        left=bool(row["gone"]),
    )
