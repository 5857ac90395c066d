"""What those who look after the house itself may see and do: the post that left, the queue, the record of events."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from svcqa.kernel import audit, letters, mailbag, opened_letter
from svcqa.kernel.errors import Invalid
from svcqa.kernel.letters import LetterLine
from svcqa.kernel.opened_letter import OpenedLetter
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import SYSTEM, Transaction
from svcqa.organisation.access import Act, require

READ_MAIL = Act("查看邮件记录", frozenset({"supervisor", "administrator"}))
RUN_MAIL = Act("管理邮件队列", frozenset({"administrator"}))
READ_EVENTS = Act("查看审计记录", frozenset({"auditor", "administrator"}))
UNSIGNED = frozenset({"web", "api", "link"})
"""The doors at which somebody acts who has not signed in: signing in itself, the digits of a link."""
FIRST = 2**62
"""Stands before the newest event; the chain counts from 1."""

_EVENTS = (
    "SELECT e.seq, e.at, e.action, e.object_kind, e.object_id, e.chain, e.body, p.name, o.name AS whose"
    " FROM audit_event e LEFT JOIN person p ON p.id = e.actor_id"
    " LEFT JOIN person o ON e.object_kind = 'person' AND o.id = e.object_id WHERE e.seq < :before"
)
EVENTS = Statement(f"{_EVENTS} ORDER BY e.seq DESC LIMIT :most")
EVENTS_ABOUT = Statement(
    f"{_EVENTS} AND e.object_kind = :kind AND e.object_id = :id ORDER BY e.seq DESC LIMIT :most"
)


@dataclass(frozen=True)
class EventLine:
    """One event of the audit chain; `number` and `whose` say which complaint or person it is about."""

    seq: int
    at: datetime
    actor: str
    action: str
    kind: str
    object_id: str
    number: str
    whose: str
    via: str
    link: str


def mails(tx: Transaction, *, state: str, text: str, before: str, most: int) -> list[LetterLine]:
    """Return letters newest first, filtered by state and by recipient or subject, after a cursor (an id)."""
    require(tx.actor, READ_MAIL, unit_id=None)
    values: dict[str, Any] = {"most": most}
    values |= {"state": state} if state else {}
    values |= {"before": before} if before else {}
    values |= {"part": f"%{_literal(text)}%"} if text else {}
    rows = _letters(frozenset(values)).rows(tx, **values)
    return [LetterLine(**dict(with_moments(row))) for row in rows]


def mail(tx: Transaction, letter_id: str) -> OpenedLetter:
    """Open one letter with its secrets masked; raises NotFound."""
    require(tx.actor, READ_MAIL, unit_id=None)
    return opened_letter.opened(tx, letter_id)


def send_again(tx: Transaction, letter_id: str) -> None:
    """Queue a failed or held letter once more; a held one may then arrive twice."""
    require(tx.actor, RUN_MAIL, unit_id=None)
    letters.send_again(tx, letter_id)


def arrived(tx: Transaction, letter_id: str, *, known_from: str) -> None:
    """Take a held letter for sent, since somebody found out that it arrived; raises NotFound, Invalid."""
    require(tx.actor, RUN_MAIL, unit_id=None)
    letters.arrived(tx, letter_id, known_from=known_from)


def pause(tx: Transaction, *, reason: str) -> None:
    """Stop the queue until somebody resumes it; raises Invalid without a reason."""
    require(tx.actor, RUN_MAIL, unit_id=None)
    if not reason.strip():
        raise Invalid("reason", "请写明暂停的原因，等待邮件的同事会看到它。")
    if mailbag.PAUSE.run(tx, reason=reason.strip(), now=tx.now).rowcount:
        audit.record(tx, "mail.paused", kind="outbox", id="queue", facts={"reason": reason.strip()})


def resume(tx: Transaction) -> None:
    """Let the queue go on."""
    require(tx.actor, RUN_MAIL, unit_id=None)
    mailbag.resume(tx)


def events(tx: Transaction, *, about: tuple[str, str] | None, before: int, most: int) -> list[EventLine]:
    """Return events newest first, all or those about one object (kind, id), after a cursor (their number)."""
    require(tx.actor, READ_EVENTS, unit_id=None)
    if about is None:
        rows = EVENTS.rows(tx, before=before or FIRST, most=most)
    else:
        rows = EVENTS_ABOUT.rows(tx, before=before or FIRST, most=most, kind=about[0], id=about[1])
    return [_event(row) for row in rows]


def nameless(via: str) -> str:
    """Return what somebody is called who acts at a door without being a person of the house."""
    if via == "cli":
        return "终端"
    return "未登录" if via in UNSIGNED else SYSTEM.name


@cache
def _letters(named: frozenset[str]) -> Statement:
    conditions = {
        "state": "state = :state",
        "before": "id < :before",
        "part": r"(recipient_name LIKE :part ESCAPE '\' OR recipient LIKE :part ESCAPE '\'"
        r" OR subject LIKE :part ESCAPE '\')",
    }
    where = " AND ".join(conditions[name] for name in sorted(named & set(conditions))) or "1 = 1"
    columns = ", ".join(LetterLine.__dataclass_fields__)
    return Statement(f"SELECT {columns} FROM outbox WHERE {where} ORDER BY id DESC LIMIT :most")  # noqa: S608 - code


def _event(row: dict[str, Any]) -> EventLine:
    body = json.loads(row["body"])
    via = str(body["actor"]["via"])
    return EventLine(
        seq=int(row["seq"]),
        at=datetime.fromisoformat(row["at"]),
        actor=row["name"] or nameless(via),
        action=row["action"],
        kind=row["object_kind"],
        object_id=row["object_id"],
        number=str(body["facts"].get("number", "")),
        whose=row["whose"] or "",
        via=via,
        link=row["chain"],
    )


def _literal(text: str) -> str:
    """Return a text in which the signs of LIKE stand for themselves."""
    return text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
