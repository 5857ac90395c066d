"""A workplace where regulation no. 10 is in force, and the life of a complaint in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import SYSTEM
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, read_folder
from tests.casework.life import Life
from tests.conftest import MONDAY_MORNING, opened
from tests.databases import copied


@pytest.fixture(scope="session")
def ruled_database(tmp_path_factory: pytest.TempPathFactory, peopled_database: Path) -> Path:
    """Return a folder with a database of the demo's people and the shipped regulation; made once, then copied."""
    folder = copied(peopled_database, tmp_path_factory.mktemp("ruled"))
    with opened(folder, FrozenClock(MONDAY_MORNING)) as place, place.transaction(SYSTEM) as tx:
        library.publish(
            tx, read_folder(SHIPPED / "complaints-trial" / "v1"), confirmed_by="the leading group"
        )
    return folder


@pytest.fixture
def life(tmp_path: Path, clock: FrozenClock, ruled_database: Path) -> Iterator[Life]:
    """Return the life of complaints where the demo's people work and the shipped regulation is in force."""
    with opened(copied(ruled_database, tmp_path / "life"), clock) as place:
        yield Life(place)
