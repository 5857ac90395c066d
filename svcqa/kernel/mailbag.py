"""The outbox as delivery sees it (`notifications.mailbag.Mailbag`): claim with a lease and a fence, mark durably."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag

from notifications.mailbag import Letter, Mark
from svcqa.kernel import audit
from svcqa.kernel.attempts import done_again
from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import Actor, Transaction, Workplace

COURIER = Actor(person_id=None, name="邮件投递", roles=frozenset({"system"}), via="courier")

DUE = Statement(
    "SELECT id, state, fence, attempts, doubts, posted_at, sender, recipient, sealed FROM outbox"
    " WHERE state IN ('queued', 'claimed', 'data') AND next_at <= :now ORDER BY next_at, id LIMIT :most"
)
DUE_LOCKED = Statement(DUE.sqlite + " FOR UPDATE SKIP LOCKED")
CLAIM = Statement(
    "UPDATE outbox SET state = 'claimed', owner = :owner, fence = :fence, attempts = :attempts, doubts = :doubts,"
    " next_at = :until, lease_until = :until WHERE id = :id"
)
HOLD = Statement("UPDATE outbox SET state = 'held', reply = :reply WHERE id = :id")
UNREADABLE = (
    "这封邮件的内容无法解密：数据被改动，或 SVCQA_SECRET_KEY 已更换。恢复原来的密钥后，可以再次发送。"
)
MARK = Statement(
    "UPDATE outbox SET state = :state, reply = :reply, attempts = attempts + :tried, doubts = doubts + :doubted,"
    " next_at = :until, lease_until = :until, sent_at = :sent_at"
    " WHERE id = :id AND fence = :fence AND state IN ('claimed', 'data')"
)
PAUSED = Statement("SELECT 1 FROM outbox_pause WHERE id = 1")
PAUSE = Statement(
    "INSERT INTO outbox_pause (id, reason, since_at) VALUES (1, :reason, :now) ON CONFLICT DO NOTHING"
)
RESUME = Statement("DELETE FROM outbox_pause WHERE id = 1")


@dataclass(frozen=True)
class Outbox:
    """The stored mailbag of one workplace."""

    place: Workplace

    def now(self) -> datetime:
        """Return the present moment of the house's clock."""
        return self.place.clock.now()

    @done_again
    def claim(self, owner: str, limit: int, lease: timedelta) -> list[Letter]:
        """Take up to `limit` due letters for `owner`; those whose content may have left are in doubt once more.

        A letter whose bytes cannot be opened is held for a person; the others go.
        """
        with self.place.reading(COURIER) as tx:
            if DUE.one(tx, now=tx.now, most=1) is None:
                return []
        with self.place.transaction(COURIER) as tx:
            if PAUSED.one(tx) is not None:
                return []
            due = DUE_LOCKED if tx.dialect != "sqlite" else DUE
            found = due.run(tx, now=tx.now, most=limit).fetchall()
            return [letter for row in found if (letter := _take(tx, row, owner, lease))]

    @done_again
    def record(self, marks: Sequence[Mark]) -> list[bool]:
        """Store marks in one durable transaction; say for each whether its fence still held."""
        with self.place.transaction(COURIER) as tx:
            return [_mark(tx, mark) for mark in marks]

    def pause(self, reason: str) -> None:
        """Stop the queue until a person resumes it."""
        with self.place.transaction(COURIER) as tx:
            pause(tx, reason)


def pause(tx: Transaction, reason: str) -> None:
    """Stop the queue until a person resumes it; one that is paused stays so for its own reason."""
    if PAUSE.run(tx, reason=reason, now=tx.now).rowcount:
        audit.record(tx, "mail.paused", kind="outbox", id="queue", facts={"reason": reason})


def resume(tx: Transaction) -> None:
    """Let the queue go on."""
    if RESUME.run(tx).rowcount:
        audit.record(tx, "mail.resumed", kind="outbox", id="queue")


def _take(tx: Transaction, row: tuple[object, ...], owner: str, lease: timedelta) -> Letter | None:
    key, state, fence, attempts, doubts, posted_at, sender, recipient, sealed = row
    try:
        data = tx.seal.open(bytes(sealed))  # type: ignore[call-overload]  # the column holds bytes
    except InvalidTag:
        _hold(tx, str(key))
        return None
    again = int(state == "data")
    letter = Letter(
        id=str(key),
        fence=int(str(fence)) + 1,
        attempts=int(str(attempts)) + again,
        doubts=int(str(doubts)) + again,
        posted_at=moment(posted_at) or tx.now,  # type: ignore[arg-type]  # the column is never null
        sender=str(sender),
        recipient=str(recipient),
        data=data,
    )
    CLAIM.run(
        tx,
        id=letter.id,
        owner=owner,
        fence=letter.fence,
        attempts=letter.attempts,
        doubts=letter.doubts,
        until=tx.now + lease,
    )
    return letter


def _hold(tx: Transaction, letter_id: str) -> None:
    HOLD.run(tx, id=letter_id, reply=UNREADABLE)
    audit.record(tx, "mail.held", kind="outbox", id=letter_id, facts={"reply": UNREADABLE})


def _mark(tx: Transaction, mark: Mark) -> bool:
    reply = f"{mark.reply.code or ''} {mark.reply.text}".strip()
    done = MARK.run(
        tx,
        id=mark.letter.id,
        fence=mark.letter.fence,
        state=mark.state,
        reply=reply,
        tried=int(mark.tried),
        doubted=int(mark.doubted),
        until=mark.until or tx.now,
        sent_at=tx.now if mark.state == "sent" else None,
    )
    if done.rowcount == 1 and mark.state in ("held", "failed"):
        audit.record(tx, f"mail.{mark.state}", kind="outbox", id=mark.letter.id, facts={"reply": reply})
    return bool(done.rowcount == 1)
