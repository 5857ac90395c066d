"""What every room's tests may ask for."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from svcqa import migrating
from svcqa.demo.people import roster as demo_roster
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.calendar import published_calendar
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.database import open_engine
from svcqa.kernel.links import Links
from svcqa.kernel.sealing import Seal
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import roster
from tests import databases
from tests.cast import Cast
from tests.databases import copied
from tests.postgres import programs

MONDAY_MORNING = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

# The same examples on every run, and no verdict that depends on how busy the machine is.
settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")


gc.set_threshold(100_000, 50, 100)  # tests make much and keep it: looking for it all the time finds nothing
LONGEST = (
    "test_prefect.py",
    "test_stopping.py",
    "test_several.py",
    "test_cycles.py",
    "test_kill.py",
    "test_up.py",
    "test_every_page.py",
    "test_journey.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that the others run beside them and not before them."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONGEST)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of shared data sets that lies beside this clone."""
    folder = Path(__file__).parents[1] / ".." / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not beside this clone")
    return folder


@contextmanager
def opened(folder: Path, clock: FrozenClock) -> Iterator[Workplace]:
    """Open the workplace whose data lies in a folder."""
    url = databases.address(folder)
    engine = databases.with_idle(open_engine(url))
    yield Workplace(
        engine=engine,
        clock=clock,
        calendar=published_calendar(),
        settings=Settings(_env_file=None, data_dir=folder, database_url=url),
        links=Links(b"a secret of the tests", "http://127.0.0.1:8400"),
        blobs=Blobs(folder / "blobs"),
        seal=Seal(b"a secret of the tests"),
    )
    engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Name the database on which the test runs: both, unless its matter is one's alone (`on_sqlite`)."""
    if request.param == "postgresql" and programs() is None:
        pytest.skip("PostgreSQL 15 or newer is not installed here: make postgres")
    return str(request.param)


@pytest.fixture(autouse=True)
def databases_of_the_test() -> Iterator[None]:
    """Remove what the test made on PostgreSQL; what is made once for many was made before this."""
    kept = databases.standing()
    yield
    databases.release_but(kept)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory, database: str) -> Path:
    """Return a folder with a freshly migrated database: all tables, a chain without events. Made once, then copied."""
    folder = tmp_path_factory.mktemp("empty")
    if database == "postgresql":
        databases.on_postgres(folder)
    with opened(folder, FrozenClock(MONDAY_MORNING)) as place:
        migrating.migrate(place.engine)
    return folder


@pytest.fixture(scope="session")
def peopled_database(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """Return a folder with a database that the demo's people were loaded into."""
    folder = copied(empty_database, tmp_path_factory.mktemp("peopled"))
    with opened(folder, FrozenClock(MONDAY_MORNING)) as place, place.transaction(SYSTEM) as tx:
        roster.load(tx, demo_roster())
    return folder


@pytest.fixture
def clock() -> FrozenClock:
    """Return the clock of the test's workplace: Monday 2026-11-23, 09:30 in China, until it is moved."""
    return FrozenClock(MONDAY_MORNING)


@pytest.fixture
def empty_place(tmp_path: Path, clock: FrozenClock, empty_database: Path) -> Iterator[Workplace]:
    """Return a workplace that nobody works at yet."""
    with opened(copied(empty_database, tmp_path / "empty"), clock) as place:
        yield place


@pytest.fixture
def place(tmp_path: Path, clock: FrozenClock, peopled_database: Path) -> Iterator[Workplace]:
    """Return a workplace with the demo's people."""
    with opened(copied(peopled_database, tmp_path / "place"), clock) as place:
        yield place


@pytest.fixture
def cast(place: Workplace) -> Cast:
    """Return the people of the workplace: `cast["liumin"]` is a card, `cast.actor("liumin")` acts."""
    return Cast(place)
