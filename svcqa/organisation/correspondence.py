"""How a person is reached, and since when a letter counts as served. A bounce is noted here and calls nobody.

Served by mail: the relay accepted the letter, its mailbox was designated, 48 hours passed without a bounce
(Civil Code art. 137). Confirmed visits and paper service belong to the rooms above.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from svcqa.kernel import audit
from svcqa.kernel.errors import Duplicate, Forbidden, Invalid, NotFound
from svcqa.kernel.ids import new_id
from svcqa.kernel.models import OutboxLetter
from svcqa.kernel.statements import moment, with_moments
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, sql
from svcqa.organisation.models import AddressChange, Bounce, Person
from svcqa.organisation.people import typed

SERVED_AFTER = timedelta(hours=48)
MAILBOX = re.compile(r"[a-z0-9][a-z0-9._+-]*@(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}", re.ASCII)
LONGEST_MAILBOX = 254

PROPOSE = access.Act("提出更改邮箱", frozenset({"hr", "administrator", "system"}))
CONFIRM = access.Act("确认更改邮箱", frozenset({"hr", "administrator"}))
DESIGNATE = access.Act("登记指定邮箱", frozenset({"hr", "administrator", "system"}))


@dataclass(frozen=True)
class Address:
    """Where letters go; `designated` when the employee signed that mail to it counts."""

    email: str | None
    name: str
    designated: bool


@dataclass(frozen=True)
class Proposal:
    """A change of address that waits for a second person."""

    id: str
    person_id: str
    name: str
    old_email: str | None
    new_email: str
    proposed_by: str | None
    proposed_at: datetime


def address_of(tx: Transaction, person_id: str) -> Address:
    """Return where a person is reached; raises NotFound."""
    row = sql.ADDRESS.row(tx, id=person_id)
    if row is None:
        raise NotFound
    return Address(row["email"], row["name"], bool(row["designated"]))


def served_on(tx: Transaction, letter_id: str) -> datetime | None:
    """Return the moment a letter counts as served by mail, or None as long as it does not."""
    row = sql.ACCEPTED.row(tx, letter=letter_id)
    sent_at = moment(row["sent_at"]) if row else None
    if sent_at is None or tx.now < sent_at + SERVED_AFTER:
        return None
    return sent_at + SERVED_AFTER


def record_bounce(tx: Transaction, letter_id: str, *, reason: str) -> None:
    """Note that a letter was not delivered; raises NotFound for an unknown one."""
    if tx.session.get(OutboxLetter, letter_id) is None:
        raise NotFound
    tx.session.add(Bounce(id=new_id(), letter_id=letter_id, at=tx.now, reason=reason))
    tx.session.flush()
    audit.record(tx, "mail.bounced", kind="letter", id=letter_id, texts={"reason": reason})


def designate(tx: Transaction, person_id: str) -> None:
    """Record that the employee signed: mail to the present address counts as delivered."""
    access.require(tx.actor, DESIGNATE, unit_id=None)
    person = _person(tx, person_id)
    if person.email is None:
        raise Invalid("email", f"{person.name}还没有登记邮箱。请先登记邮箱，再登记其指定送达的确认。")
    person.mailbox_designated_at = tx.now
    tx.session.flush()
    audit.record(tx, "mailbox.designated", kind="person", id=person_id, texts={"email": person.email})


def verify_mailbox(tx: Transaction, person_id: str) -> None:
    """Record, once, that the person answered from a link mailed to the present address."""
    person = _person(tx, person_id)
    if person.mailbox_verified_at is None:
        person.mailbox_verified_at = tx.now
        tx.session.flush()
        audit.record(tx, "mailbox.verified", kind="person", id=person_id)


def propose_address(tx: Transaction, person_id: str, *, email: str) -> str:
    """Propose a new address, one's own or as HR, and return the proposal's id; it replaces an earlier one.

    Raises Invalid for what is no address and Duplicate for somebody else's.
    """
    if tx.actor.person_id != person_id:
        access.require(tx.actor, PROPOSE, unit_id=None)
    _person(tx, person_id)
    wanted = checked_email(email)
    _refuse_taken(tx, person_id, email=wanted)
    sql.WITHDRAW_PROPOSALS.run(tx, person_id=person_id)
    row = AddressChange(
        id=new_id(), person_id=person_id, new_email=wanted, proposed_by=tx.actor.person_id, proposed_at=tx.now
    )
    tx.session.add(row)
    tx.session.flush()
    audit.record(tx, "address.proposed", kind="person", id=person_id, texts={"email": wanted})
    return row.id


def confirm_address(tx: Transaction, proposal_id: str) -> None:
    """Let a proposed address take effect; the new mailbox has to be designated and verified anew.

    Forbidden to whom proposed it and to whom it belongs.
    """
    access.require(tx.actor, CONFIRM, unit_id=None)
    change = tx.session.get(AddressChange, proposal_id, with_for_update=True)
    if change is None or change.confirmed_at:
        raise NotFound
    if tx.actor.person_id in {change.proposed_by, change.person_id}:
        raise Forbidden("更改邮箱要由另一位同事确认：提出的人和邮箱本人都不能确认。")
    _refuse_taken(tx, change.person_id, email=change.new_email)
    _apply(tx, change, person=_person(tx, change.person_id))
    audit.record(tx, "address.changed", kind="person", id=change.person_id, texts={"email": change.new_email})


def proposals(tx: Transaction) -> list[Proposal]:
    """Return the changes of address that wait for a second person, oldest first."""
    return [Proposal(**dict(with_moments(row))) for row in sql.PROPOSALS.rows(tx)]


def checked_email(text: str) -> str:
    """Return an address as stored (lower case); raises Invalid on `email` for what mail cannot carry."""
    email = typed(text)
    if not MAILBOX.fullmatch(email) or len(email) > LONGEST_MAILBOX or ".." in email:
        raise Invalid("email", f"“{text}”不是可用的邮箱地址，请写成 name@example.com 的样子。")
    return email


def _apply(tx: Transaction, change: AddressChange, *, person: Person) -> None:
    change.old_email, change.old_designated_at = person.email, person.mailbox_designated_at
    change.confirmed_by, change.confirmed_at = tx.actor.person_id, tx.now
    person.email = change.new_email
    person.mailbox_designated_at = person.mailbox_verified_at = None
    tx.session.flush()


def _refuse_taken(tx: Transaction, person_id: str, *, email: str) -> None:
    if sql.ADDRESS_TAKEN.one(tx, email=email, id=person_id):
        raise Duplicate(f"邮箱“{email}”已登记在另一位同事名下，结果会寄给别人。请换一个本人专用的邮箱。")


def _person(tx: Transaction, person_id: str) -> Person:
    person = tx.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person
