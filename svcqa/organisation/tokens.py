"""Keys of programs. A key acts with the rights of its owner, no more and no less; only its hash is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from svcqa.kernel import audit
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, sql
from svcqa.organisation.accounts import ADMINISTER
from svcqa.organisation.models import ApiToken
from svcqa.organisation.sessions import SECRET_BYTES, fingerprint

MARK = "svcqa_"  # lets scanners of code and logs recognise a key that leaked


@dataclass(frozen=True)
class TokenCard:
    """A key as the page of keys shows it."""

    id: str
    label: str
    created_at: datetime
    revoked_at: datetime | None


def issue_token(tx: Transaction, *, person_id: str, label: str) -> str:
    """Return a new key, shown this once; raises Invalid for an owner without any role."""
    access.require(tx.actor, ADMINISTER, unit_id=None)
    if not access.actor_of(tx, person_id, via="api").roles:
        raise Invalid("person_id", "这个账户没有任何角色，不能发放接口密钥。请先授予角色，或另选账户。")
    if not label.strip():
        raise Invalid("label", "请写明这个密钥给哪个系统用，例如“10050 热线平台”。")
    text = MARK + secrets.token_urlsafe(SECRET_BYTES)
    row = ApiToken(
        id=new_id(),
        person_id=person_id,
        label=label.strip(),
        secret_sha256=fingerprint(text),
        created_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    audit.record(tx, "token.issued", kind="api_token", id=row.id, facts={"person": person_id})
    return text


def token_owner(tx: Transaction, text: str) -> str | None:
    """Return the person a key acts for, unless it was revoked or its owner left or was disabled."""
    row = sql.TOKEN_OWNER.one(tx, sha256=fingerprint(text), day=local_day(tx.now).isoformat())
    return str(row[0]) if row else None


def revoke_token(tx: Transaction, token_id: str) -> None:
    """End a key; ending it again changes nothing."""
    access.require(tx.actor, ADMINISTER, unit_id=None)
    row = tx.session.get(ApiToken, token_id)
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = tx.now
        tx.session.flush()
        audit.record(tx, "token.revoked", kind="api_token", id=row.id, facts={"person": row.person_id})


def tokens_of(tx: Transaction, person_id: str) -> list[TokenCard]:
    """Return a person's keys, oldest first, without their text."""
    rows = tx.session.exec(select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id))
    return [TokenCard(row.id, row.label, row.created_at, row.revoked_at) for row in rows]
