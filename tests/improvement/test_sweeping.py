"""What is said about a measure without being asked: each once, also after downtime, and nothing once it is done."""

from datetime import date, timedelta

import pytest

from svcqa.improvement import forms, terms
from svcqa.improvement.sweeping import Swept, sweep
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM

NOTHING = Swept(0, 0, 0)
LEAVE = Statement("UPDATE person SET left_on = '2026-11-24' WHERE id = :id")


def said_on(desk, day):
    """Sweep twice on a day and return what was mailed."""
    desk.on(day)
    mark = desk.mark()
    sweep(desk.place)
    assert sweep(desk.place) == NOTHING
    return desk.mails_since(mark)


@pytest.mark.parametrize(
    ("start", "due", "warned"),
    [
        (date(2026, 11, 1), date(2026, 11, 21), date(2026, 11, 16)),
        (date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 2)),
        (date(2026, 11, 23), date(2026, 12, 18), date(2026, 12, 12)),
    ],
)
def test_the_reminder_comes_when_three_quarters_of_the_days_are_used(start, due, warned):
    assert terms.warn_on(start, due) == warned


@pytest.mark.parametrize(
    ("after", "first", "last"),
    [
        (date(2026, 12, 18), date(2027, 1, 1), date(2027, 1, 31)),
        (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31)),
        (date(2027, 1, 31), date(2027, 2, 1), date(2027, 2, 28)),
    ],
)
def test_the_effect_is_looked_for_in_the_next_whole_month(after, first, last):
    assert terms.window(after) == (first, last)


def test_a_measure_is_warned_of_overdue_and_escalated_once_each(desk):
    number = desk.agreed()
    assert said_on(desk, date(2026, 12, 11)) == []
    assert said_on(desk, date(2026, 12, 12)) == [("measure_due", "王建国")]
    assert said_on(desk, date(2026, 12, 18)) == []
    assert said_on(desk, date(2026, 12, 19)) == [("measure_overdue", "王建国")]
    assert said_on(desk, date(2026, 12, 25)) == []
    assert said_on(desk, date(2026, 12, 26)) == [("measure_overdue", "冯建军")]
    assert said_on(desk, date(2027, 3, 1)) == []
    assert desk.events()[2:] == ["measure.alarm"] * 3
    assert desk.measure(number).version == 2


def test_after_downtime_what_is_past_is_said_and_the_reminder_is_not(desk):
    desk.agreed()
    assert said_on(desk, date(2027, 1, 20)) == [("measure_overdue", "王建国"), ("measure_overdue", "冯建军")]


def test_where_the_owner_heads_the_unit_the_next_above_is_told(desk):
    desk.proposed(owner_id=desk.cast["fengjianjun"].id)
    told = said_on(desk, date(2027, 1, 20))
    assert told == [("measure_overdue", name) for name in ("冯建军", "赵志强", "孙丽")]


def test_where_nobody_stands_above_the_supervisors_are_told(desk):
    head = desk.cast["shenguoqiang"]
    with desk.place.transaction(SYSTEM) as tx:
        LEAVE.run(tx, id=desk.cast["liangsufen"].id)
    desk.proposed(subject_id=head.id, owner_id=head.id)
    told = said_on(desk, date(2027, 1, 20))
    assert told == [("measure_overdue", name) for name in ("沈国强", "吴海峰", "刘敏")]


def test_nothing_is_said_once_it_is_done_or_withdrawn(desk):
    desk.done()
    other = desk.proposed(origin_part="other")
    desk.act("liumin", other, forms.Withdraw(note="重复"))
    assert said_on(desk, date(2027, 1, 20)) == []


def test_a_measure_reopened_with_a_new_due_day_is_warned_of_anew(desk):
    number = desk.agreed()
    said_on(desk, date(2027, 1, 20))
    desk.act("wangjianguo", number, forms.Start())
    desk.act("wangjianguo", number, forms.Complete(note="已排班"))
    with desk.place.transaction(SYSTEM) as tx:
        Statement("UPDATE measure SET state = 'not_effective' WHERE number = :number").run(tx, number=number)
    mark = desk.mark()
    desk.act("fengjianjun", number, forms.Reopen(note="换一个做法", due_on=date(2027, 3, 1)))
    assert desk.mails_since(mark) == [("measure_assigned", "王建国")]
    assert said_on(desk, date(2027, 2, 25)) == [("measure_due", "王建国")]


def test_a_measure_claimed_late_with_a_new_due_day_is_warned_of_anew(desk):
    number = desk.proposed(due_on=date(2026, 11, 30))
    assert said_on(desk, date(2026, 12, 1)) == [("measure_overdue", "王建国")]
    desk.act("wangjianguo", number, forms.Agree(plan="每晚固定两人值守", due_on=date(2026, 12, 21)))
    assert said_on(desk, date(2026, 12, 16)) == [("measure_due", "王建国")]
    assert said_on(desk, date(2026, 12, 22)) == [("measure_overdue", "王建国")]


def test_many_overdue_measures_are_said_in_batches_once(desk, monkeypatch):
    monkeypatch.setattr("svcqa.kernel.batches.SIZE", 7)
    for part in range(20):
        desk.proposed(origin_part=f"{part}")
    desk.on(date(2026, 12, 18) + timedelta(days=1))
    assert sweep(desk.place) == Swept(0, 20, 0)
    assert sweep(desk.place) == NOTHING
