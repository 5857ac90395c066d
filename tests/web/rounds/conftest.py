"""October's cycle of the east workshop behind the web door, in the stage that a test module asks for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import SYSTEM, Workplace
from tests.assessment.month import Month, furnish
from tests.conftest import MONDAY_MORNING, opened
from tests.databases import copied
from tests.web.desk import Desk
from tests.web.rounds.stages import Stage, stages_of


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, office_database: Path) -> dict[str, Stage]:
    """Return copies of the place with the cycle in each stage where people have the word."""
    folder = copied(office_database, tmp_path_factory.mktemp("rounds"))
    clock = FrozenClock(MONDAY_MORNING)
    with opened(folder, clock) as place:
        with place.transaction(SYSTEM) as tx:
            furnish(tx)
        return stages_of(place, clock, folder, tmp_path_factory)


@pytest.fixture
def stage() -> str:
    """Return the stage a module's tests begin in."""
    return "collecting"


@pytest.fixture
def month(tmp_path: Path, stages: dict[str, Stage], stage: str) -> Iterator[Month]:
    """Return the cycle in the stage."""
    with stages[stage].reopened(tmp_path / "place") as month:
        yield month


@pytest.fixture
def place(month: Month) -> Workplace:
    """Return the workplace the cycle belongs to."""
    return month.place


@pytest.fixture
def page(month: Month) -> str:
    """Return the address of the cycle's page."""
    return f"/cycles/{month.cycle.number}"


@pytest.fixture
def boss(desk: Callable[[str], Desk]) -> Desk:
    """Return the supervisor's desk."""
    return desk("liumin")
