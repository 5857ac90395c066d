"""One-time codes for a first sign-in and for the first administrator: 24 hours, one use, only the hash is kept."""

import secrets
from datetime import timedelta

from svcqa.kernel import audit
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, sql
from svcqa.organisation.accounts import ADMINISTER, account_of, may_sign_in, record_refusal, welcome
from svcqa.organisation.models import Account, OneTimeCode, Person
from svcqa.organisation.people import typed
from svcqa.organisation.sessions import NotSigned, Signed, fingerprint

LASTS = timedelta(hours=24)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that is misread
LENGTH = 12
MISREAD = str.maketrans("OIL", "011", "- ")
REFUSED = "工号或一次性登录码不对，或登录码已用过、已过期。登录码 24 小时内有效，请联系管理员重新发放。"


def issue_code(tx: Transaction, person_id: str) -> str:
    """Return a new code such as `7K3M-9QXD-2WBA` to hand over once; earlier ones die."""
    access.require(tx.actor, ADMINISTER, unit_id=None)
    if tx.session.get(Person, person_id) is None:
        raise NotFound
    sql.VOID_CODES.run(tx, person_id=person_id, now=tx.now)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    row = OneTimeCode(id=fingerprint(code), person_id=person_id, created_at=tx.now, expires_at=tx.now + LASTS)
    tx.session.add(row)
    tx.session.flush()
    audit.record(tx, "code.issued", kind="person", id=person_id, facts={"expires_at": row.expires_at})
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def redeem_code(tx: Transaction, *, name: str, code: str) -> Signed | NotSigned:
    """Sign in once with staff number (or mail address) and code; a password must be set next. Commit in both cases."""
    entered = typed(name)
    who = sql.CREDENTIALS.row(tx, number=entered.upper(), email=entered)
    entry = fingerprint(typed(code).upper().translate(MISREAD))
    row = tx.session.get(OneTimeCode, entry, with_for_update=True)
    if row is None or who is None or row.person_id != who["id"] or row.used_at or row.expires_at <= tx.now:
        return _refuse(tx, who["id"] if who else None)
    account = account_of(tx, row.person_id) or Account(person_id=row.person_id)
    if not may_sign_in(tx, account):
        return _refuse(tx, row.person_id)
    row.used_at = tx.now
    account.must_change = True
    tx.session.add(account)
    return welcome(tx, account, how="code")


def _refuse(tx: Transaction, person_id: str | None) -> NotSigned:
    record_refusal(tx, person_id, reason="code")
    return NotSigned(REFUSED)
