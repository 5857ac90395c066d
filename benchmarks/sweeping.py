"""PF-4: the deadline sweep, with many due among many open, against the same rows and events by the binding alone.

Ours tells the officer of each clock (renders, seals, stores a mail), sets the clock to its next alarm and writes the
event on the chain, in batches of one transaction. A sweep that finds nothing due is measured against the bare query.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count as counting
from pathlib import Path
from typing import Any

from benchmarks import databases, filling, replaying, world
from benchmarks.databases import Database
from benchmarks.measure import Comparison, in_turn
from svcqa.casework import sql
from svcqa.casework.sweep import sweep
from svcqa.kernel.batches import SIZE
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import stored
from svcqa.kernel.transaction import SYSTEM, Workplace

CLOCK = "id complaint_id step label term rule started_at due_at level next_at"
STEP = {"step": "verify", "label": "核实", "term": "10 working_days", "rule": "benchmark", "level": 0}
LONG_AGO, LATER, NEVER = timedelta(days=-20), timedelta(days=2), timedelta(days=300)
BETWEEN = timedelta(seconds=1)
EMPTY_SWEEPS = 100


def run(database: Database, *, rounds: int, due: int, cases: int) -> list[Comparison]:
    """Compare the sweep of so many due clocks with raw batches, and an empty sweep with the bare query."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = world.furnish(database.new(folder / "a"))
        filling.fill(place, cases)
        clocks = cases // filling.OPEN_SHARE
        with place.transaction(SYSTEM) as tx:
            filling.insert_many(tx, "deadline", CLOCK, _clocks(clocks, due, rounds))
        database.settle(place)
        place.engine.dispose()
        for copy in ("b", "c"):
            database.copy(folder / "a", folder / copy)
        steps = [step for number in range(rounds) for step in _recorded(place, number, due)]
        write = replaying.writing(database, folder / "c", steps)
        ours, numbers = world.opened(folder / "b"), counting()
        events = f"{len(steps[0])} writes each, {clocks:,} clocks running, {SIZE} a transaction"
        nothing = "everything a complaint may wait for, against the query for due clocks alone"
        raw = f"raw {database.title}"
        return [
            in_turn(
                f"PF-4 sweep of {due:,} due",
                ("svcqa", lambda: _swept(ours, next(numbers), due)),
                (raw, lambda: write(-(-due // SIZE), SIZE) and due),
                rounds=rounds,
                goal=">= 0.5",
                remark=events,
            ),
            in_turn(
                "PF-4 nothing due",
                ("svcqa", partial(_nothing, replace(ours, clock=FrozenClock(_moment(-1))))),
                (raw, partial(_asked, database, databases.driver(folder / "b"))),
                rounds=rounds,
                goal="1,000 a second",
                remark=nothing,
            ),
        ]


def _moment(number: int) -> datetime:
    return world.NOW + number * BETWEEN


def _clocks(number: int, due: int, rounds: int) -> Iterator[dict[str, Any]]:
    """Give every open case a clock that is near its end; so many of them are due in each round."""
    for place in range(number):
        ripe = _moment(place // due) if place < due * rounds else world.NOW + NEVER
        yield {
            **STEP,
            "id": f"{place:032x}",
            "complaint_id": f"{place * filling.OPEN_SHARE:032x}",
            "started_at": stored(world.NOW + LONG_AGO),
            "due_at": stored(world.NOW + LATER),
            "next_at": stored(ripe),
        }


def _swept(place: Workplace, number: int, due: int) -> int:
    swept = sweep(replace(place, clock=FrozenClock(_moment(number))))
    if swept.alarms != due or swept.failed:
        raise RuntimeError(f"the sweep did not do the {due} clocks that were due: {swept}")
    return due


def _recorded(place: Workplace, number: int, due: int) -> list[replaying.Written]:
    with replaying.recording() as written:
        _swept(place, number, due)
    return replaying.by_event(written)


def _nothing(place: Workplace) -> int:
    for _ in range(EMPTY_SWEEPS):
        sweep(place)
    return EMPTY_SWEEPS


def _asked(database: Database, driver: Any) -> int:
    at = _moment(-1)
    values = {"now": stored(at) if database.name == databases.SQLITE else at, "most": SIZE}
    for _ in range(EMPTY_SWEEPS):
        driver.execute(database.text(sql.DUE_DEADLINES), values).fetchall()
        driver.rollback()
    return EMPTY_SWEEPS
