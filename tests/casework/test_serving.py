"""Serving a penalty: on paper, by a visit, recorded late; the window it starts and the clock it stops."""

from datetime import timedelta

import pytest

from svcqa.casework import forms
from svcqa.kernel.errors import Invalid, NotFound
from tests.casework.refusing import act_refused

DAY = timedelta(days=1)


def test_paper_service_starts_the_window_but_never_cuts_the_promise(life):
    number = life.served()
    penalty = life.penalty(number)
    assert (penalty["state"], penalty["served_how"], penalty["served_at"]) == ("served", "paper", life.now)
    assert penalty["window_ends_at"] == penalty["promised_until_at"]
    window = life.deadline(number, "window")
    assert (window["due_at"], window["term"]) == (penalty["window_ends_at"], "5 working_days")
    assert window["rule"].startswith("《客户服务质量考核方法（试行）》")


def test_a_paper_recorded_late_leaves_two_working_days_to_appeal(life, clock):
    number = life.penalized()
    served_at = life.now
    clock.advance(14 * DAY)
    form = forms.Serve(penalty=life.penalty(number)["id"], how="paper", served_at=served_at)
    life.act("xuwenjing", number, form)
    penalty = life.penalty(number)
    assert penalty["served_at"] == served_at
    assert penalty["window_ends_at"].isoformat() == "2026-12-09T09:30:00+00:00"
    assert life.sweep().closed == 0
    assert life.appeal(number, "wangjianguo").state == "appealed"


def test_a_service_more_than_thirty_days_ago_is_not_recorded(life, clock):
    number = life.penalized()
    served_at = life.now
    clock.advance(30 * DAY + timedelta(seconds=1))
    form = forms.Serve(penalty=life.penalty(number)["id"], how="paper", served_at=served_at)
    assert "超过 30 天" in act_refused(life, "xuwenjing", number, form, Invalid)


def test_the_serving_clock_does_not_start_again_with_each_penalty_served(life, clock):
    number = life.penalized("wangjianguo", "chensiyu")
    clocks = life.deadline(number, "serve")
    clock.advance(DAY)
    life.act("xuwenjing", number, forms.Serve(penalty=life.penalty(number)["id"], how="paper"))
    assert life.deadline(number, "serve") == clocks
    assert life.case(number).row["due_at"] == clocks["due_at"]
    life.act("xuwenjing", number, forms.Serve(penalty=life.penalty(number, "chensiyu")["id"], how="paper"))
    assert [d["step"] for d in life.case(number).running] == ["reply", "window"]


def test_a_late_service_gives_the_whole_window(life, clock):
    number = life.penalized()
    clock.advance(7 * DAY)
    life.act("xuwenjing", number, forms.Serve(penalty=life.penalty(number)["id"], how="paper"))
    assert life.penalty(number)["window_ends_at"].isoformat() == "2026-12-07T09:30:00+00:00"


@pytest.mark.parametrize(
    ("who", "values", "said"),
    [
        ("wangjianguo", {"how": "paper"}, "由经办人登记"),
        ("xuwenjing", {"how": "deemed"}, "须写明原因"),
        ("xuwenjing", {"how": "mail"}, "不能人工登记"),
        ("chensiyu", {"how": "visit"}, "只有受处罚的本人"),
        ("fengjianjun", {"how": "visit"}, "只有受处罚的本人"),
        ("xuwenjing", {"how": "paper", "served_at": -DAY}, "作出处罚之后"),
        ("xuwenjing", {"how": "paper", "served_at": DAY}, "作出处罚之后"),
    ],
)
def test_service_is_recorded_by_whom_it_belongs_to(life, who, values, said):
    number = life.penalized()
    if "served_at" in values:
        values = values | {"served_at": life.now + values["served_at"]}
    form = forms.Serve(penalty=life.penalty(number)["id"], **values)
    assert said in act_refused(life, who, number, form, Invalid)


def test_the_person_confirms_by_a_visit(life):
    number = life.penalized()
    life.act("wangjianguo", number, forms.Serve(penalty=life.penalty(number)["id"], how="visit"))
    assert life.penalty(number)["served_how"] == "visit"


def test_a_penalty_is_served_once(life):
    number = life.served("wangjianguo", "chensiyu")
    form = forms.Serve(penalty=life.penalty(number)["id"], how="paper")
    assert "没有待送达的处罚" in act_refused(life, "xuwenjing", number, form)


def test_another_cases_penalty_is_not_found(life):
    other = life.penalty(life.penalized())["id"]
    number = life.penalized("chensiyu")
    act_refused(life, "xuwenjing", number, forms.Serve(penalty=other, how="paper"), NotFound)
