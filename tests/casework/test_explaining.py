"""Each clock explains itself from its start, or says why it cannot be retold."""

from datetime import UTC, datetime, timedelta

from svcqa.casework import clocks, explaining, forms


def running(life, number):
    found = explaining.explain_clocks(life.place.calendar, life.case(number))
    return {one.clock["step"]: one for one in found if one.clock["ended_at"] is None}


def test_a_clock_is_retold_from_its_start(life):
    one = running(life, life.registered())["verify"]
    assert one.remark == ""
    assert one.explanation is not None
    assert one.explanation.due_at == one.clock["due_at"]
    assert sum((part.length for part in one.explanation.counted), timedelta(0)) == timedelta(hours=16)


def test_the_step_comes_before_the_customers_clock_that_began_with_it(life):
    assert list(running(life, life.registered())) == ["verify", "reply"]


def test_a_step_taken_up_again_goes_on_with_the_rest(life):
    one = running(life, taken_up_again(life, after=timedelta(hours=2)))["verify"]
    assert one.remark == explaining.FROM_REST
    assert one.explanation is not None
    assert sum((part.length for part in one.explanation.counted), timedelta(0)) == timedelta(hours=14)


def test_a_step_that_was_over_stays_over(life):
    one = running(life, taken_up_again(life, after=timedelta(days=7)))["verify"]
    assert (one.explanation, one.remark) == (None, explaining.FROM_BEFORE)


def taken_up_again(life, *, after):
    number = life.registered()
    life.clock.advance(after)
    life.verify(number)
    life.act("xuwenjing", number, forms.Return(text="补充当班人员情况"))
    return number


def test_a_window_goes_by_its_notice(life):
    one = running(life, life.served())[clocks.WINDOW]
    assert (one.explanation, one.remark) == (None, explaining.FROM_NOTICE)


def test_a_clock_that_waits_for_a_year_says_which(life):
    life.clock.at = datetime(2026, 12, 31, 8, tzinfo=UTC)
    one = running(life, life.registered())["verify"]
    assert one.explanation is None
    assert "2027" in one.remark
