"""Why a deadline falls where it does: the intervals that counted, the days that did not, the pauses.

Retells what `calendar` computed; decides nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from svcqa.kernel.calendar import Calendar, Day, Pause, Term, YearMissing, local_day, merged, midnight
from svcqa.kernel.working_hours import clock_text


@dataclass(frozen=True)
class Counted:
    """A stretch that counted towards the term; `day` is None where its year is not loaded."""

    from_at: datetime
    to_at: datetime
    day: Day | None

    @property
    def length(self) -> timedelta:
        """How long the stretch is."""
        return self.to_at - self.from_at

    @property
    def minutes(self) -> int:
        """The minutes between the two times as they are shown, without their seconds: so the rows add up."""
        from_at, to_at = (at.replace(second=0, microsecond=0) for at in (self.from_at, self.to_at))
        return (to_at - from_at) // timedelta(minutes=1)

    @property
    def label(self) -> str:
        """What kind of day it lies on."""
        return self.day.label if self.day else ""


@dataclass(frozen=True)
class Skipped:
    """A day of which nothing counted, with the reason."""

    on: date
    reason: str


@dataclass(frozen=True)
class Paused:
    """A pause within the term, with the working time it took out."""

    from_at: datetime
    to_at: datetime
    working: timedelta


@dataclass(frozen=True)
class Explanation:
    """A deadline with everything it follows from; the lengths of `counted` add up to the term."""

    start_at: datetime
    due_at: datetime
    term: Term
    rule: str
    counted: tuple[Counted, ...]
    skipped: tuple[Skipped, ...]
    pauses: tuple[Paused, ...]
    calendar_version: str


def explain(
    calendar: Calendar, start_at: datetime, term: Term, *, pauses: Iterable[Pause] = ()
) -> Explanation:
    """Show how `calendar.due_at` comes to its answer; raises YearMissing where that does."""
    pauses = merged(pauses)
    due_at = calendar.due_at(start_at, term, pauses)
    if term.unit == "calendar_days":
        # No pause stops the clock of the law.
        begins_at, pauses = start_at, []
        counted = tuple(_calendar_days(calendar, start_at, due_at))
    else:
        begins_at, _ = calendar.clock(start_at, term)
        counted = tuple(_open_stretches(calendar, begins_at, due_at, pauses))
    return Explanation(
        start_at=start_at,
        due_at=due_at,
        term=term,
        rule=rule_text(calendar, term),
        counted=counted,
        skipped=tuple(_skipped(calendar, start_at, due_at, counted)),
        pauses=tuple(_paused(calendar, begins_at, due_at, pauses)),
        calendar_version=calendar.version,
    )


def rule_text(calendar: Calendar, term: Term) -> str:
    """Say in one sentence how a term is counted."""
    if term.unit == "calendar_days":
        return f"{term.label}：自次日起逐日计算，节假日照计，第 {term.amount} 日 24:00 届满，不因暂停顺延。"
    if term.unit == "working_days":
        closing = clock_text(calendar.hours.intervals[-1][1])
        return (
            f"{term.label}：自次日起只计工作日，第 {term.amount} 个工作日 {closing} 届满，"
            f"暂停所占工作时间（{calendar.hours.label}）顺延。"
        )
    return f"{term.label}：自起算时起只计工作日的工作时间（{calendar.hours.label}），暂停期间不计。"


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """List the days touched from `start` up to `end`; a midnight belongs to the day it ends."""
    on, last = local_day(start), local_day(end - timedelta.resolution)
    while on <= last:
        yield on
        on += timedelta(days=1)


def _open_stretches(
    calendar: Calendar, begins_at: datetime, due_at: datetime, pauses: list[Pause]
) -> Iterator[Counted]:
    for on in _days(begins_at, due_at):
        day = calendar.day(on)
        for opens, closes in calendar.hours.intervals if day.is_workday else ():
            start, end = max(midnight(on) + opens, begins_at), min(midnight(on) + closes, due_at)
            for from_at, to_at in _outside(start, end, pauses):
                yield Counted(from_at, to_at, day)


def _outside(start: datetime, end: datetime, pauses: list[Pause]) -> Iterator[tuple[datetime, datetime]]:
    """Cut the pauses, ordered and joined, out of a stretch."""
    for pause_start, pause_end in pauses:
        if start < min(pause_start, end):
            yield start, min(pause_start, end)
        start = max(start, pause_end)
    if start < end:
        yield start, end


def _calendar_days(calendar: Calendar, start_at: datetime, due_at: datetime) -> Iterator[Counted]:
    for on in list(_days(start_at, due_at))[1:]:
        next_day = on + timedelta(days=1)
        yield Counted(midnight(on), midnight(next_day), _known_day(calendar, on))


def _known_day(calendar: Calendar, on: date) -> Day | None:
    try:
        return calendar.day(on)
    except YearMissing:
        return None


def _skipped(
    calendar: Calendar, start_at: datetime, due_at: datetime, counted: tuple[Counted, ...]
) -> Iterator[Skipped]:
    used = {local_day(stretch.from_at) for stretch in counted}
    for on in _days(start_at, due_at):
        if on not in used:
            yield Skipped(on, _reason(calendar, on, start_at))


def _reason(calendar: Calendar, on: date, start_at: datetime) -> str:
    day = _known_day(calendar, on)
    if day and not day.is_workday:
        return day.label
    return "起算当日不计" if on == local_day(start_at) else "全天暂停"


def _paused(
    calendar: Calendar, begins_at: datetime, due_at: datetime, pauses: list[Pause]
) -> Iterator[Paused]:
    for start, end in pauses:
        if start < due_at and end > begins_at:
            yield Paused(start, end, calendar.paused_time(begins_at, due_at, [(start, end)]))
