"""Roles, and who may do what: the actor of a request and the one check before every move. Writes nothing."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Forbidden, NotFound
from svcqa.kernel.transaction import Actor, Transaction
from svcqa.organisation import people, sql
from svcqa.organisation.people import PersonCard

ROLES = {
    "officer": "经办人",
    "supervisor": "客服主管",
    "unit_head": "单位负责人",
    "employee": "员工",
    "reviewer": "复核人",
    "adviser": "督导顾问",
    "hr": "人劳部",
    "inspector": "检查员",
    "assessor": "第三方考评员",
    "auditor": "审计员",
    "administrator": "管理员",
    "api": "接口",
    "customer": "客户",
    "system": "系统",
}
DERIVED = frozenset({"employee", "unit_head"})
"""Follow from employment and from posts; nobody grants them."""
DOORS = frozenset({"customer", "system"})
"""Carried by a door, never by a person."""
GRANTED = frozenset(ROLES) - DERIVED - DOORS
SEPARATED = (frozenset({"administrator", "auditor"}),)
"""No person holds both at one time. Who advised on a case and may not review it is known to casework."""


class Move(Protocol):
    """What `require` needs to know of a move: its roles and what it is called."""

    @property
    def roles(self) -> frozenset[str]:
        """Who may do it."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...


@dataclass(frozen=True)
class Act:
    """Something only some roles may do that is no move of a life, such as giving a role."""

    label: str
    roles: frozenset[str]


def actor_of(tx: Transaction, person_id: str, *, via: str, request_id: str = "", address: str = "") -> Actor:
    """Return the actor with the roles and headed units of today; a leaver has none. Raises NotFound."""
    day = local_day(tx.now).isoformat()
    who = sql.WHO.row(tx, id=person_id, day=day)
    if who is None:
        raise NotFound
    roles: set[str] = set()
    units: frozenset[str] = frozenset()
    if who["employed"]:
        units = frozenset(row["id"] for row in sql.UNITS_HEADED.rows(tx, id=person_id, day=day))
        roles = {row["role"] for row in sql.ROLES_HELD.rows(tx, id=person_id, day=day)}
        roles |= {"unit_head"} if units else set()
        roles |= {"employee"} if who["contract"] != "external" else set()
    return Actor(
        person_id=person_id,
        name=who["name"],
        roles=frozenset(roles),
        units=units,
        via=via,
        request_id=request_id,
        address=address,
    )


def require(actor: Actor, move: Move, *, unit_id: str | None) -> None:
    """Refuse a move to whom it does not belong (Forbidden); a unit head may act for headed units only.

    Without a unit (None) the role of a unit head opens nothing.
    """
    fitting = actor.roles & move.roles
    if fitting - {"unit_head"} or (fitting and unit_id in actor.units):
        return
    if fitting:
        raise Forbidden(f"“{move.label}”只能由该单位或其上级单位的负责人办理，这件事不在你负责的单位。")
    names = "、".join(label for role, label in ROLES.items() if role in move.roles)
    raise Forbidden(f"“{move.label}”只能由{names}办理，你目前没有这个角色。如有需要，请联系管理员。")


def people_with_role(tx: Transaction, role: str) -> list[PersonCard]:
    """Return who holds a granted role today; raises ValueError for a role that is not granted to persons."""
    if role not in GRANTED:
        raise ValueError(f"{role!r} is not granted; ask people.heads_of for the heads of a unit")
    return people.holders(tx, role)


def ids_with_role(tx: Transaction, role: str) -> set[str]:
    """Return the person ids of those who hold a granted role today."""
    day = local_day(tx.now).isoformat()
    return {row[0] for row in sql.HOLDERS.run(tx, role=role, day=day).fetchall()}


def superiors_of(tx: Transaction, person_id: str, on: date) -> set[str]:
    """Return the heads and secretaries of a person's units and of all above, on a day, without the person."""
    return {row["person_id"] for row in sql.SUPERIORS.rows(tx, id=person_id, day=on.isoformat())}


def superiors_of_any(tx: Transaction, person_ids: AbstractSet[str]) -> set[str]:
    """Return everybody who is today the superior of one of these persons."""
    today = local_day(tx.now)
    return set().union(*(superiors_of(tx, one, today) for one in person_ids))
