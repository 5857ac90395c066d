"""Worlds for the faults to befall, and how long they last: short in every run, long by `make faults`."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import copied, on_postgres
from tests.faults.world import World, furnish, world_in


@dataclass(frozen=True)
class Profile:
    """How often the faults come."""

    kills: int
    kills_too: int
    """On PostgreSQL, where the same is done once more."""
    rounds: int


PROFILES = {
    "short": Profile(kills=4, kills_too=3, rounds=1),
    "long": Profile(kills=100, kills_too=100, rounds=20),
}
PROFILE = PROFILES[os.environ.get("SVCQA_FAULTS", "short")]


@pytest.fixture(scope="session", autouse=True)
def bytecode() -> Iterator[None]:
    """Let the processes keep compiled modules: what starts a hundred times should not compile each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, database: str) -> Path:
    """Return the folder of an installation that nobody worked in yet; made once, then copied."""
    folder = tmp_path_factory.mktemp("furnished")
    if database == "postgresql":
        on_postgres(folder)
    furnish(folder)
    return folder


@pytest.fixture
def world(tmp_path: Path, furnished: Path) -> Iterator[World]:
    """Return an installation of the test's own; whatever it leaves running is ended."""
    world = world_in(copied(furnished, tmp_path / "var"))
    yield world
    world.close()
