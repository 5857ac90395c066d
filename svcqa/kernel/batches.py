"""Doing what has come due, batch by batch: one transaction a batch, each row whole or not at all.

What fails is logged and left for the next sweep; it keeps nothing else from being done. One sweep works at a time.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from svcqa.kernel.attempts import done_again
from svcqa.kernel.database import is_lock
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace

log = logging.getLogger("svcqa.sweep")

SIZE = 200

Row = dict[str, Any]
Found = TypeVar("Found")
Due = Callable[[Transaction, int], Iterable[Row]]
"""Returns at most so many rows that are due; each with its `number`, and its `id` where it has one."""
Do = Callable[[Transaction, Row], bool]
"""Does one row and tells whether there was something to do; afterwards the row is no longer due."""


@done_again
def any_due(place: Workplace, kinds: Iterable[Due]) -> bool:
    """Tell whether any kind of row is due; looks in one read, because a sweep mostly finds nothing."""
    with place.reading(SYSTEM) as tx:
        return any(map(bool, (due(tx, 1) for due in kinds)))


def until_done(place: Workplace, due: Due, do: Do, failed: set[str]) -> int:
    """Do all rows that are due and return how many; the ids of those that fail are added to `failed`."""
    total = 0
    while True:
        before = len(failed)
        done = _at_once(place, due, do, failed)
        if done is None:
            done = _one_by_one(place, due, do, failed)
        total += done
        if done + len(failed) - before < SIZE:
            return total


def prepared(
    tx: Transaction, rows: Iterable[Row], prepare: Callable[[Row], Found], failed: set[str]
) -> dict[str, Found]:
    """Work out something about each row, writing nothing, and return it by key; what fails is noted in `failed`."""
    found = {}
    for row in rows:
        with _noted(row, prepare, failed), tx.part():
            found[_key(row)] = prepare(row)
    return found


def _at_once(place: Workplace, due: Due, do: Do, failed: set[str]) -> int | None:
    """Do a batch as one piece and return how many rows; None where one failed, and nothing was done.

    Nearly always none fails, and a part for each row would cost half as much as what the row writes.
    """
    done = 0
    try:
        with _sweeping(place) as tx:
            for row in _left(tx, due, failed):
                done += do(tx, row)
                if done == SIZE:
                    break
    except Exception:  # whatever it was, it is met again and told, row by row
        log.debug("%s is done row by row", do.__name__, exc_info=True)
        return None
    return done


def _one_by_one(place: Workplace, due: Due, do: Do, failed: set[str]) -> int:
    """Do a batch, each row whole or not at all, and return how many; the failed ones are noted."""
    done, before = 0, len(failed)
    with _sweeping(place) as tx:
        for row in _left(tx, due, failed):
            with _noted(row, do, failed), tx.part():
                done += do(tx, row)
            if done + len(failed) - before == SIZE:
                break
    return done


@contextmanager
def _sweeping(place: Workplace) -> Iterator[Transaction]:
    with place.transaction(SYSTEM) as tx:
        tx.alone("sweep")
        tx.give_way()
        yield tx


def _left(tx: Transaction, due: Due, failed: set[str]) -> list[Row]:
    """Return a batch of rows that are due, or more where some may come to nothing, without those that failed."""
    return [row for row in due(tx, SIZE + len(failed)) if _key(row) not in failed]


@contextmanager
def _noted(row: Row, do: Callable[..., Any], failed: set[str]) -> Iterator[None]:
    """Log and note what fails, so that it keeps nothing else from being done."""
    try:
        yield
    except Exception as error:
        failed.add(_key(row))
        if is_lock(error):
            log.info("%s left %s, which somebody works at, to the next sweep", do.__name__, row["number"])
        else:
            log.exception("%s failed at %s and is tried again in the next sweep", do.__name__, row["number"])


def _key(row: Row) -> str:
    return str(row.get("id", row["number"]))
