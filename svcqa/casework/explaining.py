"""Why each clock of a complaint ends when it does. Retells what was set; sets nothing."""

from dataclasses import dataclass

from svcqa.casework import clocks
from svcqa.casework.snapshot import Case, Row
from svcqa.kernel.calendar import Calendar, Term, YearMissing
from svcqa.kernel.explanation import Explanation, explain

FROM_NOTICE = "申诉期的截止时间是处罚送达后算出的最晚一个，且不早于通知上写明的时间，不由本项起算时间推算。"
FROM_REST = "这一步曾经退回，重新进行时用上次剩余的工作时间接着算，不重新计满期限。"
FROM_BEFORE = "这一步退回前已经超过时限，重新进行时截止时间不变。"
FROM_FILE = "截止时间由导入的数据给出，不由期限推算。"
FROM_THEN = "截止时间是设定时按当时的工作日历算出的，与按现在的日历推出的不同；已设定的时限不随之改变。"


@dataclass(frozen=True)
class ExplainedClock:
    """A clock with its explanation, or with the remark why it cannot be retold; both may stand."""

    clock: Row
    explanation: Explanation | None
    remark: str


def explain_clocks(calendar: Calendar, case: Case) -> list[ExplainedClock]:
    """Explain the running and the ended clocks of a complaint, in the order in which they started."""
    ordered = sorted(case.deadlines, key=lambda clock: (clock["started_at"], clock["step"] == clocks.REPLY))
    return [_explained(calendar, case, clock) for clock in ordered]


def _explained(calendar: Calendar, case: Case, clock: Row) -> ExplainedClock:
    if clock["step"] == clocks.WINDOW:
        return ExplainedClock(clock, None, FROM_NOTICE)
    if not clock["term"]:
        return ExplainedClock(clock, None, FROM_FILE)
    try:
        explanation = explain(calendar, clock["started_at"], Term.parse(clock["term"]))
    except YearMissing as missing:
        return ExplainedClock(clock, None, missing.sentence)
    resumed = _resumed(case, clock)
    if explanation.due_at == clock["due_at"]:
        on_rest = resumed and explanation.term.unit == "working_minutes"
        return ExplainedClock(clock, explanation, FROM_REST if on_rest else "")
    return ExplainedClock(clock, None, FROM_BEFORE if resumed else FROM_THEN)


def _resumed(case: Case, clock: Row) -> bool:
    return any(
        one["step"] == clock["step"] and one["started_at"] < clock["started_at"] for one in case.deadlines
    )
