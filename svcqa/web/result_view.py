"""One result as its pages show it, to the person, to superiors, and behind the mailed link. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from svcqa.assessment import explaining
from svcqa.assessment.explaining import Explanation, InteractionLine
from svcqa.assessment.outcome import SubjectResult
from svcqa.assessment.whatif import Way
from svcqa.kernel.calendar import describe
from svcqa.kernel.transaction import Transaction
from svcqa.reporting.strokes import exact
from svcqa.rulebook import library
from svcqa.web import composition
from svcqa.web.composition import Chart, Part
from svcqa.web.views import points

OUTCOMES = {"upheld": "的复核结论：维持", "revised": "的复核结论：改判", "pending": "待复核"}
URGENCY = {1: "一级", 2: "二级", 3: "三级", 4: "四级", 5: "五级"}


@dataclass(frozen=True)
class Row:
    """One of the person's own interactions."""

    opened_at: datetime
    urgency: str
    response: str
    resolve: str
    met: str
    reopened: str


@dataclass(frozen=True)
class Past:
    """A result of an earlier cycle."""

    number: str
    title: str
    result_id: str
    composite: str
    grade: str


@dataclass(frozen=True)
class ResultView:
    """What the pages of one result show. `left` is what remains of the window in words."""

    found: Explanation
    composite: str
    interval: str
    ranks: str
    unit_mean: str
    waterfall: Chart | None
    ground: str
    parts: tuple[Part, ...]
    extras: tuple[tuple[str, str, str], ...]
    ways: tuple[str, ...]
    next_grade: str
    rows: tuple[Row, ...]
    past: tuple[Past, ...]
    left: str
    contact: str

    @property
    def result(self) -> SubjectResult:
        """The result itself."""
        return self.found.result

    @property
    def outcome(self) -> str:
        """What the review came to."""
        return OUTCOMES.get(self.found.appeal.state, "") if self.found.appeal else ""


def of_person(tx: Transaction, cycle_id: str, person_id: str) -> ResultView:
    """Return somebody's result in a cycle; raises NotFound where the actor may not see it."""
    return _view(tx, explaining.explanation(tx, cycle_id, person_id))


def of_link(tx: Transaction, result_id: str) -> ResultView:
    """Return the own result that a mailed link or an own page leads to; raises NotFound."""
    return _view(tx, explaining.by_link(tx, result_id))


def behind_link(tx: Transaction, result_id: str, _typed: Mapping[str, str]) -> dict[str, ResultView]:
    """Return what the mailed page of a result needs."""
    return {"r": of_link(tx, result_id)}


def _view(tx: Transaction, found: Explanation) -> ResultView:
    result, scheme = found.result, library.scheme_by_hash(tx, found.cycle.scheme_hash)
    scored = result.composite_hundredths is not None
    waterfall, ground = composition.waterfall(result, scheme) if scored else (None, "")
    return ResultView(
        found=found,
        composite=exact(result.composite_hundredths) if result.composite_hundredths is not None else "未评",
        interval=between(result.interval_low_hundredths, result.interval_high_hundredths),
        ranks=_ranks(result),
        unit_mean=_points(found.unit_mean_hundredths) if found.unit_people > 1 else "",
        waterfall=waterfall,
        ground=ground,
        parts=composition.parts(result, scheme),
        extras=composition.extras(result),
        ways=tuple(_way(way) for way in found.ways_up),
        next_grade=_next_grade(found),
        rows=tuple(_row(line) for line in explaining.rows_behind(tx, found.cycle.id, found.person.id)),
        past=tuple(
            Past(one.number, one.title, one.result_id, _points(one.composite_hundredths), one.grade)
            for one in found.past
        ),
        left=_left(tx, found),
        contact=tx.settings.mail_contact,
    )


def between(low: int | None, high: int | None) -> str:
    """Write an interval: `80.1 至 86.4`."""
    return "" if low is None or high is None else f"{exact(low)} 至 {exact(high)}"


def _points(hundredths: int | None) -> str:
    return "" if hundredths is None else points(hundredths)


def _ranks(result: SubjectResult) -> str:
    if result.rank is None:
        return ""
    if result.rank_best == result.rank_worst:
        return f"第 {result.rank} 名"
    return f"第 {result.rank} 名，与第 {result.rank_best} 至 {result.rank_worst} 名不能区分先后"


def _next_grade(found: Explanation) -> str:
    """Return the grade above; nothing for the best, without a score, and while a veto caps the grade."""
    ids = [grade for grade, _, _ in found.grades]
    place = ids.index(found.result.grade) if found.result.grade in ids else 0
    return ids[place - 1] if place and found.result.veto is None else ""


def _way(way: Way) -> str:
    total = exact(way.composite_hundredths)
    return f"{way.label}由 {way.shown} 达到 {way.shown_needed}，综合得分为 {total}，等级 {way.grade}"


def _row(line: InteractionLine) -> Row:
    met = {True: "时限内", False: "超时", None: "未记"}
    return Row(
        opened_at=line.opened_at,
        urgency=URGENCY.get(line.urgency or 0, "未记"),
        response=_span(line.response_seconds),
        resolve=_span(line.resolve_seconds),
        met=met[line.met_target],
        reopened=f"{line.reopened} 次" if line.reopened else "没有",
    )


def _span(seconds: int | None) -> str:
    """Write a time in hours, under one hour in minutes."""
    if seconds is None:
        return "未记"
    if seconds < 3600:
        return f"{seconds // 60} 分钟"
    return f"{seconds // 3600} 小时 {seconds % 3600 // 60} 分"


def _left(tx: Transaction, found: Explanation) -> str:
    """Return what remains of the appeal window in words; nothing when none runs or an appeal was filed."""
    ends_at = found.cycle.appeal_until_at
    if found.appeal_problem or ends_at is None or ends_at <= tx.now:
        return ""
    left = tx.calendar.remaining(tx.now, ends_at)
    return describe(left, day=tx.calendar.hours.length)
