"""Signed-in browsers. The cookie's secret is never stored, only its SHA-256; the form token is derived from it.

Reading a session writes nothing. The door calls `mark_seen` when `mark_due`, at most once in five minutes,
in a transaction of its own: a personal read mark, no business row. Idleness is exact to these minutes.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from svcqa.kernel import audit
from svcqa.kernel.calendar import local_day
from svcqa.kernel.statements import moment
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import sql
from svcqa.organisation.models import Session

MARK_EVERY = timedelta(minutes=5)
SECRET_BYTES = 32


@dataclass(frozen=True)
class Signed:
    """A sign-in that went well: what the cookie and the forms carry, shown to nobody else."""

    person_id: str
    session_secret: str
    csrf: str
    must_change: bool


@dataclass(frozen=True)
class NotSigned:
    """A sign-in that was refused; commit all the same, the failure was counted."""

    sentence: str


@dataclass(frozen=True)
class SignedIn:
    """Who a cookie belongs to."""

    person_id: str
    session_id: str
    csrf: str
    must_change: bool
    mark_due: bool


def fingerprint(secret: str) -> str:
    """Return the only form in which a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(tx: Transaction, person_id: str, *, must_change: bool = False) -> Signed:
    """Open a session with a new secret; ends this person's expired ones."""
    sql.FORGET_EXPIRED.run(tx, person_id=person_id, now=tx.now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    expires_at = tx.now + timedelta(hours=tx.settings.session_hours)
    row = Session(
        id=fingerprint(secret), person_id=person_id, created_at=tx.now, seen_at=tx.now, expires_at=expires_at
    )
    tx.session.add(row)
    tx.session.flush()
    return Signed(person_id, secret, _csrf(secret), must_change)


def session(tx: Transaction, secret: str) -> SignedIn | None:
    """Return whose session this is, unless it is idle, over, ended, or its person left or was disabled."""
    row = sql.SESSION.row(
        tx,
        id=fingerprint(secret),
        now=tx.now,
        idle_since=tx.now - timedelta(minutes=tx.settings.session_idle_minutes),
        day=local_day(tx.now).isoformat(),
    )
    if row is None:
        return None
    seen_at = moment(row["seen_at"])
    due = seen_at is None or tx.now - seen_at >= MARK_EVERY
    return SignedIn(row["person_id"], row["id"], _csrf(secret), bool(row["must_change"]), due)


def mark_seen(tx: Transaction, session_id: str) -> None:
    """Note that the person was here just now."""
    sql.SESSION_SEEN.run(tx, id=session_id, now=tx.now)


def sign_out(tx: Transaction, signed_in: SignedIn) -> None:
    """End one session."""
    sql.END_SESSION.run(tx, id=signed_in.session_id)
    audit.record(tx, "session.ended", kind="person", id=signed_in.person_id, facts={"reason": "signed_out"})


def end_sessions(tx: Transaction, person_id: str, *, reason: str) -> int:
    """End all sessions of a person and return how many there were; `reason` is a word for the record."""
    ended = int(sql.END_SESSIONS.run(tx, person_id=person_id).rowcount)
    if ended:
        facts = {"reason": reason, "sessions": ended}
        audit.record(tx, "session.ended", kind="person", id=person_id, facts=facts)
    return ended


def end_every(tx: Transaction) -> None:
    """End every sign-in and void every one-time code that was not used: nobody knows which of them still count."""
    sql.END_EVERY_SESSION.run(tx)
    sql.VOID_EVERY_CODE.run(tx, now=tx.now)


def _csrf(secret: str) -> str:
    return hmac.new(secret.encode(), b"svcqa form token", hashlib.sha256).hexdigest()
