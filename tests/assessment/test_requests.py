"""Requests: who asks that a cycle go on, who takes them, and what the sweep adds when nobody did."""

import pytest

from svcqa.assessment import cycles, requests, stretches
from svcqa.assessment.sweeping import sweep, sweep_all


def waiting(month):
    return month.read(requests.waiting)


def swept(month):
    return month.act_as_system(requests.sweep)


def test_opening_asks_once_that_the_cycle_be_run(month):
    (one,) = waiting(month)
    assert (one.cycle_id, one.number) == (month.cycle_id, month.cycle.number)
    month.act("liumin", lambda tx: requests.want(tx, month.cycle_id, reason="button"))
    assert waiting(month) == [one]
    assert swept(month) == 0


def test_a_request_is_taken_once(month):
    (one,) = waiting(month)
    assert month.act_as_system(lambda tx: requests.take(tx, one.id, run_ref="a"))
    assert not month.act_as_system(lambda tx: requests.take(tx, one.id, run_ref="b"))
    assert waiting(month) == []


def test_a_stretch_answers_what_was_asked_before_it(month):
    month.advance()
    assert waiting(month) == []
    assert swept(month) == 0, "it waits for people"


def test_a_run_that_was_lost_is_asked_for_again(month):
    (one,) = waiting(month)
    month.act_as_system(lambda tx: requests.take(tx, one.id, run_ref="lost with its scheduler"))
    assert swept(month) == 0
    month.later(minutes=3)
    assert swept(month) == 1
    assert len(waiting(month)) == 1


def test_a_stretch_that_broke_off_is_asked_for_when_its_lease_is_over(month):
    stretches.begin(month.place, month.cycle_id, owner="killed")
    assert swept(month) == 0
    month.later(seconds=61)
    assert swept(month) == 1


def test_the_last_rating_asks_that_the_cycle_go_on(month):
    month.advance()
    month.rate(all_but=1)
    assert waiting(month) == []
    month.rate()
    assert len(waiting(month)) == 1


def test_the_closing_date_asks_that_the_cycle_go_on(month):
    month.advance()
    month.later(days=6)
    assert swept(month) == 0
    month.later(days=2)
    assert swept(month) == 1
    assert swept(month) == 0


def test_confirming_and_sending_back_ask_that_the_cycle_go_on(month):
    month.advance()
    month.rate()
    month.advance()
    assert swept(month) == 0, "a person has the word"
    month.act("liumin", lambda tx: cycles.recompute(tx, month.cycle_id, reason="数据有误"))
    assert len(waiting(month)) == 1
    month.advance()
    month.confirm()
    assert len(waiting(month)) == 1


@pytest.mark.parametrize("ended", ["closed", "cancelled"])
def test_what_has_ended_is_left_alone(month, ended):
    month.advance()
    month.act_as_system(lambda tx: tx.driver.execute(f"UPDATE cycle SET stage = '{ended}'"))
    assert swept(month) == 0


def test_raters_are_reminded_once_before_the_collection_closes(month):
    month.advance()
    month.rate(all_but=3)
    assert sweep(month.place).reminded == 0
    month.later(days=4)
    assert sweep(month.place).reminded == 3
    assert sweep(month.place).reminded == 0
    assert sum(slug == "rating_reminder" for slug, _ in month.mails()) == 3


def test_one_sweep_does_what_is_due_in_every_room(month):
    month.advance()
    month.later(days=8)
    done = sweep_all(month.place)
    assert (done.cycles.wanted, done.cycles.reminded, done.failed) == (1, 0, 0)
    assert sweep_all(month.place).cycles.wanted == 0


def test_what_breaks_off_again_and_again_is_tried_now_and_then_only(month):
    for attempt in range(6):
        stretches.begin(month.place, month.cycle_id, owner=f"failing {attempt}")
        month.later(minutes=3)
        if attempt < 3:
            assert swept(month) == 1
    assert swept(month) == 0
    month.later(minutes=30)
    assert swept(month) == 1
