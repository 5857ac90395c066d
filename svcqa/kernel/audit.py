"""The audit chain: one event per change, in the change's own transaction, each hashed onto the last.

Format: RFC 8785 JSON without floats; leaf = SHA-256(0x00 ‖ json); link = SHA-256(domain ‖ link ‖ leaf).
Personal texts stay out of the event: it carries their salted hash, the text lies beside, erasable.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from svcqa.kernel.statements import Statement, insert

if TYPE_CHECKING:
    from svcqa.kernel.transaction import Transaction

DOMAIN = b"svcqa-audit-v1\n"
GENESIS = hashlib.sha256(DOMAIN + b"genesis").hexdigest()
LARGEST = 2**53 - 1

HEAD_SQLITE = Statement("SELECT size, chain FROM audit_head WHERE id = 1")
HEAD_LOCKED = Statement("SELECT size, chain FROM audit_head WHERE id = 1 FOR UPDATE")
MOVE_HEAD = Statement("UPDATE audit_head SET size = :size, chain = :chain WHERE id = 1")
APPEND = insert("audit_event", "seq at action object_kind object_id actor_id body leaf chain")
KEEP_TEXT = insert("audit_text", "seq name salt value")

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]


def plain(value: Any) -> Plain:
    """Turn a value into what canonical JSON may carry; refuses floats and unsafe integers (TypeError)."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST:
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    raise TypeError(
        f"an audit event cannot carry {value!r}: integers below 2^53, texts, days and moments only"
    )


def instant(at: datetime) -> str:
    """Write a moment as the chain does: UTC, microseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(body: Plain) -> str:
    """Write JSON so that equal values give equal bytes (RFC 8785; our keys are ASCII, floats never occur)."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def leaf_of(body: str) -> str:
    """Return the leaf hash of an event's JSON."""
    return hashlib.sha256(b"\x00" + body.encode()).hexdigest()


def link_of(previous: str, leaf: str) -> str:
    """Return the chain link that follows `previous`."""
    return hashlib.sha256(DOMAIN + bytes.fromhex(previous) + bytes.fromhex(leaf)).hexdigest()


def commitment(salt: str, value: str) -> str:
    """Return the salted hash by which an event vouches for a personal text."""
    return hashlib.sha256(salt.encode() + value.encode()).hexdigest()


def record(
    tx: "Transaction",
    action: str,
    *,
    kind: str,
    id: str,
    facts: Mapping[str, Any] | None = None,
    version: tuple[int, int] | None = None,
    texts: Mapping[str, str] | None = None,
) -> int:
    """Append one event to the chain and return its number.

    `facts` are business values without personal data; `texts` are personal and only committed to.
    """
    size, chain = (HEAD_SQLITE if tx.dialect == "sqlite" else HEAD_LOCKED).one(tx)
    seq = int(size) + 1
    salted = {name: (secrets.token_hex(16), text) for name, text in (texts or {}).items() if text}
    event: dict[str, Plain] = {
        **_who_and_when(tx),
        "v": 1,
        "seq": seq,
        "action": action,
        "object": {"kind": kind, "id": id},
        "version": list(version) if version else None,
        "facts": plain(facts or {}),
        "texts": {name: commitment(salt, text) for name, (salt, text) in salted.items()},
    }
    body = canonical(event)
    leaf = leaf_of(body)
    link = link_of(chain, leaf)
    by, at = tx.actor.person_id, event["at"]
    row = {"seq": seq, "at": at, "action": action, "object_kind": kind, "object_id": id, "actor_id": by}
    APPEND.run(tx, **row, body=body, leaf=leaf, chain=link)
    for name, (salt, text) in salted.items():
        KEEP_TEXT.run(tx, seq=seq, name=name, salt=salt, value=text)
    MOVE_HEAD.run(tx, size=seq, chain=link)
    return seq


def size(tx: "Transaction") -> int:
    """Return how many events the chain has."""
    return int(HEAD_SQLITE.one(tx)[0])


def _who_and_when(tx: "Transaction") -> dict[str, Plain]:
    actor = tx.actor
    return {
        "at": instant(tx.now),
        "actor": {"id": actor.person_id, "roles": plain(actor.roles), "via": actor.via},
        "request": actor.request_id,
    }
