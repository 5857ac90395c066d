"""One life of a cycle, stopped and copied wherever people have the word."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import Workplace
from tests.assessment.month import Month, opened
from tests.assessment.stretch import STRETCHES, lead_to
from tests.conftest import opened as opened_place
from tests.databases import copied

NAMES = dict(zip(STRETCHES, ("collecting", "evaluated", "feedback", "improving"), strict=True))


@dataclass(frozen=True)
class Stage:
    """A stopped place."""

    folder: Path
    cycle_id: str
    at: datetime

    @contextmanager
    def reopened(self, folder: Path) -> Iterator[Month]:
        """Open a copy of it."""
        with opened_place(copied(self.folder, folder), FrozenClock(self.at)) as place:
            yield Month(place, self.cycle_id)


def stages_of(
    place: Workplace, clock: FrozenClock, folder: Path, folders: pytest.TempPathFactory
) -> dict[str, Stage]:
    """Lead one cycle through its waits and keep a copy at each."""
    month, found = opened(place), {}
    for stretch in STRETCHES:
        lead_to(month, stretch)
        month.advance()
        place.engine.dispose()
        copy = copied(folder, folders.mktemp(NAMES[stretch]), anew=True)
        found[NAMES[stretch]] = Stage(copy, month.cycle_id, clock.at)
    return found
