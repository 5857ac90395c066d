"""Taking over one complaint that another system kept: its row, its clocks, one audit event; no mail.

The steps elsewhere are not this house's history: the case stands here as it was handed over, open or closed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from states.complaint import CLOSED, NEW, RECEIVED
from svcqa.casework import clocks, sql
from svcqa.casework.change import Change
from svcqa.casework.entries import Entry
from svcqa.casework.registering import find, new_row, search_text
from svcqa.kernel import audit
from svcqa.kernel.calendar import Term, YearMissing
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook.model import Regulation

ORIGIN = CLOSED_HOW = "imported"
RULE = "导入"
GIVEN = ""  # the term of a clock whose end came with the file


def take_over(tx: Transaction, entry: Entry, *, regulation: Regulation, source: str, run: str) -> str:
    """Enter a complaint and return its number, or an empty text when it is already here."""
    form = entry.form
    if find(tx, source=source, external_id=form.external_id):
        return ""
    change = Change(tx)
    row = new_row(tx, form, regulation, source=source, origin=ORIGIN)
    row |= {"assignee_id": None, "received_at": entry.received_at}
    row["search_text"] = search_text(row["number"], form.external_id, form.subject)
    row |= _closed(change, entry, row) if entry.closed_at else _open(change, entry, row, regulation)
    change.add("complaint", row)
    facts = {"number": row["number"], "from": NEW, "to": row["state"], "import": run, "line": entry.line}
    texts = {"subject": form.subject, "narrative": form.narrative}
    audit.record(
        tx,
        "complaint.import",
        kind="complaint",
        id=row["id"],
        version=(0, 1),
        facts={**facts, "rows": change.rows},
        texts=texts,
    )
    sql.COUNT_STATE.run(tx, state=row["state"], by=1)
    return str(row["number"])


def _closed(change: Change, entry: Entry, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a case closed elsewhere; its clock, where one is known, stands ended."""
    if entry.due_at:
        clock = _clock(row, step=clocks.CLOSE, label="办结", term=GIVEN, rule=RULE, since=entry.received_at)
        left = _minutes_left(change.tx, entry.closed_at, entry.due_at)
        ended = {"due_at": entry.due_at, "level": 0, "ended_at": entry.closed_at, "left_minutes": left}
        change.add("deadline", {**clock, **ended})
    return {
        "state": CLOSED,
        "closed_how": CLOSED_HOW,
        "closed_at": entry.closed_at,
        "due_step": "",
        "due_at": entry.due_at,
        "late": entry.late,
        "answer_owed": False,  # the duty ended with the case, where it was closed
    }


def _open(change: Change, entry: Entry, row: Mapping[str, Any], regulation: Regulation) -> dict[str, Any]:
    """Return the columns of an open case: due as the file says, else by the regulation from its receipt."""
    step, label, term, rule = clocks.rule_of(regulation, RECEIVED)
    if entry.due_at:
        clock = _clock(row, step=step, label=label, term=GIVEN, rule=RULE, since=entry.received_at)
        clock |= {"due_at": entry.due_at, "missing_year": None}
    else:
        clock = _running(
            change.tx, row, step=step, label=label, term=term, rule=rule, since=entry.received_at
        )
    _add(change, regulation, clock)
    if row["answer_owed"]:
        reply = regulation.customer_reply
        _add(
            change,
            regulation,
            _running(
                change.tx,
                row,
                step=clocks.REPLY,
                label=clocks.REPLY_LABEL,
                term=reply.term,
                rule=reply.article,
                since=entry.received_at,
            ),
        )
    return {"due_step": label, "due_at": clock["due_at"], "due_missing_year": clock["missing_year"]}


def _running(
    tx: Transaction, row: Mapping[str, Any], *, step: str, label: str, term: Term, rule: str, since: datetime
) -> dict[str, Any]:
    due_at, missing = clocks.compute(tx.calendar, since, term)
    clock = _clock(row, step=step, label=label, term=str(term), rule=rule, since=since)
    return {**clock, "due_at": due_at, "missing_year": missing}


def _clock(
    row: Mapping[str, Any], *, step: str, label: str, term: str, rule: str, since: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "complaint_id": row["id"],
        "step": step,
        "label": label,
        "term": term,
        "rule": rule,
        "started_at": since,
    }


def _add(change: Change, regulation: Regulation, clock: dict[str, Any]) -> None:
    """Start a clock behind the alarms that were over before it came here: nobody is told of those."""
    calendar, now, due_at = change.tx.calendar, change.tx.now, clock["due_at"]
    plan, _ = clocks.alarms(calendar, regulation, clock) if due_at else ([], None)
    clock = {**clock, "level": sum(alarm.at <= now for alarm in plan)}
    next_at, waits_for = clocks.next_alarm(calendar, regulation, clock)
    if due_at and due_at <= now and not plan:
        waits_for = None  # its years lie before the calendar: no alarm of it is still to come
    change.add("deadline", {**clock, "next_at": next_at, "missing_year": waits_for})


def _minutes_left(tx: Transaction, closed_at: datetime | None, due_at: datetime) -> int | None:
    try:
        return int(tx.calendar.remaining(closed_at or tx.now, due_at).total_seconds() // 60)
    except YearMissing:
        return None
