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
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook.model import Regulation

REPLY, WINDOW, SERVE, CLOSE = "reply", "window", "serve", "close"
STEPS = {RECEIVED: "verify", VERIFIED: "classify", CLASSIFIED: "penalize", APPEALED: "review"}
REPLY_LABEL = "答复客户"
DEFAULT_RULE = "系统默认时限"
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
    return STEPS.get(state, SERVE), default.step, Term.parse(default.deadline), DEFAULT_RULE


def alarms(calendar: Calendar, regulation: Regulation, deadline: Row) -> tuple[list[Alarm], int | None]:
    """Return the alarms of a clock in order, and the unpublished year that hides the rest of them."""
    due, step, started = deadline["due_at"], deadline["step"], deadline["started_at"]
    if step == WINDOW:
        return [], None
    if step == REPLY:
        days = sorted(regulation.customer_reply.alarms_days_before, reverse=True)
        near = [Alarm(due - timedelta(days=n) - MORNING_BEFORE_MIDNIGHT, "near", "officer") for n in days]
        return [*near, Alarm(due, "passed", "officer"), Alarm(due, "expedite", "leading_group")], None
    # A step that comes back after its time is due at once: there is no quarter left to warn in.
    try:
        warn = calendar.warn_at(started, due, float(regulation.warn_percent) / 100) if started < due else due
    except YearMissing as missing:  # a clock whose end came with an import
        return [], missing.year
    plan = [Alarm(warn, "near", "officer")]
    for step_up in regulation.escalation:
        try:
            at = due if step_up.after is None else calendar.add(due, step_up.after)
        except YearMissing as missing:
            return plan, missing.year
        plan.append(Alarm(at, "passed" if step_up.to == "officer" else "expedite", step_up.to))
    return plan, None


def next_alarm(
    calendar: Calendar, regulation: Regulation, deadline: Row
) -> tuple[datetime | None, int | None]:
    """Return when the sweep must look at this clock next (None: all is said), and the year it waits for."""
    if deadline["due_at"] is None:
        return None, deadline["missing_year"]
    plan, missing = alarms(calendar, regulation, deadline)
    return moment_of(plan, deadline["level"]), missing


def moment_of(plan: list[Alarm], level: int) -> datetime | None:
    """Return when the alarm after so many is due; None when all is said."""
    return plan[level].at if level < len(plan) else None


def compute(calendar: Calendar, start: datetime, term: Term) -> tuple[datetime | None, int | None]:
    """Return (due, None), or (None, year) when the term runs into a year that is not published."""
    try:
        return calendar.due_at(start, term), None
    except YearMissing as missing:
        return None, missing.year


def start(
    change: Change,
    complaint_id: str,
    regulation: Regulation,
    *,
    step: str,
    label: str,
    term: Term,
    rule: str,
    due: tuple[datetime | None, int | None] | None = None,
) -> tuple[datetime | None, int | None]:
    """Start a clock now and return when it is due, or which year is missing."""
    tx = change.tx
    due_at, missing = due or compute(tx.calendar, tx.now, term)
    row: dict[str, Any] = {
        "id": new_id(),
        "complaint_id": complaint_id,
        "step": step,
        "label": label,
        "term": str(term),
        "rule": rule,
        "started_at": tx.now,
        "due_at": due_at,
        "missing_year": missing,
        "level": 0,
    }
    row["next_at"], row["missing_year"] = next_alarm(tx.calendar, regulation, row)
    change.add("deadline", row)
    return due_at, missing


def start_reply(change: Change, complaint_id: str, regulation: Regulation) -> None:
    """Start the customer's clock now."""
    reply = regulation.customer_reply
    start(
        change, complaint_id, regulation, step=REPLY, label=REPLY_LABEL, term=reply.term, rule=reply.article
    )


def stop_reply(change: Change, case: Case) -> None:
    """Stop the customer's clock where it runs."""
    for deadline in case.running:
        if deadline["step"] == REPLY:
            stop(change, deadline)


def stop(change: Change, deadline: Row) -> None:
    """Stop a clock and keep what was left of it in working minutes (negative when it was over)."""
    left = _left_minutes(change.tx, deadline)
    change.set("deadline", deadline["id"], ended_at=change.tx.now, left_minutes=left, next_at=None)


def _left_minutes(tx: Transaction, deadline: Row) -> int | None:
    if deadline["due_at"] is None:
        return None
    try:
        return int(tx.calendar.remaining(tx.now, deadline["due_at"]).total_seconds() // 60)
    except YearMissing:
        return None


def enter(
    change: Change, case: Case, target: str, regulation: Regulation, penalties: list[Row], *, returning: bool
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
    due = None
    if returning:
        term, due = _left_of(case, step, term)
    if target == PENALIZED:
        step, label, term, rule, due = penalized_step(regulation, penalties)
    due_at, missing = start(
        change, case.id, regulation, step=step, label=label, term=term, rule=rule, due=due
    )
    return {"due_step": label, "due_at": due_at, "due_missing_year": missing, "late": late}


def waits_anew(case: Case, regulation: Regulation, penalties: list[Row]) -> bool:
    """Tell whether a penalized case came to another of its waits; a clock for the same one goes on."""
    return penalized_step(regulation, penalties)[0] not in {d["step"] for d in case.running}


def penalized_step(
    regulation: Regulation, penalties: list[Row]
) -> tuple[str, str, Term, str, tuple[datetime | None, int | None] | None]:
    """Say which of its two waits a penalized case is in: to be served, or within a window; else to be closed."""
    if any(p["state"] == "decided" for p in penalties):
        return *rule_of(regulation, PENALIZED), None
    windows = [p["window_ends_at"] for p in penalties if p["state"] == "served"]
    if windows:
        window = regulation.appeal_window
        return (
            WINDOW,
            "申诉期",
            window.term,
            f"《{regulation.document.title}》{window.article}",
            (max(windows), None),
        )
    return CLOSE, "办结", CLOSE_TERM, DEFAULT_RULE, None


def _over(change: Change, deadline: Row) -> bool:
    return (
        deadline["step"] != WINDOW and deadline["due_at"] is not None and change.tx.now > deadline["due_at"]
    )


def _left_of(case: Case, step: str, term: Term) -> tuple[Term, tuple[datetime | None, int | None] | None]:
    """Let the step go on with what was left when it was first finished; nothing is added."""
    ended = [d for d in case.deadlines if d["step"] == step and d["ended_at"] is not None]
    if not ended or ended[-1]["left_minutes"] is None:
        return term, None
    if ended[-1]["left_minutes"] <= 0:
        return term, (ended[-1]["due_at"], None)
    return Term(ended[-1]["left_minutes"], "working_minutes"), None
