"""How far a cycle is, in counts and words. No person, score, grade or address ever stands in an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from states.cycle import ENDED, LAW, STAGE_LABELS, STAGE_OF, STAGES
from svcqa.assessment import moving, standing, terms
from svcqa.assessment.standing import Counts, Cycle
from svcqa.kernel.calendar import local
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

WORKED = Statement(
    "SELECT (SELECT count(*) FROM cycle_subject WHERE cycle_id = :id AND announced_at IS NOT NULL) AS announced,"
    " (SELECT count(*) FROM cycle_subject WHERE cycle_id = :id AND told_at IS NOT NULL) AS told,"
    " (SELECT count(*) FROM cycle_subject WHERE cycle_id = :id AND acknowledged_at IS NOT NULL) AS acknowledged"
)


PLANNING = "正在确定考核对象、通知单位"


@dataclass(frozen=True)
class StageLine:
    """One of the six stages: where it stands, how much of it is done, and that in words."""

    stage: str
    label: str
    state: Literal["done", "now", "later"]
    done: int
    total: int
    sentence: str


def stage_lines(tx: Transaction, cycle_id: str, *, working: bool = False) -> list[StageLine]:
    """Return the six stages in order, those to come with the day they are planned to last until.

    `working` as in `message`.
    """
    cycle = standing.load(tx, cycle_id)
    counts = standing.counts(tx, cycle_id)
    amounts = _amounts(tx, cycle, counts)
    reached = STAGES.index(STAGE_OF[cycle.stage]) if cycle.stage in STAGE_OF else len(STAGES)
    planned = terms.planned(tx, cycle)
    lines = []
    for place, stage in enumerate(STAGES):
        state: Literal["done", "now", "later"] = "done" if place < reached else "later"
        if place == reached:
            state = "now"
        done, total, unit = amounts[stage]
        if cycle.stage == "cancelled":
            state, sentence = "later", LAW.state(cycle.stage).label
        elif state == "now":
            sentence = message(tx, cycle, working=working)
        elif state == "later":
            sentence = f"预计至 {local(planned[stage]):%m-%d}" if stage in planned else ""
        else:
            sentence = f"{done}/{total} {unit}" if total else ""
        lines.append(StageLine(stage, STAGE_LABELS[stage], state, done, total, sentence))
    return lines


def message(tx: Transaction, cycle: Cycle, *, working: bool = False) -> str:
    """Say in one line what a cycle waits for; `working`: somebody is at work on it just now."""
    year = moving.missing_year(tx, cycle)
    if year is not None:
        return f"待 {year} 年工作日历"
    if working and cycle.stage == "planning":  # before that is done, nobody can say that there is nobody
        return PLANNING
    wait = WAITS.get(cycle.stage)
    said = wait(cycle, standing.counts(tx, cycle.id), tx.now) if wait else ""
    label = LAW.state(cycle.stage).label
    return said or (label if cycle.stage in ENDED else f"{label}：待继续")


def _planning(cycle: Cycle, counts: Counts, _now: datetime) -> str:
    return "" if counts.subjects or not cycle.fence else "没有可考核的人员，等待核对单位和岗位"


def _collecting(cycle: Cycle, counts: Counts, now: datetime) -> str:
    if not (counts.unrated or counts.unanswered) or standing.over(cycle.collect_until_at, now):
        return ""
    rated = counts.tasks - counts.unrated
    return f"等待评分 {rated}/{counts.tasks}{_surveys(counts)}，{_until(cycle.collect_until_at)}"


def _surveys(counts: Counts) -> str:
    """Say how many customers answered, where customers were asked."""
    return f"，问卷 {counts.answered}/{counts.surveys}" if counts.surveys else ""


def _evaluated(cycle: Cycle, _counts: Counts, _now: datetime) -> str:
    return f"等待确认成绩，{_until(cycle.confirm_until_at)}"


def _feedback(cycle: Cycle, counts: Counts, now: datetime) -> str:
    if counts.open_appeals:
        return f"等待 {counts.open_appeals} 件申诉的复核结论"
    return "" if standing.over(cycle.appeal_until_at, now) else f"申诉期内，{_until(cycle.appeal_until_at)}"


def _improving(_cycle: Cycle, counts: Counts, _now: datetime) -> str:
    closed = counts.measures - counts.open_measures
    return f"等待改进措施 {closed}/{counts.measures}" if counts.open_measures else ""


WAITS: dict[str, Callable[[Cycle, Counts, datetime], str]] = {
    "planning": _planning,
    "collecting": _collecting,
    "evaluated": _evaluated,
    "feedback": _feedback,
    "improving": _improving,
}
"""What each stage waits for; an empty text where nothing but the system's next step is missing."""


def _until(at: datetime | None) -> str:
    return f"至 {local(at):%m-%d}" if at else "未定期限"


def _amounts(tx: Transaction, cycle: Cycle, counts: Counts) -> dict[str, tuple[int, int, str]]:
    worked = WORKED.rows(tx, id=cycle.id)[0]
    reported = int(STAGE_OF.get(cycle.stage, "improve") in {"feedback", "improve"})
    return {
        "plan": (worked["announced"], counts.subjects, "人"),
        "collect": (counts.tasks - counts.unrated, counts.tasks, f"项评分{_surveys(counts)}"),
        "evaluate": (counts.results, counts.subjects, "人"),
        "report": (reported, 1, "份报告"),
        "feedback": (worked["told"], counts.subjects, "人"),
        "improve": (counts.measures - counts.open_measures, counts.measures, "项措施"),
    }
