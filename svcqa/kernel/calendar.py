"""Working time and deadlines in China: which minutes count, when a term is over. Reads no clock.

The one place that knows Asia/Shanghai: moments come and go as aware UTC, days are days in Shanghai.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from itertools import chain
from typing import Literal, Self
from zoneinfo import ZoneInfo

from svcqa.kernel.workdays import Day, DayKind, Workdays, YearMissing, dates_of
from svcqa.kernel.working_hours import OFFICE_HOURS, WorkingHours
from svcqa.kernel.year_file import parse_year_file

# With the neighbours that callers of a calendar need, so that they import one module.
__all__ = [
    "OFFICE_HOURS",
    "SHANGHAI",
    "Calendar",
    "Day",
    "DayKind",
    "Pause",
    "Term",
    "TermUnit",
    "WorkingHours",
    "YearMissing",
    "describe",
    "ending",
    "local",
    "local_day",
    "merged",
    "midnight",
    "parse_year_file",
    "published_calendar",
]

SHANGHAI = ZoneInfo("Asia/Shanghai")

TermUnit = Literal["working_minutes", "working_hours", "working_days", "calendar_days"]
Pause = tuple[datetime, datetime]

_UNIT_LABELS: dict[TermUnit, str] = {
    "working_minutes": "个工作分钟",
    "working_hours": "个工作小时",
    "working_days": "个工作日",
    "calendar_days": "个自然日",
}
_TERM = re.compile(r"([1-9]\d{0,4})[ _]+(working|calendar)[ _]+(minute|hour|day)s?", re.ASCII)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def local(at: datetime) -> datetime:
    """Return a moment as clocks in China show it; raises ValueError without an offset."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no offset; pass aware UTC")
    return at.astimezone(SHANGHAI)


def local_day(at: datetime) -> date:
    """Return the day it is in China at a moment."""
    return local(at).date()


def midnight(on: date) -> datetime:
    """Return the moment a day begins in China."""
    return datetime.combine(on, time.min, SHANGHAI).astimezone(UTC)


def ending(at: datetime) -> tuple[date, str]:
    """Return the day and the clock time at which a term ends, as people say it: midnight is 24:00 of the day before."""
    here = local(at)
    if here.time().replace(second=0, microsecond=0) == time.min:
        return here.date() - timedelta(days=1), "24:00"
    return here.date(), f"{here:%H:%M}"


@dataclass(frozen=True)
class Term:
    """How long something may take, as a regulation writes it; at least one unit."""

    amount: int
    unit: TermUnit

    def __post_init__(self) -> None:
        if self.amount < 1 or self.unit not in _UNIT_LABELS:
            raise ValueError(f"期限“{self}”有误。请写不小于 1 的整数和工作小时、工作日等单位。")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `16 working hours` or `5 working_days`; raises ValueError with the remedy."""
        match = _TERM.fullmatch(text.strip())
        unit = f"{match[2]}_{match[3]}s" if match else ""
        if not match or unit not in _UNIT_LABELS:
            raise ValueError(
                f"期限“{text}”无法识别。请写作“16 working hours”“5 working days”“15 calendar days”等。"
            )
        return cls(int(match[1]), unit)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @property
    def label(self) -> str:
        """The term as people read it."""
        return f"{self.amount} {_UNIT_LABELS[self.unit]}"


@dataclass(frozen=True)
class Calendar(Workdays):
    """The working days of the covered years with the hours worked on each.

    Every answer in working time raises YearMissing when it depends on a day that is not covered.
    """

    hours: WorkingHours = OFFICE_HOURS

    def working_time(self, start_at: datetime, end_at: datetime) -> timedelta:
        """Return the working time from `start_at` to `end_at`; negative when `end_at` lies before."""
        return self._worked_until(end_at) - self._worked_until(start_at)

    def paused_time(self, start_at: datetime, end_at: datetime, pauses: Iterable[Pause]) -> timedelta:
        """Return the working time of the pauses that falls between two moments."""
        clipped = ((max(begins, start_at), min(ends, end_at)) for begins, ends in merged(pauses))
        return sum((self.working_time(*pause) for pause in clipped if pause[0] < pause[1]), timedelta(0))

    def add_working(self, start_at: datetime, length: timedelta) -> datetime:
        """Return the earliest moment from `start_at` on at which so much working time has passed."""
        if length < timedelta(0):
            raise ValueError(f"cannot go back by {-length}; ask for a length of zero or more")
        worked = self._worked_until(start_at)
        return self._moment_after(worked + length) if length else start_at

    def add(self, start_at: datetime, term: Term) -> datetime:
        """Return the moment a term is over that begins at `start_at` and is never paused."""
        return self.due_at(start_at, term)

    def due_at(self, start_at: datetime, term: Term, pauses: Iterable[Pause] = ()) -> datetime:
        """Return the deadline of a term that begins at `start_at`.

        Working minutes and hours count open hours only. Working days end at the close of business of
        the n-th workday after the day of `start_at` (Civil Code, articles 201 and 203). Pauses move each
        of them by the working time they took, so that the time left never shrinks or grows. Calendar
        days are a clock of the law: they end with the n-th day after the day of `start_at`, at the
        midnight that ends it. No pause moves them, no missing year stops them, and a last day on a
        holiday stays: the stricter reading for whoever owes the answer.
        """
        if term.unit == "calendar_days":
            return midnight(local_day(start_at) + timedelta(days=term.amount + 1))
        return self._run(*self.clock(start_at, term), pauses)

    def clock(self, start_at: datetime, term: Term) -> tuple[datetime, timedelta]:
        """Return when the clock of a working term begins to run, and for how much working time."""
        if term.unit == "working_days":
            # The day something happens on is not counted.
            return midnight(local_day(start_at) + timedelta(days=1)), term.amount * self.hours.length
        return start_at, term.amount * (_HOUR if term.unit == "working_hours" else _MINUTE)

    def warn_at(
        self, start_at: datetime, due_at: datetime, fraction: float = 0.75, pauses: Iterable[Pause] = ()
    ) -> datetime:
        """Return the moment at which a fraction of the working time up to a deadline is used."""
        pauses = merged(pauses)
        counted = self.working_time(start_at, due_at) - self.paused_time(start_at, due_at, pauses)
        return self._run(start_at, counted * fraction, pauses)

    def remaining(self, now: datetime, due_at: datetime) -> timedelta:
        """Return the working time left until a deadline; negative when it is over."""
        return self.working_time(now, due_at)

    def _run(self, start: datetime, length: timedelta, pauses: Iterable[Pause]) -> datetime:
        due = self.add_working(start, length)
        for pause_start, pause_end in merged(pauses):
            begins, ends = max(pause_start, start), max(pause_end, start)
            if begins >= due:
                break
            length += self.working_time(begins, ends)
            due = self.add_working(start, length)
        return due

    @cached_property
    def _worked_until(self) -> Callable[[datetime], timedelta]:
        # Some answers are kept: a list asks for the same present moment once a row.
        return lru_cache(maxsize=128)(self._count_until)

    def _count_until(self, at: datetime) -> timedelta:
        """Return all covered working time before a moment: differences of it are durations."""
        wall = local(at)
        on = wall.date()
        worked = self.workdays_before(on) * self.hours.length
        # Midnight belongs to the day it ends: the last covered day may run out without its successor.
        if wall.time() != time.min and self.is_workday(on):
            worked += self.hours.worked(wall - datetime.combine(on, time.min, SHANGHAI))
        return worked

    def _moment_after(self, worked: timedelta) -> datetime:
        """Return the earliest moment before which so much covered working time lies."""
        days, rest = divmod(worked, self.hours.length)
        if not rest:
            days, rest = days - 1, self.hours.length
        opened = datetime.combine(self.workday(days), time.min, SHANGHAI)
        return (opened + self.hours.offset(rest)).astimezone(UTC)


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Return pauses in order with overlaps joined; raises ValueError when one ends before it starts."""
    runs: list[Pause] = []
    for start, end in sorted(pauses):
        if end < start:
            raise ValueError(f"pause from {start.isoformat()} ends before it starts, at {end.isoformat()}")
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs


def describe(remaining: timedelta, *, day: timedelta) -> str:
    """Say how much is left or over in at most two units, minutes only under three hours.

    `day` is what counts as one day: the length of the working hours, or 24 hours for calendar days.
    """
    if not remaining:
        return "时限已到"
    word, span = ("剩余", remaining) if remaining > timedelta(0) else ("超期", -remaining)
    days, rest = divmod(span, day)
    hours, minutes = rest // _HOUR, rest % _HOUR // _MINUTE
    if days:
        units = [(days, "天"), (hours, "小时")]
    elif hours >= 3:
        units = [(hours, "小时")]
    else:
        units = [(hours, "小时"), (minutes, "分钟")]
    said = " ".join(f"{count} {unit}" for count, unit in units if count)
    return f"{word} {said}" if said else f"{word}不足 1 分钟"


@cache
def published_calendar() -> Calendar:
    """Return the calendar of the years the chinesecalendar package has tables for."""
    # Imported here: nothing else in this file may lean on the package.
    import chinese_calendar  # noqa: PLC0415

    years = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)
    names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    # Its tables, and not its answer day by day: before each it searches all of them for the first and the last day.
    published = {
        on: Day.of(on, is_workday=works, name=names.get(holiday, ""))
        for works, table in ((False, chinese_calendar.holidays), (True, chinese_calendar.workdays))
        for on, holiday in table.items()
    }
    days = [
        published.get(on) or Day.of(on, is_workday=on.isoweekday() < 6)
        for on in chain.from_iterable(map(dates_of, years))
    ]
    origin = f"chinesecalendar {version('chinesecalendar')}"
    return Calendar(first_year=years.start, days=tuple(days), origin=origin)
