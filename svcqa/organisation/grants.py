"""Giving and ending roles. Two roles that must stay apart never meet in one person on one day."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import select

from svcqa.kernel import audit
from svcqa.kernel.errors import Duplicate, Forbidden, Invalid, NotFound
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.organisation.access import GRANTED, ROLES, SEPARATED
from svcqa.organisation.models import Grant, Person
from svcqa.organisation.sessions import end_sessions

GRANT = access.Act("授予角色", frozenset({"administrator", "system"}))


@dataclass(frozen=True)
class GrantCard:
    """A role somebody holds, held or will hold; `until_on` is its last day."""

    id: str
    role: str
    label: str
    from_on: date
    until_on: date | None

    def meets(self, from_on: date, until_on: date | None) -> bool:
        """Tell whether the grant shares a day with a span."""
        return self.from_on <= (until_on or date.max) and from_on <= (self.until_on or date.max)


def grants_of(tx: Transaction, person_id: str) -> list[GrantCard]:
    """Return all grants of a person, past and coming ones too, oldest first."""
    rows = tx.session.exec(select(Grant).where(Grant.person_id == person_id).order_by(Grant.id))
    return [GrantCard(row.id, row.role, ROLES[row.role], row.from_on, row.until_on) for row in rows]


def grant(tx: Transaction, person_id: str, *, role: str, from_on: date, until_on: date | None = None) -> str:
    """Give a role from a day on and return the grant's id; sessions of the person end, the next one has it.

    Raises Invalid for a role nobody grants, an end before the beginning, or a role to be kept apart.
    """
    _check_actor(tx, person_id)
    if tx.session.get(Person, person_id) is None:
        raise NotFound
    if role not in GRANTED:
        allowed = "、".join(label for name, label in ROLES.items() if name in GRANTED)
        raise Invalid("role", f"角色“{ROLES.get(role, role)}”不能授予。可以授予的有：{allowed}。")
    _check_span(grants_of(tx, person_id), role=role, from_on=from_on, until_on=until_on)
    row = Grant(id=new_id(), person_id=person_id, role=role, from_on=from_on, until_on=until_on)
    tx.session.add(row)
    tx.session.flush()
    facts = {"person": person_id, "role": role, "from_on": from_on, "until_on": until_on}
    audit.record(tx, "role.granted", kind="grant", id=row.id, facts=facts)
    end_sessions(tx, person_id, reason="role_granted")
    return row.id


def revoke(tx: Transaction, grant_id: str, *, last_on: date) -> None:
    """Set an earlier last day of a role (yesterday ends it at once); sessions of the person end."""
    row = tx.session.get(Grant, grant_id)
    if row is None:
        raise NotFound
    _check_actor(tx, row.person_id)
    if row.until_on and last_on > row.until_on:
        raise Invalid("last_on", "这里只能提前结束角色。要延长，请从原结束日的次日起另授一次。")
    row.until_on = last_on
    tx.session.flush()
    facts = {"person": row.person_id, "role": row.role, "until_on": last_on}
    audit.record(tx, "role.ended", kind="grant", id=row.id, facts=facts)
    end_sessions(tx, row.person_id, reason="role_ended")


def _check_actor(tx: Transaction, person_id: str) -> None:
    access.require(tx.actor, GRANT, unit_id=None)
    if tx.actor.person_id == person_id:
        raise Forbidden("不能更改自己的角色，请由另一位管理员办理。")


def _check_span(grants: list[GrantCard], *, role: str, from_on: date, until_on: date | None) -> None:
    if until_on and until_on < from_on:
        raise Invalid("until_on", "角色的结束日期早于开始日期，请核对两个日期。")
    for held in grants:
        if not held.meets(from_on, until_on):
            continue
        if held.role == role:
            raise Duplicate(f"这段时间已有“{held.label}”角色（{held.from_on} 起），请先结束它或改开始日期。")
        if frozenset({role, held.role}) in SEPARATED:
            sentence = f"“{ROLES[role]}”与“{held.label}”必须由不同的人担任。请先结束后者，或指定另一个人。"
            raise Invalid("role", sentence)
