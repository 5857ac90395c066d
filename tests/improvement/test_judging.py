"""A verdict is kept with its figures when the window is over, told to whom it concerns, and not before."""

import json
from datetime import date

import pytest

from states import Refused
from svcqa.improvement import forms, judging, queries
from svcqa.kernel.errors import Forbidden, Invalid
from svcqa.kernel.transaction import SYSTEM
from tests.improvement.test_judge import series

AFTER = date(2027, 2, 1)


def judged(desk, number, found):
    with desk.place.transaction(SYSTEM) as tx:
        return judging.judge(tx, desk.measure(number).id, series=found)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [(series(8600), "effective"), (series(7000), "not_effective"), (None, "not_enough_data")],
)
def test_the_verdict_becomes_the_state_with_its_sentence_and_figures(desk, found, verdict):
    number = desk.done()
    desk.on(AFTER)
    mark = desk.mark()
    judgement = judged(desk, number, found)
    measure = desk.measure(number)
    assert measure.state == verdict
    assert measure.verdict == judgement.sentence
    assert json.loads(measure.judgement) == judgement.as_plain()
    assert desk.mails_since(mark) == [("measure_effect", "王建国"), ("measure_effect", "冯建军")]


def test_the_page_reads_the_figures_back(desk):
    number = desk.done()
    with desk.place.reading(SYSTEM) as tx:
        assert queries.one(tx, number).figures == {}
    desk.on(AFTER)
    judged(desk, number, series(8600))
    with desk.place.reading(SYSTEM) as tx:
        assert queries.one(tx, number).figures["after"] == 8600


def test_before_the_window_is_over_nothing_is_judged(desk):
    number = desk.done()
    desk.on(date(2027, 1, 31))
    with desk.place.reading(SYSTEM) as tx:
        assert judging.waiting(tx, most=10) == []
    with pytest.raises(Refused, match="观察期未满"):
        judged(desk, number, series(8600))
    assert desk.measure(number).state == "done"


def test_what_waits_for_its_verdict_is_listed_until_it_has_one(desk):
    number = desk.done()
    desk.proposed(origin_part="other")
    desk.on(AFTER)
    with desk.place.reading(SYSTEM) as tx:
        assert [one.number for one in judging.waiting(tx, most=10)] == [number]
    judged(desk, number, series(8600))
    with desk.place.reading(SYSTEM) as tx:
        assert judging.waiting(tx, most=10) == []


def test_no_person_writes_a_verdict(desk):
    number = desk.done()
    desk.on(AFTER)
    with desk.place.transaction(desk.cast.actor("liumin")) as tx, pytest.raises(Forbidden):
        judging.judge(tx, desk.measure(number).id, series=None)


def test_a_verdict_goes_when_the_measure_is_taken_up_again(desk):
    number = desk.done()
    desk.on(AFTER)
    judged(desk, number, series(7000))
    desk.act("fengjianjun", number, forms.Reopen(note="换一个做法", due_on=date(2027, 3, 31)))
    measure = desk.measure(number)
    assert (measure.state, measure.verdict, measure.judged_at) == ("in_progress", "", None)
    assert measure.judge_from_on == date(2027, 4, 1)


def test_taking_it_up_again_needs_a_new_due_day_and_a_reason(desk):
    number = desk.done()
    desk.on(AFTER)
    judged(desk, number, None)
    with pytest.raises(Refused, match="请写明"):
        desk.act("fengjianjun", number, forms.Reopen(due_on=date(2027, 3, 31)))
    with pytest.raises(Invalid, match="完成期限"):
        desk.act("fengjianjun", number, forms.Reopen(note="换一个做法"))
