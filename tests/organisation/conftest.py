"""What the organisation's tests share: cheap hashing, the log of actions, and an administrator who can act."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from svcqa.kernel.database import open_engine
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Actor, Workplace
from svcqa.organisation import passwords
from tests import databases
from tests.cast import Cast

ACTIONS = Statement("SELECT action FROM audit_event WHERE seq > :since ORDER BY seq")


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch):
    """Hash with the least argon2 allows: its cost is a matter of test_passwords only."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)
    passwords.nobody.cache_clear()
    yield
    passwords.nobody.cache_clear()


@pytest.fixture
def luowenbo(cast: Cast) -> Actor:
    """Return the administrator."""
    return cast.actor("luowenbo")


@pytest.fixture(scope="session")
def roster_events(peopled_database: Path) -> int:
    """Return how many events loading the people took, before any test begins."""
    engine = open_engine(databases.address(peopled_database))
    with engine.connect() as connection:
        size = connection.exec_driver_sql("SELECT size FROM audit_head").scalar_one()
    engine.dispose()
    return int(size)


@pytest.fixture
def recorded(place: Workplace, roster_events: int) -> Callable[[], list[str]]:
    """Return a function that tells which actions were recorded since the people were loaded."""

    def actions() -> list[str]:
        with place.reading(SYSTEM) as tx:
            return [row["action"] for row in ACTIONS.rows(tx, since=roster_events)]

    return actions
