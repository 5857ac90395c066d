"""Places where the east workshop's October has happened and can be assessed, at the beginning of each stretch."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import SYSTEM, Workplace
from tests.assessment.month import Month, furnish, opened
from tests.assessment.stretch import STRETCHES, Start, lead_to
from tests.conftest import MONDAY_MORNING
from tests.conftest import opened as opened_place
from tests.databases import copied


@pytest.fixture(scope="session")
def october(tmp_path_factory: pytest.TempPathFactory, peopled_database: Path) -> Path:
    """Return a folder with the facts of October. Made once, then copied."""
    folder = copied(peopled_database, tmp_path_factory.mktemp("october"))
    with opened_place(folder, FrozenClock(MONDAY_MORNING)) as place, place.transaction(SYSTEM) as tx:
        furnish(tx)
    return folder


@pytest.fixture
def place(tmp_path: Path, clock: FrozenClock, october: Path) -> Iterator[Workplace]:
    """Return a workplace with the facts of October."""
    with opened_place(copied(october, tmp_path / "place"), clock) as place:
        yield place


@pytest.fixture
def month(place: Workplace) -> Month:
    """Return October's cycle, just opened."""
    return opened(place)


@pytest.fixture(scope="session")
def starts(tmp_path_factory: pytest.TempPathFactory, october: Path) -> dict[str, Start]:
    """Return one life stopped before each of its stretches: the folders of them, and what the stretch came to."""
    folder = copied(october, tmp_path_factory.mktemp("life"))
    clock, found = FrozenClock(MONDAY_MORNING), {}
    with opened_place(folder, clock) as place:
        month = opened(place)
        for name in STRETCHES:
            lead_to(month, name)
            place.engine.dispose()
            copy = copied(folder, tmp_path_factory.mktemp(name), anew=True)
            at = clock.at
            month.advance()
            found[name] = Start(copy, month.cycle_id, at, month.traces())
    return found


@pytest.fixture
def told(tmp_path: Path, starts: dict[str, Start]) -> Iterator[Month]:
    """Return October's cycle in feedback: results are confirmed and told, the window runs."""
    with starts["window over"].reopened(tmp_path / "told") as month:
        month.clock.at = starts["confirmed"].at
        yield month
