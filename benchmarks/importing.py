"""PF-6: import of interaction rows, read, checked, compared and written, against bare executemany of those rows.

The bare side holds finished tuples in memory; its table has the same columns and indexes, its database the same
settings. Each round fills an empty table. The second comparison is about growth: twenty times the rows.
"""

import csv
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import world
from benchmarks.measure import Comparison, in_turn
from svcqa.bootstrap import build
from svcqa.demo import people as demo_people
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.records import importing as imports
from svcqa.records import mapping, sheets

RULES = mapping.parse(
    """\
kind: interactions
source: benchmark
reference: no
person: who
channel: {column: way, words: {tel: phone, mail: email}}
topic: about
urgency: level
opened_at: came
responded_at: {after: opened_at, seconds: wait}
resolved_at: done
reopened: again
met_target: kept
satisfaction: mark
""",
    name="benchmark.map.yaml",
)
HEADER = ("no", "who", "way", "about", "level", "came", "wait", "done", "again", "kept", "mark")
TOPICS = ("bill", "fault", "order", "advice")
SPAN = 300 * 86_400
BEGAN = datetime(2026, 1, 1, 8)  # noqa: DTZ001 - wall time, as a file has it


def run(*, rounds: int, batch: int, sizes: tuple[int, int]) -> list[Comparison]:
    """Compare our import with the bare writes, and many rows with few."""
    with tempfile.TemporaryDirectory() as name:
        site = Site(Path(name))
        tables = {count: site.table(count) for count in (batch, *sizes)}
        rows = site.rows_of(tables[batch])
        small, large = ((f"{count:,} rows", partial(site.imported, tables[count], count)) for count in sizes)
        remark = f"{batch:,} rows of {len(HEADER)} cells, from a CSV file"
        ours = ("svcqa", partial(site.imported, tables[batch], batch))
        bare = ("bare executemany", partial(site.written, rows))
        growth = f"PF-6 {large[0]} against {small[0]}"
        return [
            in_turn("PF-6 import", ours, bare, rounds=rounds, goal=">= 0.8", remark=remark),
            in_turn(growth, large, small, rounds=max(3, rounds // 3), goal=">= 0.8"),
        ]


class Site:
    """A folder with tables of made-up calls and a furnished installation, copied for each filling."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        world.furnish(folder / "empty").engine.dispose()

    def table(self, count: int) -> Path:
        """Write a CSV file of so many calls and return where it lies."""
        path = self.folder / f"{count}.csv"
        staff = [one.staff_number for one in demo_people.roster().people if one.posts and not one.left_on]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(_calls(staff, count))
        return path

    def rows_of(self, table: Path) -> list[tuple[Any, ...]]:
        """Return what an import of a table writes, as the driver takes it."""
        with self._fresh() as place:
            _import(place, table)
            with place.reading(SYSTEM) as tx:
                return list(tx.driver.execute("SELECT * FROM interaction ORDER BY id").fetchall())

    def imported(self, table: Path, count: int) -> tuple[int, float]:
        """Import a table into a fresh installation; return the rows and the seconds to the commit."""
        with self._fresh() as place:
            started = time.perf_counter()
            _import(place, table)
            return count, time.perf_counter() - started

    def written(self, rows: list[tuple[Any, ...]]) -> tuple[int, float]:
        """Write finished rows into a fresh installation; return the rows and the seconds to the commit."""
        marks = ", ".join("?" * len(rows[0]))
        with self._fresh() as place:
            started = time.perf_counter()
            with place.transaction(SYSTEM) as tx:
                tx.driver.executemany(f"INSERT INTO interaction VALUES ({marks})", rows)
            return len(rows), time.perf_counter() - started

    @contextmanager
    def _fresh(self) -> Iterator[Workplace]:
        folder = shutil.copytree(self.folder / "empty", self.folder / "round")
        place = build(world.settings(folder), clock=FrozenClock(world.NOW)).place
        try:
            yield place
        finally:
            place.engine.dispose()
            shutil.rmtree(folder)


def _import(place: Workplace, table: Path) -> None:
    with place.transaction(SYSTEM) as tx:
        done = imports.take_over(tx, sheets.read(table), mapping=RULES, policy="refuse")
    if not done.new:
        raise RuntimeError("the benchmark's table brought nothing new")


def _calls(staff: list[str], count: int) -> Iterator[tuple[object, ...]]:
    draw = Random(6)
    for number in range(count):
        came = BEGAN + timedelta(seconds=number * SPAN // count)
        done = came + timedelta(seconds=draw.randint(60, 400_000))
        about = TOPICS[number % len(TOPICS)]
        kept = "true" if draw.random() < 0.8 else "false"
        yield (
            *(f"T{number:08d}", draw.choice(staff), draw.choice(("tel", "mail")), about, draw.randint(1, 4)),
            *(came, draw.randint(5, 600), done, int(draw.random() < 0.02), kept, draw.choice(("", 3, 4, 5))),
        )
