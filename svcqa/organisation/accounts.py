"""Signing in with name and password, and the life of an account. A failed sign-in is counted, so it returns.

Every refusal has one sentence and costs one hash, so that nobody learns which names exist.
"""

from dataclasses import dataclass
from datetime import timedelta

from svcqa.kernel import audit
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Forbidden, NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, passwords, sql
from svcqa.organisation.models import Account, Person
from svcqa.organisation.people import typed
from svcqa.organisation.sessions import NotSigned, Signed, end_sessions, open_session

FAILURES_TO_LOCK = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=4)
REFUSED = "工号（或邮箱）或密码不对，或账号暂停登录。请核对后再试；连续输错 5 次要等 15 分钟以上，急用请联系管理员。"

ADMINISTER = access.Act("管理账号", frozenset({"administrator", "system"}))


@dataclass(frozen=True)
class Attempt:
    """A name and a password that were compared with what was stored at that moment."""

    person_id: str | None
    right: bool
    compared_with: str
    stronger_hash: str | None


def examine(tx: Transaction, *, name: str, password: str) -> Attempt:
    """Compare a password with the one of a staff number or mail address; hashing takes about 50 ms.

    Writes nothing: a door examines in a reading transaction, so that hashing never holds the write lock.
    """
    entered = typed(name)
    row = sql.CREDENTIALS.row(tx, number=entered.upper(), email=entered)
    stored = row["password_hash"] if row else ""
    right, stronger = passwords.verify(password, stored)
    return Attempt(row["id"] if row else None, right, stored, stronger)


def admit(tx: Transaction, attempt: Attempt) -> Signed | NotSigned:
    """Open a session for an attempt that was right, or count the failure; commit in both cases."""
    account = account_of(tx, attempt.person_id or "")  # also asked for nobody: the same work for every name
    reason = _obstacle(tx, account) or ("" if _holds(account, attempt) else "wrong")
    if account is None or reason:
        if account and reason == "wrong":
            _count_failure(tx, account)
        record_refusal(tx, attempt.person_id, reason=reason)
        return NotSigned(REFUSED)
    account.password_hash = attempt.stronger_hash or account.password_hash
    return welcome(tx, account, how="password")


def sign_in(tx: Transaction, *, name: str, password: str) -> Signed | NotSigned:
    """Examine and admit in one transaction; holds the write lock while it hashes."""
    return admit(tx, examine(tx, name=name, password=password))


def set_password(tx: Transaction, person_id: str, password: str, *, must_change: bool = False) -> None:
    """Give an account its password and end its sessions: the person's own doing, or the terminal's.

    Raises Invalid on `password` when it is weak. An administrator hands out a one-time code instead.
    """
    if tx.actor.person_id != person_id and "system" not in tx.actor.roles:
        raise Forbidden("密码只能由本人设置。本人忘记密码时，请管理员发放一次性登录码。")
    person = _person(tx, person_id)
    mailbox = (person.email or "").partition("@")[0]
    passwords.refuse_weak(password, personal=(person.staff_number, person.name, person.pinyin, mailbox))
    account = account_of(tx, person_id) or Account(person_id=person_id)
    account.password_hash = passwords.hasher().hash(password)
    account.must_change = must_change
    _clear_failures(account)
    tx.session.add(account)
    tx.session.flush()
    audit.record(tx, "account.password_set", kind="person", id=person_id)
    end_sessions(tx, person_id, reason="password_set")


def disable(tx: Transaction, person_id: str) -> None:
    """Close an account and end its sessions at once; its API tokens stop too."""
    access.require(tx.actor, ADMINISTER, unit_id=None)
    account = account_of(tx, person_id) or Account(person_id=person_id)
    account.disabled_at = tx.now
    tx.session.add(account)
    tx.session.flush()
    audit.record(tx, "account.disabled", kind="person", id=person_id)
    end_sessions(tx, person_id, reason="account_disabled")


def enable(tx: Transaction, person_id: str) -> None:
    """Open a disabled or locked account again; raises NotFound when there is none."""
    access.require(tx.actor, ADMINISTER, unit_id=None)
    account = account_of(tx, person_id)
    if account is None:
        raise NotFound
    account.disabled_at = None
    _clear_failures(account)
    tx.session.flush()
    audit.record(tx, "account.enabled", kind="person", id=person_id)


def account_of(tx: Transaction, person_id: str) -> Account | None:
    """Return a person's account, locked for this transaction where the database locks rows."""
    return tx.session.get(Account, person_id, with_for_update=True)


def welcome(tx: Transaction, account: Account, *, how: str) -> Signed:
    """Forget earlier failures, record the sign-in (`how`: password or code) and open a session."""
    _clear_failures(account)
    tx.session.flush()
    texts = {"address": tx.actor.address}
    audit.record(
        tx, "account.signed_in", kind="person", id=account.person_id, facts={"how": how}, texts=texts
    )
    return open_session(tx, account.person_id, must_change=account.must_change)


def record_refusal(tx: Transaction, person_id: str | None, *, reason: str) -> None:
    """Record a failed sign-in. What was typed as the name is not kept: it may be a password."""
    texts = {"address": tx.actor.address}
    facts = {"reason": reason}
    audit.record(
        tx, "account.sign_in_failed", kind="person", id=person_id or "unknown", facts=facts, texts=texts
    )


def may_sign_in(tx: Transaction, account: Account) -> bool:
    """Tell whether the account is open: not disabled, not locked, its person has not left."""
    return not _obstacle(tx, account)


def _obstacle(tx: Transaction, account: Account | None) -> str:
    if account is None:
        return "unknown"
    who = sql.WHO.row(tx, id=account.person_id, day=local_day(tx.now).isoformat())
    if account.disabled_at:
        return "disabled"
    if account.locked_until_at and tx.now < account.locked_until_at:
        return "locked"
    return "" if who and who["employed"] else "left"


def _holds(account: Account | None, attempt: Attempt) -> bool:
    # Between examining and admitting the password may have been changed.
    return attempt.right and account is not None and account.password_hash == attempt.compared_with


def _count_failure(tx: Transaction, account: Account) -> None:
    account.failures += 1
    rounds, rest = divmod(account.failures, FAILURES_TO_LOCK)
    if rest == 0:
        account.locked_until_at = tx.now + min(FIRST_LOCK * 2 ** min(rounds - 1, 8), LONGEST_LOCK)
    tx.session.flush()


def _clear_failures(account: Account) -> None:
    account.failures = 0
    account.locked_until_at = None


def _person(tx: Transaction, person_id: str) -> Person:
    person = tx.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person
