"""A transaction that was undone for another's sake begins anew; every other failure is told at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from svcqa.kernel import attempts
from svcqa.kernel.attempts import done_again
from svcqa.kernel.errors import Busy
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.databases import on_postgresql

NUMBER = Statement("INSERT INTO number_series (series, last) VALUES (:series, 0)")
RAISE = Statement("UPDATE number_series SET last = last + 1 WHERE series = :series")
LASTS = Statement("SELECT last FROM number_series ORDER BY series")


def failing(times, error):
    calls: list[int] = []

    @done_again
    def work():
        calls.append(len(calls))
        if len(calls) <= times:
            raise error
        return len(calls)

    return work, calls


def test_what_was_undone_is_done_again_until_it_comes_through():
    work, _ = failing(attempts.TRIES - 1, Busy(undone=True))
    assert work() == attempts.TRIES


def test_what_never_comes_through_is_told():
    work, calls = failing(99, Busy(undone=True))
    with pytest.raises(Busy):
        work()
    assert len(calls) == attempts.TRIES


def test_a_lock_that_was_waited_for_and_any_other_failure_are_told_at_once():
    for error in (Busy(), ValueError("unforeseen")):
        work, calls = failing(1, error)
        with pytest.raises(type(error)):
            work()
        assert len(calls) == 1


@on_postgresql
def test_two_that_wait_for_each_other_both_come_through(empty_place):
    both_hold_one = threading.Barrier(2)

    @done_again
    def raised(first, second):
        with empty_place.transaction(SYSTEM) as tx:
            RAISE.run(tx, series=first)
            with suppress(threading.BrokenBarrierError):  # who comes back alone waits in vain
                both_hold_one.wait(2)
            RAISE.run(tx, series=second)

    with empty_place.transaction(SYSTEM) as tx:
        NUMBER.run(tx, series="a")
        NUMBER.run(tx, series="b")
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda names: raised(*names), ["ab", "ba"]))
    with empty_place.reading(SYSTEM) as tx:
        assert LASTS.run(tx).fetchall() == [(2,), (2,)]
