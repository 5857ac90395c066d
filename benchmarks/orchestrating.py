"""PF-7: what Prefect adds to a cycle. The same whole life of a cycle, four stretches, with it and without.

Each stretch is a process of its own on both sides, from its start to its end: a flow run against a real server on
SQLite, or `svcqa cycle advance`. Waiting for a worker to look is left out; it costs no machine anything.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from itertools import count
from pathlib import Path

from benchmarks import world
from benchmarks.databases import Database
from benchmarks.measure import Comparison, in_turn
from svcqa import migrating
from svcqa.assessment import cycles, standing
from svcqa.bootstrap import build
from svcqa.commands import scheduler
from svcqa.commands.children import Child
from svcqa.demo import invented, people
from svcqa.demo.incidents import OCTOBER
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace
from svcqa.organisation import access, roster
from svcqa.organisation.people import by_staff_number, unit_coded
from svcqa.organisation.roster_file import Roster
from svcqa.records import importing, mapping, sheets
from svcqa.rulebook import library, loading

TEAM = 20
LARGE = 10_000
CALLS_EACH = 30
SCHEME = "telecom-service"
MOMENTS = tuple(datetime(2026, 11, day, 1, tzinfo=UTC) for day in (2, 11, 12, 20))
CONFIRMED_BEFORE = 2
FLOW = (
    "import asyncio, sys; from flows.assessment_cycle import assessment_cycle as lead;"
    " asyncio.run(lead(sys.argv[1]))"
)
PORT = 42_110


def run(database: Database, *, rounds: int, people: int) -> list[Comparison]:
    """Compare the seconds of a whole cycle in Prefect's hand and in the terminal's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        number = furnish(database.new(folder / "new"), people)
        trial = Trial(database, folder, number, people)
        with _prefect(folder / "new"):
            goal = ">= 0.9" if people >= LARGE else ""  # a small cycle is over before Prefect is imported
            title, remark = f"PF-7 a cycle of {people:,}", "four processes each, no task per person"
            ours = ("with Prefect", lambda: trial.live([sys.executable, "-c", FLOW, number]))
            command = [sys.executable, "-m", "svcqa.cli", "cycle", "advance", number]
            plain = ("svcqa cycle advance", lambda: trial.live(command))
            return [in_turn(title, ours, plain, rounds=rounds, goal=goal, remark=remark)]


@dataclass
class Trial:
    """A cycle that has just been opened, to be lived as often as wanted."""

    database: Database
    folder: Path
    number: str
    people: int

    def __post_init__(self) -> None:
        self._names = count()

    def live(self, command: list[str]) -> tuple[int, float]:
        """Lead a copy of the cycle to its measures by a command and return people and seconds."""
        copy = self.database.copy(self.folder / "new", self.folder / f"{next(self._names)}")
        seconds = 0.0
        for place_in_life, moment in enumerate(MOMENTS):
            settings = _settings(copy, moment)
            if place_in_life == CONFIRMED_BEFORE:
                _confirm(build(settings).place, self.number)
            environment = {**os.environ, **settings.environment(), **scheduler.environment(settings)}
            started = time.perf_counter()
            subprocess.run(command, env=environment, check=True, capture_output=True)
            seconds += time.perf_counter() - started
        with _reading(build(_settings(copy, MOMENTS[-1])).place) as tx:
            assert standing.numbered(tx, self.number).stage in {"improving", "closed"}
        self.database.drop(copy)
        return self.people, seconds


def _settings(folder: Path, moment: datetime) -> Settings:
    clock = f"frozen:{moment.isoformat()}"
    return world.settings(folder, clock=clock, prefect_port=PORT)


def furnish(folder: Path, number: int) -> str:
    """Make an installation with so many people and their October, open its cycle and return its number."""
    place = build(_settings(folder, MOMENTS[0])).place
    migrating.migrate(place.engine)
    staff = [f"B{one:05}" for one in range(number)]
    with place.transaction(SYSTEM) as tx:
        roster.load(tx, people.roster())
        roster.load(tx, _desk(staff))
        library.publish(tx, loading.read_folder(loading.SHIPPED / SCHEME / "v1"), confirmed_by="second")
        _enter(tx, "interactions", invented.calls(staff, OCTOBER, each=CALLS_EACH))
        _enter(tx, "exams", invented.exams(staff, OCTOBER))
        unit = unit_coded(tx, "desk")
        assert unit is not None
        cycle_id = cycles.open(tx, SCHEME, unit_id=unit.id, cadence="monthly", period_from=OCTOBER)
        number_of_cycle = standing.load(tx, cycle_id).number
    place.engine.dispose()
    return number_of_cycle


def _desk(staff: list[str]) -> Roster:
    teams = [f"desk{team}" for team in range(-(-len(staff) // TEAM))]
    units = [{"code": "desk", "name": "desk", "kind": "office", "parent": "fgs"}]
    units += [{"code": team, "name": team, "kind": "team", "parent": "desk"} for team in teams]
    people = [
        {
            "staff_number": number,
            "name": f"person {number}",
            "email": f"{number.lower()}@corp.example",
            "designated": True,
            "posts": [{"unit": teams[place // TEAM], "post": "member" if place % TEAM else "head"}],
        }
        for place, number in enumerate(staff)
    ]
    fgs = {"code": "fgs", "name": "分公司", "kind": "branch"}
    return Roster.model_validate({"from_on": "2026-01-01", "units": [fgs, *units], "people": people})


def _enter(tx: Transaction, kind: str, content: bytes) -> None:
    name = f"invented_{kind}.map.yaml"
    rules = mapping.parse(files("svcqa.demo").joinpath(name).read_text("utf-8"), name=name)
    importing.take_over(tx, sheets.parse(content, name=f"{kind}.csv"), mapping=rules, policy="refuse")


def _confirm(place: Workplace, number: str) -> None:
    with place.reading(SYSTEM) as tx:
        supervisor = by_staff_number(tx, "10206")
        assert supervisor is not None
        actor = access.actor_of(tx, supervisor.id, via="web")
    with place.transaction(actor) as tx:
        cycles.confirm(tx, standing.numbered(tx, number).id)
    place.engine.dispose()


@contextmanager
def _reading(place: Workplace) -> Iterator[Transaction]:
    with place.reading(SYSTEM) as tx:
        yield tx
    place.engine.dispose()


@contextmanager
def _prefect(folder: Path) -> Iterator[None]:
    """Run a Prefect server; its database is as fresh as the installation's."""
    settings = _settings(folder.with_name("server"), MOMENTS[0])
    settings.data_dir.mkdir()
    service = next(iter(scheduler.services(settings)))
    child = Child(service, settings.data_dir / "prefect.log", settings.environment())
    child.start()
    try:
        while not service.is_ready():
            time.sleep(0.2)
        yield
    finally:
        child.stop(hurry=lambda: False)
