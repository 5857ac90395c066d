"""Reads of the outbox for lists, and what a person may do to a letter: send it again. Opens none."""

from dataclasses import dataclass
from datetime import datetime

from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import Transaction

STATES = {
    "queued": "待发",
    "claimed": "投递中",
    "data": "投递中",
    "sent": "已发出",
    "failed": "发送失败",
    "held": "待人工处理",
}
STUCK = frozenset({"failed", "held"})

NEWEST = Statement(
    "SELECT id, slug, recipient, recipient_name, subject, state, posted_at, sent_at, attempts, reply"
    " FROM outbox"
    " WHERE (:state = '' OR state = :state) ORDER BY id DESC LIMIT :most"
)
STATE = Statement("SELECT state FROM outbox WHERE id = :id")
AGAIN = Statement(
    "UPDATE outbox SET state = 'queued', next_at = :now, posted_at = :now, attempts = 0, doubts = 0,"
    " lease_until = NULL"
    " WHERE id = :id AND state IN ('failed', 'held')"
)
PAUSED = Statement("SELECT reason FROM outbox_pause WHERE id = 1")


@dataclass(frozen=True)
class LetterLine:
    """A letter as a list shows it; `reply` is what the relay last said."""

    id: str
    slug: str
    recipient: str
    recipient_name: str
    subject: str
    state: str
    posted_at: datetime
    sent_at: datetime | None
    attempts: int
    reply: str


def newest(tx: Transaction, *, state: str = "", most: int = 50) -> list[LetterLine]:
    """Return the newest letters, all or those in one state."""
    return [LetterLine(**dict(with_moments(row))) for row in NEWEST.rows(tx, state=state, most=most)]


def paused(tx: Transaction) -> str | None:
    """Return why the queue is paused, or None while it runs."""
    row = PAUSED.one(tx)
    return str(row[0]) if row else None


def send_again(tx: Transaction, letter_id: str) -> None:
    """Queue a failed or held letter once more, the same bytes; raises NotFound, Invalid for other states.

    Whoever decides this accepts that a held letter may arrive twice.
    """
    row = STATE.one(tx, id=letter_id)
    if row is None:
        raise NotFound(f"没有编号为 {letter_id} 的邮件。请从邮件列表中复制编号。")
    if row[0] not in STUCK:
        raise Invalid(
            "letter",
            f"这封邮件的状态是“{STATES[row[0]]}”，不需要重发。只有发送失败或待人工处理的邮件可以重发。",
        )
    AGAIN.run(tx, id=letter_id, now=tx.now)
    audit.record(tx, "mail.sent_again", kind="outbox", id=letter_id, facts={"was": row[0]})
