"""PF-6: import of interaction rows, read, checked, compared and written, against bare writes of those rows.

The bare side holds finished tuples in memory, or on PostgreSQL the finished bytes of a COPY; its table has the same
columns and indexes, its database the same settings. Each round fills an empty table. The last comparison is about
growth: more rows, at the same speed and in as much memory.
"""

import csv
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import hand, world
from benchmarks.databases import SQLITE, Database
from benchmarks.measure import Comparison, in_turn
from svcqa.demo import people as demo_people
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace

RULES = """\
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
"""
HEADER = ("no", "who", "way", "about", "level", "came", "wait", "done", "again", "kept", "mark")
COPIED = "COPY interaction"
TOPICS = ("bill", "fault", "order", "advice")
SPAN = 300 * 86_400
BEGAN = datetime(2026, 1, 1, 8)  # noqa: DTZ001 - wall time, as a file has it


COLUMNS = Statement("SELECT * FROM interaction ORDER BY id")


def run(database: Database, *, rounds: int, batch: int, sizes: tuple[int, int]) -> list[Comparison]:
    """Compare our import with the bare writes, and many rows with few."""
    with tempfile.TemporaryDirectory() as name:
        site = Site(database, Path(name))
        tables = {count: table(site.folder / f"{count}.csv", count) for count in (batch, *sizes)}
        rows = site.rows_of(tables[batch])
        small, large = ((f"{count:,} rows", partial(site.imported, tables[count])) for count in sizes)
        remark = f"{batch:,} rows of {len(HEADER)} cells, from a CSV file"
        ours = ("svcqa", partial(site.imported, tables[batch]))
        bare = [("bare executemany", partial(site.written, rows), ">= 0.8")]
        if database.name != SQLITE:
            bare = [(*bare[0][:2], ""), ("bare COPY", partial(site.copied, rows), ">= 0.5")]
        pairs = [
            in_turn("PF-6 import", ours, (limit, write), rounds=rounds, goal=goal, remark=remark)
            for limit, write, goal in bare
        ]
        peaks = " and ".join(f"{site.peak(tables[count]):,} MB" for count in reversed(sizes))
        growth = f"PF-6 {large[0]} against {small[0]}"
        few = max(3, rounds // 3)
        memory = f"at most {peaks} in a process of its own"
        return [*pairs, in_turn(growth, large, small, rounds=few, goal=">= 0.8", remark=memory)]


class Site:
    """A folder with a furnished installation, copied for each filling."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        world.furnish(database.new(folder / "empty")).engine.dispose()

    def rows_of(self, table: Path) -> list[tuple[Any, ...]]:
        """Return what an import of a table writes, as the driver takes it."""
        with self._fresh() as place:
            hand.take_over(place, table=str(table), rules=RULES)
            with place.reading(SYSTEM) as tx:
                return list(COLUMNS.run(tx).fetchall())

    def imported(self, table: Path) -> tuple[int, float]:
        """Import a table into a fresh installation; return the rows and the seconds to the commit."""
        with self._fresh() as place:
            started = time.perf_counter()
            count = hand.take_over(place, table=str(table), rules=RULES)
            return count, time.perf_counter() - started

    def written(self, rows: list[tuple[Any, ...]]) -> tuple[int, float]:
        """Write finished rows into a fresh installation; return the rows and the seconds to the commit."""
        mark = "?" if self.database.name == SQLITE else "%s"
        text = f"INSERT INTO interaction VALUES ({', '.join([mark] * len(rows[0]))})"
        with self._fresh() as place:
            started = time.perf_counter()
            with place.transaction(SYSTEM) as tx:
                tx.driver.cursor().executemany(text, rows)
            return len(rows), time.perf_counter() - started

    def copied(self, rows: list[tuple[Any, ...]]) -> tuple[int, float]:
        """Copy finished rows, as bytes in memory, into a fresh installation; return as `written` does."""
        with self._fresh() as place:
            data = self._as_bytes(place, rows)
            started = time.perf_counter()
            with place.transaction(SYSTEM) as tx, tx.driver.cursor().copy(f"{COPIED} FROM STDIN") as copy:
                copy.write(data)
            return len(rows), time.perf_counter() - started

    def peak(self, table: Path) -> int:
        """Return the megabytes that an import takes at most in a process of its own."""
        with self._fresh(), hand.hands("import", self.folder / "round", 1) as (one,):
            one.tell(table=str(table), rules=RULES)
            return int(one.answer()["megabytes"])

    def _as_bytes(self, place: Workplace, rows: list[tuple[Any, ...]]) -> bytes:
        """Let the database itself say how rows look that it copies; nothing of it stays."""
        with place.reading(SYSTEM) as tx:
            with tx.driver.cursor().copy(f"{COPIED} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            with tx.driver.cursor().copy(f"{COPIED} TO STDOUT") as copy:
                return b"".join(copy)

    @contextmanager
    def _fresh(self) -> Iterator[Workplace]:
        folder = self.database.copy(self.folder / "empty", self.folder / "round")
        place = world.opened(folder)
        try:
            yield place
        finally:
            place.engine.dispose()
            self.database.drop(folder)


def table(path: Path, count: int) -> Path:
    """Write a CSV file of so many made-up calls and return where it lies."""
    staff = [one.staff_number for one in demo_people.roster().people if one.posts and not one.left_on]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_calls(staff, count))
    return path


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
