"""The clocks of a complaint: which step is due when, what happens when it is not done, and how they stop.

A day beyond the published calendar is never guessed: the clock then stands with the missing year.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from states.complaint import APPEALED, CLASSIFIED, CLOSED, LAW, PENALIZED, RECEIVED, VERIFIED
from svcqa.casework.change import Change
from svcqa.casework.snapshot import Case, Row
from svcqa.kernel.calendar import Calendar, Term, YearMissing
from svcqa.kernel.ids import new_id
from svcqa.rulebook.model import Regulation

REPLY, WINDOW, SERVE, CLOSE = "reply", "window", "serve", "close"
STEPS = {RECEIVED: "verify", VERIFIED: "classify", CLASSIFIED: "penalize", APPEALED: "review"}
CLOSE_TERM = Term.parse("2 working_days")
MORNING_BEFORE_MIDNIGHT = timedelta(hours=15)

Told = Literal["officer", "unit_head", "leading_group"]


@dataclass(frozen=True)
class Alarm:
    """Something the sweep says at a moment: that a step is near, is passed, or is pushed from above."""

    at: datetime
    saying: Literal["near", "passed", "expedite"]
    to: Told


def rule_of(regulation: Regulation, state: str) -> tuple[str, str, Term, str]:
    """Return step, label, term and rule of a state's deadline: the regulation's, else the law's default."""
    named = regulation.deadline(state)
    if named:
        return named.step, named.label, named.term, f"《{regulation.document.title}》{named.article}"
    default = LAW.state(state)
    return STEPS.get(state, SERVE), default.step, Term.parse(default.deadline), "系统默认时限"


def alarms(calendar: Calendar, regulation: Regulation, deadline: Row) -> list[Alarm]:
    """Return every alarm of a clock in order; raises YearMissing where a day is not published."""
    due, step = deadline["due_at"], deadline["step"]
    if step == WINDOW:
        return []
    if step == REPLY:
        days = regulation.customer_reply.alarms_days_before
        near = [Alarm(due - timedelta(days=n) - MORNING_BEFORE_MIDNIGHT, "near", "officer") for n in days]
        return [*near, Alarm(due, "passed", "officer"), Alarm(due, "expedite", "leading_group")]
    warn = calendar.warn_at(deadline["started_at"], due, float(regulation.warn_percent) / 100)
    later = [
        Alarm(due if e.after is None else calendar.add(due, e.after), "passed" if e.to == "officer" else "expedite", e.to)
        for e in regulation.escalation
    ]
    return [Alarm(warn, "near", "officer"), *later]


def next_alarm(calendar: Calendar, regulation: Regulation, deadline: Row) -> datetime | None:
    """Return when the sweep must look at this clock next, or None when it has said all."""
    if deadline["due_at"] is None:
        return None
    try:
        plan = alarms(calendar, regulation, deadline)
    except YearMissing:
        return deadline["due_at"] if deadline["level"] <= 1 else None
    return plan[deadline["level"]].at if deadline["level"] < len(plan) else None


def compute(calendar: Calendar, start: datetime, term: Term) -> tuple[datetime | None, int | None]:
    """Return (due, None), or (None, year) when the term runs into a year that is not published."""
    try:
        return calendar.due_at(start, term), None
    except YearMissing as missing:
        return None, missing.year


def start(
    change: Change, complaint_id: str, regulation: Regulation, *, step: str, label: str, term: Term, rule: str,
    due: tuple[datetime | None, int | None] | None = None,
) -> tuple[datetime | None, int | None]:
    """Start a clock now and return when it is due, or which year is missing."""
    tx = change.tx
    due_at, missing = due or compute(tx.calendar, tx.now, term)
    row: dict[str, Any] = {
        "id": new_id(), "complaint_id": complaint_id, "step": step, "label": label, "term": str(term), "rule": rule,
        "started_at": tx.now, "due_at": due_at, "missing_year": missing, "level": 0,
    }
    row["next_at"] = next_alarm(tx.calendar, regulation, row)
    change.add("deadline", row)
    return due_at, missing


def stop(change: Change, deadline: Row) -> None:
    """Stop a clock and keep what was left of it in working minutes (negative when it was over)."""
    tx, left = change.tx, None
    if deadline["due_at"] is not None:
        left = int(tx.calendar.remaining(tx.now, deadline["due_at"]).total_seconds() // 60)
    change.set("deadline", deadline["id"], ended_at=tx.now, left_minutes=left, next_at=None)


def enter(
    change: Change, case: Case, target: str, regulation: Regulation, penalties: list[Row], *, returning: bool,
) -> dict[str, Any]:
    """Stop the running step and start the one of the state entered; return the complaint's new columns."""
    late = bool(case.row["late"])
    for deadline in case.running:
        if deadline["step"] != REPLY:
            late = late or _over(change, deadline)
            stop(change, deadline)
    if target == CLOSED:
        return {"due_step": "", "due_at": None, "due_missing_year": None, "late": late}
    step, label, term, rule = rule_of(regulation, target)
    due = _left_of(change, case, step) if returning else None
    if target == PENALIZED:
        step, label, term, due = penalized_step(penalties, step, label, term)
    due_at, missing = start(change, case.id, regulation, step=step, label=label, term=term, rule=rule, due=due)
    return {"due_step": label, "due_at": due_at, "due_missing_year": missing, "late": late}


def penalized_step(
    penalties: list[Row], step: str, label: str, term: Term,
) -> tuple[str, str, Term, tuple[datetime | None, int | None] | None]:
    """Say which of its two waits a penalized case is in: to be served, or within a window; else to be closed."""
    if any(p["state"] == "decided" for p in penalties):
        return step, label, term, None
    windows = [p["window_ends_at"] for p in penalties if p["state"] == "served"]
    if windows:
        last = max(windows)
        return WINDOW, "申诉期", term, (last, None)
    return CLOSE, "办结", CLOSE_TERM, None


def _over(change: Change, deadline: Row) -> bool:
    return deadline["step"] != WINDOW and deadline["due_at"] is not None and change.tx.now > deadline["due_at"]


def _left_of(change: Change, case: Case, step: str) -> tuple[datetime | None, int | None] | None:
    """The step goes on with what was left when it was first finished; nothing is added."""
    ended = [d for d in case.deadlines if d["step"] == step and d["ended_at"] is not None]
    if not ended or ended[-1]["left_minutes"] is None:
        return None
    left = timedelta(minutes=ended[-1]["left_minutes"])
    if left <= timedelta(0):
        return ended[-1]["due_at"], None
    try:
        return change.tx.calendar.add_working(change.tx.now, left), None
    except YearMissing as missing:
        return None, missing.year
