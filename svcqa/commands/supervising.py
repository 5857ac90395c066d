"""Keeping processes running until told to stop, and leaving none behind. Knows none of them by name."""

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from svcqa.commands.children import Child

MOST_DEATHS = 3
WITHIN_SECONDS = 60.0
PATIENCE_SECONDS = 120.0
LOOK_EVERY = 0.2
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str, str], None]


class GaveUp(Exception):
    """A process does not stay up; the whole has to stop."""

    def __init__(self, child: Child, what: str) -> None:
        super().__init__(f"{child.service.name} {what}: {child.last_words()} ({child.log})")


@dataclass
class Supervisor:
    """Starts the children, starts a dead one again, and stops them in reverse order."""

    children: Sequence[Child]
    say: Say
    signals: int = 0
    _before: dict[int, object] = field(default_factory=dict)

    def run(self, *, when_up: Callable[[], None]) -> None:
        """Keep everything running until SIGINT, SIGTERM or SIGHUP; raises GaveUp. Leaves no process."""
        for number in STOPPING:
            self._before[number] = signal.signal(number, self._told)
        try:
            self._start_all()
            if not self.signals:
                when_up()
            while not self.signals:
                self._look_after()
                time.sleep(LOOK_EVERY)
        finally:
            self._stop()

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1

    def _start_all(self) -> None:
        """Start them in order, one that waits when those before it are ready, and wait for all."""
        coming: list[Child] = []
        for child in self.children:
            if child.service.waits:
                self._await_all(coming)
            if self.signals:
                return
            child.start()
            coming.append(child)
        self._await_all(coming)

    def _await_all(self, coming: list[Child]) -> None:
        for child in coming:
            self._await(child)
        coming.clear()

    def _await(self, child: Child) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.signals:
            if child.ended is not None:
                raise GaveUp(child, f"ended with code {child.ended} before it was up")
            if child.service.is_ready():
                self.say(child.service.name, child.service.news)
                return
            if time.monotonic() > until:
                raise GaveUp(child, f"was not up after {PATIENCE_SECONDS:.0f} s")
            time.sleep(LOOK_EVERY)

    def _look_after(self) -> None:
        for child in self.children:
            if child.ended is not None:
                self._start_again(child)

    def _start_again(self, child: Child) -> None:
        now = time.monotonic()
        child.deaths.append(now)
        while child.deaths[0] < now - WITHIN_SECONDS:
            child.deaths.popleft()
        code, times = child.ended, len(child.deaths)
        if times > MOST_DEATHS:
            raise GaveUp(
                child, f"ended {times} times within {WITHIN_SECONDS:.0f} s, the last time with code {code}"
            )
        self.say(
            child.service.name, f"ended with code {code} and is started again ({times} of {MOST_DEATHS})"
        )
        child.start()

    def _stop(self) -> None:
        asked = self.signals
        for child in reversed(self.children):
            if child.process is not None:
                child.stop(hurry=lambda: self.signals > max(asked, 1))
                self.say(child.service.name, "stopped")
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # as `signal` gave it
