"""Homes with something to lose, made once and copied, and an empty place for each to go back to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation.models import Account, Person
from svcqa.rulebook import library, loading
from tests.assessment.month import furnish
from tests.assessment.month import opened as opened_cycle
from tests.conftest import MONDAY_MORNING
from tests.conftest import opened as opened_place
from tests.databases import copied
from tests.safekeeping.home import Home, settings_of


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory, peopled_database: Path) -> Path:
    """Return the folder of a home: three cases, two files, a cycle that was frozen and scored, a checkpoint."""
    folder = copied(peopled_database, tmp_path_factory.mktemp("lived_in"))
    with opened_place(folder, FrozenClock(MONDAY_MORNING)) as place:
        _furnish(place)
        month = opened_cycle(place)
        month.advance()
        month.rate()
        month.advance()
        home = Home(place)
        number = home.cases.penalized()
        home.cases.appealed()
        home.attach(number, b"one")
        home.attach(home.cases.registered(), b"other")
        home.sign()
    return folder


def _furnish(place: Workplace) -> None:
    with place.transaction(SYSTEM) as tx:
        regulation = loading.read_folder(loading.SHIPPED / "complaints-trial" / "v1")
        library.publish(tx, regulation, confirmed_by="leading group")
        furnish(tx)
        for person in tx.session.exec(select(Person)):
            tx.session.add(Account(person_id=person.id, must_change=False))


@pytest.fixture
def home(tmp_path: Path, clock: FrozenClock, lived_in: Path) -> Iterator[Home]:
    """Return a home with something to lose."""
    with opened_place(copied(lived_in, tmp_path / "home"), clock) as place:
        yield Home(place)


@pytest.fixture
def anew(home: Home, tmp_path: Path) -> Settings:
    """Return the settings of an empty installation beside it, on the same kind of database."""
    return settings_of(tmp_path / "anew", home)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return an empty folder for archives."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder
