"""A place where the east workshop's October has been assessed and told, with somebody of an ugly name in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.assessment.month import Month, furnish, opened
from tests.conftest import MONDAY_MORNING
from tests.conftest import opened as opened_place
from tests.databases import copied

UGLY = '=HYPERLINK("http://evil.example","总分")'
RENAME = Statement("UPDATE person SET name = :name WHERE staff_number = '10221'")
FIRST_CYCLE = Statement("SELECT id FROM cycle")


@pytest.fixture(scope="session")
def assessed(tmp_path_factory: pytest.TempPathFactory, peopled_database: Path) -> Path:
    """Return a folder with October's cycle led to its measures. Made once, then copied."""
    folder = copied(peopled_database, tmp_path_factory.mktemp("assessed"))
    with opened_place(folder, FrozenClock(MONDAY_MORNING)) as place:
        with place.transaction(SYSTEM) as tx:
            furnish(tx)
            RENAME.run(tx, name=UGLY)
        month = opened(place)
        month.advance()
        month.rate()
        month.advance()
        month.confirm()
        month.advance()
        month.later(days=5)
        month.advance()
        assert month.cycle.stage == "improving"
    return folder


@pytest.fixture
def month(tmp_path: Path, assessed: Path) -> Iterator[Month]:
    """Return October's cycle in improvement."""
    with opened_place(copied(assessed, tmp_path / "place"), FrozenClock(MONDAY_MORNING)) as place:
        with place.reading(SYSTEM) as tx:
            cycle_id = FIRST_CYCLE.one(tx)[0]
        month = Month(place, cycle_id)
        month.later(days=5)
        yield month
