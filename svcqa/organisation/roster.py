"""Loading a roster: units by code, persons by staff number. Loading the same file again changes nothing.

What a file leaves out stays as it is. A changed mail address is only proposed: a second person confirms it.
"""

from collections import Counter
from datetime import date
from typing import Any

from sqlmodel import select

from svcqa.kernel import audit
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, grants
from svcqa.organisation.correspondence import proposals, propose_address
from svcqa.organisation.models import Person, Post, Unit
from svcqa.organisation.roster_file import PersonLine, PostLine, Roster, UnitLine
from svcqa.organisation.spelling import spell

LOAD = access.Act("载入花名册", frozenset({"administrator", "system"}))


def load(tx: Transaction, data: Roster) -> Counter[str]:
    """Enter a roster and return how many changes of each kind it made (`unit.entered`, `role.granted` …).

    Raises what the single services raise: Invalid for roles to be kept apart, Duplicate for a taken address.
    """
    access.require(tx.actor, LOAD, unit_id=None)
    done: Counter[str] = Counter()
    units = {row.code: row for row in tx.session.exec(select(Unit))}
    for unit_line in data.units:
        done[_unit(tx, unit_line, units=units)] += 1
    _settle_paths(tx, units)
    persons = {row.staff_number: row for row in tx.session.exec(select(Person))}
    for line in data.people:
        done[_person(tx, line, persons=persons)] += 1
        person = persons[line.staff_number]
        done[_address(tx, line, person=person)] += 1
        for post in line.posts:
            from_on = post.from_on or data.from_on
            done[_post(tx, post, person_id=person.id, unit_id=units[post.unit].id, from_on=from_on)] += 1
        done += _roles(tx, line, person_id=person.id, from_on=data.from_on)
    del done[""]
    return done


def _unit(tx: Transaction, line: UnitLine, *, units: dict[str, Unit]) -> str:
    parent = units[line.parent] if line.parent else None
    values: dict[str, Any] = {
        "name": line.name,
        "kind": line.kind,
        "parent_id": parent.id if parent else None,
    }
    row = units.get(line.code)
    if row is None:
        path = f"{parent.path if parent else '/'}{line.code}/"
        row = units[line.code] = Unit(id=new_id(), code=line.code, path=path, **values)
        return _keep(tx, row, "unit.entered", facts={"code": line.code, **values})
    return _change(tx, row, values, "unit.changed", facts={"code": line.code, **values})


def _settle_paths(tx: Transaction, units: dict[str, Unit]) -> None:
    by_id = {row.id: row for row in units.values()}

    def path(row: Unit) -> str:
        above = path(by_id[row.parent_id]) if row.parent_id else "/"
        return f"{above}{row.code}/"

    for row in units.values():
        row.path = path(row)
    tx.session.flush()


def _person(tx: Transaction, line: PersonLine, *, persons: dict[str, Person]) -> str:
    pinyin, initials = spell(line.name)
    values: dict[str, Any] = {
        "name": line.name,
        "pinyin": line.pinyin or pinyin,
        "initials": initials,
        "contract": line.contract,
        "left_on": line.left_on,
    }
    facts = {"contract": line.contract, "left_on": line.left_on}
    texts = {"staff_number": line.staff_number, "name": line.name, "email": line.email or ""}
    row = persons.get(line.staff_number)
    if row is not None:
        return _change(tx, row, values, "person.changed", facts=facts, texts=texts)
    row = Person(id=new_id(), staff_number=line.staff_number, email=line.email, **values)
    row.mailbox_designated_at = tx.now if line.designated and line.email else None
    persons[line.staff_number] = row
    return _keep(tx, row, "person.entered", facts={**facts, "designated": line.designated}, texts=texts)


def _address(tx: Transaction, line: PersonLine, *, person: Person) -> str:
    wanted = line.email
    if wanted is None or wanted == person.email:
        return ""
    if any(one.person_id == person.id and one.new_email == wanted for one in proposals(tx)):
        return ""
    propose_address(tx, person.id, email=wanted)
    return "address.proposed"


def _post(tx: Transaction, line: PostLine, *, person_id: str, unit_id: str, from_on: date) -> str:
    key: dict[str, Any] = {"person_id": person_id, "unit_id": unit_id, "post": line.post, "from_on": from_on}
    facts = {**key, "until_on": line.until_on}
    row = tx.session.exec(select(Post).filter_by(**key)).first()
    if row is None:
        return _keep(tx, Post(id=new_id(), until_on=line.until_on, **key), "post.given", facts=facts)
    return _change(tx, row, {"until_on": line.until_on}, "post.changed", facts=facts)


def _roles(tx: Transaction, line: PersonLine, *, person_id: str, from_on: date) -> Counter[str]:
    done: Counter[str] = Counter()
    held = {(one.role, one.from_on): one for one in grants.grants_of(tx, person_id)} if line.roles else {}
    for wanted in line.roles:
        begins = wanted.from_on or from_on
        present = held.get((wanted.role, begins))
        if present is None:
            grants.grant(tx, person_id, role=wanted.role, from_on=begins, until_on=wanted.until_on)
            done["role.granted"] += 1
        elif wanted.until_on and wanted.until_on != present.until_on:
            grants.revoke(tx, present.id, last_on=wanted.until_on)
            done["role.ended"] += 1
    return done


def _keep(
    tx: Transaction,
    row: Unit | Person | Post,
    action: str,
    *,
    facts: dict[str, Any],
    texts: dict[str, str] | None = None,
) -> str:
    tx.session.add(row)
    tx.session.flush()
    audit.record(tx, action, kind=action.partition(".")[0], id=row.id, facts=facts, texts=texts)
    return action


def _change(
    tx: Transaction,
    row: Unit | Person | Post,
    values: dict[str, Any],
    action: str,
    *,
    facts: dict[str, Any],
    texts: dict[str, str] | None = None,
) -> str:
    if all(getattr(row, name) == value for name, value in values.items()):
        return ""
    for name, value in values.items():
        setattr(row, name, value)
    return _keep(tx, row, action, facts=facts, texts=texts)
