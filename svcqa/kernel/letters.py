"""Reads of the outbox for lists, and what a person may do to a letter: send it again, say it arrived. Opens none."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from svcqa.kernel import audit
from svcqa.kernel.clock import SystemClock
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.ids import floor_of
from svcqa.kernel.statements import Statement, listed, moment, with_moments
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
HOW_KNOWN = 200
"""Characters at most to say how somebody knows that a letter arrived."""
DAY = timedelta(days=1)

NEWEST = Statement(
    "SELECT id, slug, recipient, recipient_name, subject, state, posted_at, sent_at, attempts, reply"
    " FROM outbox"
    " WHERE (:state = '' OR state = :state) ORDER BY id DESC LIMIT :most"
)
STATE = Statement("SELECT state, doubts FROM outbox WHERE id = :id")
AGAIN = Statement(
    "UPDATE outbox SET state = 'queued', next_at = :now, posted_at = :now, attempts = 0, doubts = 0,"
    " lease_until = NULL"
    " WHERE id = :id AND state IN ('failed', 'held')"
)
ARRIVED = Statement(
    "UPDATE outbox SET state = 'sent', sent_at = :now, reply = '人工确认已送达', lease_until = NULL"
    " WHERE id = :id AND state = 'held'"
)
PAUSED = Statement("SELECT reason FROM outbox_pause WHERE id = 1")
# The conditions are those of the two partial indexes: an outbox keeps the letters of years.
WAITING = Statement(
    "SELECT state, count(*), min(posted_at) FROM outbox WHERE state IN ('queued', 'claimed', 'data') GROUP BY state"
)
LYING = Statement(
    f"SELECT state, count(*) FROM outbox WHERE state IN ({listed(STUCK)}) GROUP BY state"  # noqa: S608 - code
)
SENT = Statement("SELECT count(*) FROM outbox WHERE id >= :floor AND state = 'sent'")


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


@dataclass(frozen=True)
class Stock:
    """How many letters stand in each state that is not the end, and since when the oldest of them waits to go.

    `sent` counts those of the last 24 hours only.
    """

    states: dict[str, int]
    oldest_at: datetime | None
    sent: int


def stock(tx: Transaction) -> Stock:
    """Count the letters without reading the many that were sent long ago."""
    waiting = WAITING.run(tx).fetchall()
    states = {row[0]: int(row[1]) for row in (*waiting, *LYING.run(tx).fetchall())}
    oldest = min((moment(row[2]) for row in waiting if row[2]), default=None)  # type: ignore[type-var]  # none is None
    sent = SENT.one(tx, floor=floor_of(SystemClock().now() - DAY))
    return Stock({state: states.get(state, 0) for state in STATES if state != "sent"}, oldest, int(sent[0]))


def send_again(tx: Transaction, letter_id: str) -> None:
    """Queue a failed or held letter once more, the same bytes; raises NotFound, Invalid for other states.

    Whoever decides this accepts that a held letter may arrive twice.
    """
    state, _ = _standing(tx, letter_id)
    if state not in STUCK:
        raise Invalid(
            "letter",
            f"这封邮件的状态是“{STATES[state]}”，不需要重发。只有发送失败或待人工处理的邮件可以重发。",
        )
    _demand_one(AGAIN.run(tx, id=letter_id, now=tx.now).rowcount)
    audit.record(tx, "mail.sent_again", kind="outbox", id=letter_id, facts={"was": state})


def arrived(tx: Transaction, letter_id: str, *, known_from: str) -> None:
    """Take a held letter for sent, since somebody found out that it arrived; raises NotFound, Invalid.

    It counts as sent from now on and not from when it left: what begins with its delivery ends later, never earlier.
    """
    state, doubts = _standing(tx, letter_id)
    if state != "held":
        sentence = f"这封邮件的状态是“{STATES[state]}”，不能确认送达。只有待人工处理的邮件可以由人确认。"
        raise Invalid("letter", sentence)
    if not doubts:
        raise Invalid("letter", "这封邮件的内容没有离开过系统，不可能已经送到。请排除原因后重新发送。")
    known_from = known_from.strip()
    if not 1 <= len(known_from) <= HOW_KNOWN:
        raise Invalid("known_from", f"请用 1 至 {HOW_KNOWN} 字写明怎样得知已经送到，例如收件人来电确认。")
    _demand_one(ARRIVED.run(tx, id=letter_id, now=tx.now).rowcount)
    audit.record(tx, "mail.arrived", kind="outbox", id=letter_id, texts={"known_from": known_from})


def _demand_one(changed: int) -> None:
    """Refuse what somebody else did to the letter since it was read."""
    if changed != 1:
        raise Invalid("letter", "这封邮件刚刚由别人处理过。请刷新后再看它的状态。")


def _standing(tx: Transaction, letter_id: str) -> tuple[str, int]:
    row = STATE.one(tx, id=letter_id)
    if row is None:
        raise NotFound(f"没有编号为 {letter_id} 的邮件。请从邮件列表中复制编号。")
    return str(row[0]), int(row[1])
