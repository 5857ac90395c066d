"""Persons and units as those look them up who work with them: lists and the tree. Writes nothing."""

from collections import defaultdict
from dataclasses import dataclass

from svcqa.kernel.calendar import local_day
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.organisation.access import ROLES, Act, require
from svcqa.organisation.people import PersonCard, UnitCard

READ = Act("查看组织人员", frozenset({"officer", "supervisor", "hr", "auditor", "administrator"}))

BELOW = Statement("""
SELECT DISTINCT p.id, p.staff_number FROM person p
JOIN post o ON o.person_id = p.id AND o.from_on <= :day AND (o.until_on IS NULL OR o.until_on >= :day)
JOIN unit u ON u.id = o.unit_id AND substr(u.path, 1, length(:path)) = :path
WHERE p.left_on IS NULL OR p.left_on >= :day ORDER BY p.staff_number""")
ROLES_TODAY = Statement("""
SELECT person_id, role FROM role_grant
WHERE from_on <= :day AND (until_on IS NULL OR until_on >= :day)""")
HEADS = Statement("""
SELECT o.unit_id, p.name FROM post o JOIN person p ON p.id = o.person_id
WHERE o.post IN ('head', 'party_secretary') AND o.from_on <= :day
AND (o.until_on IS NULL OR o.until_on >= :day) ORDER BY o.post, p.staff_number""")


@dataclass(frozen=True)
class Listed:
    """A person in the list with the roles of today in words."""

    card: PersonCard
    roles: str


@dataclass(frozen=True)
class Branch:
    """A unit of the tree with its depth and the names of its heads."""

    unit: UnitCard
    depth: int
    heads: str


def search(tx: Transaction, *, text: str, unit: str) -> list[Listed]:
    """Return at most 20 persons by staff number, name or pinyin; or all of a unit (by code) and below."""
    require(tx.actor, READ, unit_id=None)
    roles: dict[str, list[str]] = defaultdict(list)
    for row in ROLES_TODAY.rows(tx, day=_today(tx)):
        roles[row["person_id"]].append(ROLES[row["role"]])
    cards = people.find(tx, text) if text.strip() else _of_unit(tx, unit)
    return [Listed(card, "、".join(sorted(roles[card.id]))) for card in cards]


def tree(tx: Transaction) -> list[Branch]:
    """Return all units, each below the one it belongs to."""
    require(tx.actor, READ, unit_id=None)
    heads: dict[str, list[str]] = defaultdict(list)
    for row in HEADS.rows(tx, day=_today(tx)):
        heads[row["unit_id"]].append(row["name"])
    return [
        Branch(unit, unit.path.count("/") - 2, "、".join(dict.fromkeys(heads[unit.id])))
        for unit in people.units(tx)
    ]


def _of_unit(tx: Transaction, code: str) -> list[PersonCard]:
    unit = people.unit_coded(tx, code) if code else None
    rows = BELOW.rows(tx, day=_today(tx), path=unit.path if unit else "/")
    return [people.card(tx, row["id"]) for row in rows]


def _today(tx: Transaction) -> str:
    return local_day(tx.now).isoformat()
