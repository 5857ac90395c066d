"""A measure's life: proposed once, agreed before it starts, done, and led on only by whom it belongs to."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from states import Refused
from svcqa.improvement import forms
from svcqa.kernel.errors import Forbidden, Invalid, NotFound, Stale
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.kernel.verifying import verify
from tests.improvement.desk import DUE

LAST_EVENT = Statement("SELECT body FROM audit_event WHERE object_kind = 'measure' ORDER BY seq DESC LIMIT 1")


def test_a_measure_gets_a_number_and_its_owner_a_mail(desk):
    number = desk.proposed()
    assert number == "GJ-202611-001"
    assert desk.measure(number).state == "proposed"
    assert desk.measure(number).judge_until_on == date(2027, 1, 31)
    assert desk.measure(number).unit_id == desk.cast["wangjianguo"].unit_id
    assert desk.mails_since() == [("measure_assigned", "王建国")]


def test_the_same_origin_part_and_subject_give_the_same_measure(desk):
    first = desk.proposed()
    assert desk.proposed(title="又一次") == first
    assert desk.measure(first).title == "夜间首次响应时间偏长"
    assert len(desk.mails_since()) == 1
    assert desk.events() == ["measure.propose"]


@pytest.mark.parametrize("other", [{"origin_part": "indicator:quality"}, {"origin_id": "another cycle"}])
def test_another_part_or_origin_gives_another_measure(desk, other):
    assert desk.proposed() != desk.proposed(**other)


def test_a_measure_for_a_unit_stands_at_that_unit(desk):
    unit = desk.cast["wangjianguo"].unit_id
    number = desk.proposed(subject_kind="unit", subject_id=unit, owner_id=desk.cast["fengjianjun"].id)
    assert desk.measure(number).unit_id == unit
    assert desk.mails_since() == [("measure_assigned", "冯建军")]


def test_the_whole_way_is_walked_and_every_step_is_an_event(desk, place):
    number = desk.done()
    assert desk.measure(number).state == "done"
    assert desk.events() == ["measure.propose", "measure.agree", "measure.start", "measure.complete"]
    with place.reading(SYSTEM) as tx:
        assert verify(tx).fault is None


def test_words_of_people_stay_out_of_the_event_and_facts_are_in_it(desk, place):
    desk.proposed()
    with place.reading(SYSTEM) as tx:
        event = json.loads(LAST_EVENT.one(tx)[0])
    assert event["facts"]["target_hundredths"] == 8500
    assert event["facts"]["due_on"] == "2026-12-18"
    assert set(event["texts"]) == {"title", "problem"}
    assert "夜间" not in json.dumps(event, ensure_ascii=False)


def test_plan_target_and_the_month_of_the_effect_are_fixed_when_it_is_agreed(desk):
    number = desk.proposed(target_hundredths=None)
    desk.act("wangjianguo", number, forms.Agree(plan="每晚固定两人值守", target=Decimal("90.5")))
    measure = desk.measure(number)
    assert measure.plan == "每晚固定两人值守"
    assert measure.target_hundredths == 9050
    assert (measure.judge_from_on, measure.judge_until_on) == (date(2027, 1, 1), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (forms.Agree(plan="  "), "plan"),
        (forms.Start(), "illegal_move"),
        (forms.Complete(note="做了"), "illegal_move"),
    ],
)
def test_a_proposed_measure_is_agreed_with_a_plan_before_anything_else(desk, form, code):
    number = desk.proposed()
    with pytest.raises(Refused) as refused:
        desk.act("wangjianguo", number, form)
    assert refused.value.code == code
    assert desk.measure(number).version == 1


def test_without_a_target_nothing_is_agreed(desk):
    number = desk.proposed(target_hundredths=None)
    with pytest.raises(Refused, match="目标值"):
        desk.act("wangjianguo", number, forms.Agree(plan="每晚固定两人值守"))


def test_done_late_the_effect_is_looked_for_in_the_first_whole_month_after(desk):
    number = desk.agreed()
    desk.act("wangjianguo", number, forms.Start())
    desk.on(date(2027, 1, 12))
    desk.act("wangjianguo", number, forms.Complete(note="晚了三周"))
    assert desk.measure(number).judge_from_on == date(2027, 2, 1)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 1)])
def test_a_due_day_that_is_not_ahead_is_refused(desk, day):
    with pytest.raises(Invalid, match="晚于今天"):
        desk.proposed(due_on=day)
    number = desk.proposed()
    with pytest.raises(Invalid, match="晚于今天"):
        desk.act("wangjianguo", number, forms.Agree(plan="排班", due_on=day))


@pytest.mark.parametrize("who", ["wangjianguo", "fengjianjun", "zhaozhiqiang", "liumin"])
def test_the_owner_the_heads_above_and_the_supervisor_may_agree(desk, who):
    number = desk.proposed()
    assert desk.act(who, number, forms.Agree(plan="每晚固定两人值守")).state == "agreed"


def test_a_colleague_and_the_head_of_another_unit_do_not_know_of_it(desk):
    number = desk.proposed()
    for who in ("lixiaotong", "xieweidong"):
        with pytest.raises(NotFound):
            desk.act(who, number, forms.Agree(plan="每晚固定两人值守"))


def test_who_sees_it_without_owning_it_may_not_lead_it_on(desk):
    number = desk.proposed(owner_id=desk.cast["fengjianjun"].id)
    with pytest.raises(Forbidden, match="负责人"):
        desk.act("wangjianguo", number, forms.Agree(plan="每晚固定两人值守"))
    with pytest.raises(Forbidden):
        desk.act("zhouhuimin", number, forms.Agree(plan="每晚固定两人值守"))


def test_an_employee_proposes_nothing_and_withdraws_nothing(desk):
    with pytest.raises(Forbidden):
        desk.proposed(who="wangjianguo")
    number = desk.proposed()
    with pytest.raises(Forbidden):
        desk.act("wangjianguo", number, forms.Withdraw(note="不想做"))
    assert desk.act("liumin", number, forms.Withdraw(note="重复")).state == "withdrawn"


def test_who_read_an_older_version_is_told_so(desk):
    number = desk.proposed()
    desk.act("fengjianjun", number, forms.Agree(plan="每晚固定两人值守"))
    with pytest.raises(Stale, match="没有保存") as stale:
        desk.act("wangjianguo", number, forms.Agree(plan="另一个做法", version=1))
    assert stale.value.changes == ("现在的状态：待开始",)
    assert desk.measure(number).plan == "每晚固定两人值守"


def test_a_number_that_does_not_exist_is_not_found(desk):
    with pytest.raises(NotFound):
        desk.act("liumin", "GJ-202611-999", forms.Start())


def test_a_due_day_may_lie_in_a_year_without_a_calendar(desk):
    number = desk.proposed(due_on=DUE + timedelta(days=400))
    assert desk.measure(number).state == "proposed"
