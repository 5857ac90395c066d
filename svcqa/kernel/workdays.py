"""Which days are worked in mainland China: weekends, holidays and make-up days of the covered years.

Counts days, never minutes; a day outside the covered years is refused, never guessed.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import Self

from svcqa.kernel.errors import Invalid


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup_workday"


_LABELS = {
    DayKind.WORKDAY: "工作日",
    DayKind.WEEKEND: "周末",
    DayKind.HOLIDAY: "节假日",
    DayKind.MAKEUP: "调休上班",
}


@dataclass(frozen=True)
class Day:
    """One day of the calendar; `name` is the holiday it belongs to, where known."""

    kind: DayKind
    name: str = ""

    @classmethod
    def of(cls, on: date, *, is_workday: bool, name: str = "") -> Self:
        """Classify a date by what was published for it."""
        weekend = on.isoweekday() > 5
        if is_workday:
            return cls(DayKind.MAKEUP if weekend else DayKind.WORKDAY, name)
        return cls(DayKind.WEEKEND if weekend and not name else DayKind.HOLIDAY, name)

    @property
    def is_workday(self) -> bool:
        """Whether people work."""
        return self.kind in (DayKind.WORKDAY, DayKind.MAKEUP)

    @property
    def label(self) -> str:
        """What people call such a day."""
        if self.kind is DayKind.HOLIDAY:
            return self.name or _LABELS[self.kind]
        if self.kind is DayKind.MAKEUP and self.name:
            return f"{_LABELS[self.kind]}（{self.name}）"
        return _LABELS[self.kind]


class YearMissing(ValueError):
    """The answer depends on a year whose working days are not loaded; `sentence` may be shown as is."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.sentence = (
            f"{year} 年的工作日安排尚未公布或尚未载入，期限无法计算。请管理员载入 {year} 年工作日历后再试。"
        )
        super().__init__(self.sentence)


@dataclass(frozen=True)
class Workdays:
    """The days of an unbroken run of years, from 1 January of `first_year` on.

    `origin` names where they came from, `loaded` the year and source of each year taken from a file.
    """

    first_year: int
    days: tuple[Day, ...] = field(repr=False)
    origin: str
    loaded: tuple[tuple[int, str], ...] = ()

    @property
    def version(self) -> str:
        """The text that names exactly these days; stored with every deadline."""
        return "; ".join([self.origin, *(f"{year} {source}" for year, source in self.loaded)])

    @cached_property
    def years(self) -> range:
        """The covered years."""
        last = date.fromordinal(self._origin_ordinal + len(self.days) - 1)
        return range(self.first_year, last.year + 1)

    def day(self, on: date) -> Day:
        """Return what is known of a date; raises YearMissing."""
        return self.days[self._index(on)]

    def is_workday(self, on: date) -> bool:
        """Tell whether people work on a date; raises YearMissing."""
        index = self._index(on)
        return self._before[index] < self._before[index + 1]

    def next_workday(self, on: date) -> date:
        """Return the first workday after a date."""
        return self.add_workdays(on, 1)

    def add_workdays(self, on: date, count: int) -> date:
        """Return the count-th workday after a date (before it when negative, the date itself for 0)."""
        index = self._index(on)
        if count == 0:
            return on
        before = self._before[index + 1] - 1 if count > 0 else self._before[index]
        return self.workday(before + count)

    def workdays_between(self, start: date, end: date) -> int:
        """Count the workdays after `start` up to and with `end`; negative when `end` lies before."""
        return self._before[self._index(end) + 1] - self._before[self._index(start) + 1]

    def workdays_before(self, on: date) -> int:
        """Count all covered workdays before a date, which may be the day after the last covered one."""
        index = on.toordinal() - self._origin_ordinal
        if not 0 <= index <= len(self.days):
            raise YearMissing(on.year)
        return self._before[index]

    def workday(self, number: int) -> date:
        """Return the workday that has `number` covered workdays before it."""
        if number < 0:
            raise YearMissing(self.years.start - 1)
        if number >= len(self._worked):
            raise YearMissing(self.years.stop)
        return date.fromordinal(self._worked[number])

    def with_year(self, year: int, days: Mapping[date, bool | Day], source: str) -> Self:
        """Return the calendar with one year loaded or replaced; raises Invalid when a day is missing.

        The year is a covered one or the one after the last, so that no gap can arise.
        """
        if year not in self.years and year != self.years.stop:
            raise Invalid(
                "year",
                f"不能载入 {year} 年的工作日历：现有 {self.years.start} 至 {self.years.stop - 1} 年，"
                f"年份须前后衔接。请先载入 {self.years.stop} 年。",
            )
        table = _whole_year(year, days, source)
        start = date(year, 1, 1).toordinal() - self._origin_ordinal
        # The digest tells two files of one name apart.
        named = (year, f"{source} {_digest(table)}")
        return replace(
            self,
            days=self.days[:start] + table + self.days[start + len(table) :],
            loaded=tuple(sorted([entry for entry in self.loaded if entry[0] != year] + [named])),
        )

    def _index(self, on: date) -> int:
        index = on.toordinal() - self._origin_ordinal
        if not 0 <= index < len(self.days):
            raise YearMissing(on.year)
        return index

    @cached_property
    def _origin_ordinal(self) -> int:
        return date(self.first_year, 1, 1).toordinal()

    @cached_property
    def _before(self) -> tuple[int, ...]:
        return tuple(accumulate((day.is_workday for day in self.days), initial=0))

    @cached_property
    def _worked(self) -> tuple[int, ...]:
        return tuple(self._origin_ordinal + index for index, day in enumerate(self.days) if day.is_workday)


def dates_of(year: int) -> list[date]:
    """List the dates of a year in order."""
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _whole_year(year: int, days: Mapping[date, bool | Day], source: str) -> tuple[Day, ...]:
    dates = dates_of(year)
    missing = [on for on in dates if on not in days]
    if missing:
        raise Invalid(
            "days", f"{source} 缺少 {missing[0]} 等 {len(missing)} 天。请补齐 {year} 年的每一天后重新载入。"
        )
    strange = min(days.keys() - set(dates), default=None)
    if strange:
        raise Invalid("days", f"{source} 含有不属于 {year} 年的 {strange}。请删去后重新载入。")
    entries = ((on, days[on]) for on in dates)
    return tuple(e if isinstance(e, Day) else Day.of(on, is_workday=e) for on, e in entries)


def _digest(days: tuple[Day, ...]) -> str:
    pattern = "".join(str(int(day.is_workday)) for day in days)
    return hashlib.sha256(pattern.encode()).hexdigest()[:8]
