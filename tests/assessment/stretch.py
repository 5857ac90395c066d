"""The four stretches of a cycle between its waits, and what each leaves behind that must not depend on luck."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from svcqa.kernel.clock import FrozenClock
from tests.assessment.month import Month, Traces
from tests.conftest import opened as opened_place
from tests.databases import copied

STRETCHES = ("opened", "rated", "confirmed", "window over")


@dataclass(frozen=True)
class Start:
    """A place stopped before a stretch, and the traces the stretch left when nothing went wrong."""

    folder: Path
    cycle_id: str
    at: datetime
    traces: Traces

    @contextmanager
    def reopened(self, folder: Path) -> Iterator[Month]:
        """Open a copy of the place."""
        shutil.rmtree(folder, ignore_errors=True)
        with opened_place(copied(self.folder, folder), FrozenClock(self.at)) as place:
            yield Month(place, self.cycle_id)


def lead_to(month: Month, name: str) -> None:
    """Let people do what the stretch begins with."""
    if name == "rated":
        month.rate()
    elif name == "confirmed":
        month.confirm()
    elif name == "window over":
        month.later(days=5)
