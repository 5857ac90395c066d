"""The open hours of a working day, in several intervals. Knows offsets from midnight, never a date."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from typing import Self

MIDNIGHT = timedelta(0)
DAY = timedelta(days=1)

_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True)
class WorkingHours:
    """The ordered open intervals of a day, each from and to an offset after midnight; 24:00 is one day.

    Raises ValueError when there is none, one is empty, or two are out of order or overlap.
    """

    intervals: tuple[tuple[timedelta, timedelta], ...]

    def __post_init__(self) -> None:
        ordered = all(before[1] <= after[0] for before, after in pairwise(self.intervals))
        inside = all(MIDNIGHT <= opens < closes <= DAY for opens, closes in self.intervals)
        if not (self.intervals and ordered and inside):
            raise ValueError(f"工作时段“{self.label}”有误。请按先后写明各段起止，互不重叠，不超过 24:00。")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read hours written as `08:30-12:00, 14:00-17:30`."""
        matches = [_INTERVAL.fullmatch(part.strip()) for part in text.split(",")]
        clocks = [tuple(map(int, match.groups())) for match in matches if match]
        if len(clocks) < len(matches) or any(a > 24 or c > 24 or b > 59 or d > 59 for a, b, c, d in clocks):
            raise ValueError(f"工作时段“{text}”无法识别。请写作“08:30-12:00, 14:00-17:30”这样的形式。")
        return cls(
            tuple((timedelta(hours=a, minutes=b), timedelta(hours=c, minutes=d)) for a, b, c, d in clocks)
        )

    @cached_property
    def length(self) -> timedelta:
        """The working time of one whole day."""
        return sum((closes - opens for opens, closes in self.intervals), timedelta(0))

    @property
    def label(self) -> str:
        """The hours as people read and write them."""
        return ", ".join(f"{clock_text(opens)}-{clock_text(closes)}" for opens, closes in self.intervals)

    def worked(self, offset: timedelta) -> timedelta:
        """Return the working time from midnight to an offset of the same day."""
        total = timedelta(0)
        for opens, closes in self.intervals:
            if offset <= opens:
                break
            total += min(offset, closes) - opens
        return total

    def offset(self, worked: timedelta) -> timedelta:
        """Return the earliest offset of the day at which so much working time is over."""
        for opens, closes in self.intervals:
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        raise ValueError(f"一天只有 {self.length} 工作时间，不足 {worked}。")


def clock_text(offset: timedelta) -> str:
    """Write an offset after midnight as a clock shows it."""
    minutes = offset // timedelta(minutes=1)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


OFFICE_HOURS = WorkingHours.parse("08:30-12:00, 14:00-17:30")
