"""The raw side of PF-1 and PF-4: what our side wrote, written again by the database's own binding and nothing else.

Every write that passes `Statement.run` is noted once and replayed on a copy of the database, in transactions of as
many steps: no reads, no guards, no rendering, but the two hashes of the chain for each event.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import databases
from benchmarks.databases import SQLITE, Database
from svcqa.kernel import audit
from svcqa.kernel.statements import Driven, Statement, stored

Written = list[tuple[Statement, dict[str, Any]]]
Steps = Callable[[int, int], int]
"""So many transactions of so many steps each; returns how many steps that were."""


@contextmanager
def recording() -> Iterator[Written]:
    """Note every write."""
    written: Written = []
    run = Statement.run

    def noting(self: Statement, tx: Driven, **values: Any) -> Any:
        if not self.sqlite.lstrip().startswith("SELECT"):
            written.append((self, dict(values)))
        return run(self, tx, **values)

    Statement.run = noting  # type: ignore[method-assign]  # only while recording
    try:
        yield written
    finally:
        Statement.run = run  # type: ignore[method-assign]


def writing(database: Database, folder: Path, steps: list[Written]) -> Steps:
    """Return what writes the steps one after the other into an installation."""
    driver = databases.driver(folder)
    plain = [[(database.text(text), _plain(database, values)) for text, values in step] for step in steps]
    waiting = iter(plain)

    def write(times: int, at_once: int) -> int:
        for _ in range(times):
            if database.name == SQLITE:
                driver.execute("BEGIN IMMEDIATE")
            for step in islice(waiting, at_once):
                _replay(driver, step)
            driver.commit()
        return times * at_once

    return write


def _plain(database: Database, values: dict[str, Any]) -> dict[str, Any]:
    if database.name != SQLITE:
        return values
    return {name: stored(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _replay(driver: Any, step: list[tuple[str, dict[str, Any]]]) -> None:
    for text, values in step:
        if "body" in values:
            leaf = hashlib.sha256(values["body"].encode()).digest()
            hashlib.sha256(leaf + leaf).digest()
        driver.execute(text, values)


def by_event(written: Written) -> list[Written]:
    """Cut what was written into steps; each ends with its event, which moves the chain's head."""
    steps: list[Written] = [[]]
    for statement, values in written:
        steps[-1].append((statement, values))
        if statement is audit.MOVE_HEAD:
            steps.append([])
    return [step for step in steps if step]
