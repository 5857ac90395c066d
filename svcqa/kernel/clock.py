"""The only place that reads the machine's time. Everything else gets `tx.now`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A source of the present moment in aware UTC."""

    def now(self) -> datetime:
        """Return the present moment."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the machine's present moment."""
        return datetime.now(UTC)


@dataclass
class FrozenClock:
    """A clock that stands still until it is moved: tests and rehearsals."""

    at: datetime

    def now(self) -> datetime:
        """Return the moment at which the clock was stopped."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by a span."""
        self.at += by


@dataclass(frozen=True)
class ShiftedClock:
    """The machine's time moved by a fixed span: the demo lives in a published calendar year."""

    by: timedelta

    def now(self) -> datetime:
        """Return the machine's present moment plus the span."""
        return datetime.now(UTC) + self.by


def clock_from(setting: str) -> Clock:
    """Build the clock a setting names: `system`, `frozen:<ISO time>` or `shifted:<seconds>`.

    Raises ValueError with the remedy when the text is none of the three.
    """
    kind, _, value = setting.partition(":")
    if kind == "system" and not value:
        return SystemClock()
    if kind == "frozen":
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(f"clock {setting!r}: give the moment with its offset, e.g. +08:00")
        return FrozenClock(at.astimezone(UTC))
    if kind == "shifted":
        return ShiftedClock(timedelta(seconds=float(value)))
    raise ValueError(f"clock {setting!r}: write system, frozen:<ISO time> or shifted:<seconds>")
