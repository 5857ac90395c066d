"""Appeals: who may, how long, who reviews, and what each outcome leaves standing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from states import Refused
from svcqa.casework import contesting, forms
from svcqa.kernel.errors import Forbidden, Invalid
from tests.casework.life import REASON
from tests.casework.refusing import act_refused

DAY = timedelta(days=1)


def states(life, number):
    return {
        life.case(number).respondent(p["respondent_id"])["name"]: p["state"]
        for p in life.case(number).penalties
    }


def review(life, number, form, who="zhouhuimin", person="wangjianguo", **values):
    return life.act(who, number, form(penalty=life.penalty(number, person)["id"], text="复核意见", **values))


def test_of_two_respondents_one_appeals_and_both_ends_are_right(life, clock):
    number = life.served("wangjianguo", "chensiyu")
    mark = life.mark()
    life.appeal(number, "wangjianguo")
    assert sorted(life.mails_since(mark)) == [
        ("appeal_filed", "周慧敏"),
        ("appeal_filed", "郑佩佩"),
        ("appeal_filed", "高远"),
        ("appeal_received", "王建国"),
    ]
    clock.at = life.penalty(number, "chensiyu")["window_ends_at"] + timedelta(seconds=1)
    life.sweep()
    assert (life.case(number).state, states(life, number)) == (
        "appealed",
        {"王建国": "appealed", "陈思雨": "final"},
    )
    assert life.orders() == {life.penalty(number, "chensiyu")["id"]: 15_000}
    life.reply(number)
    mark = life.mark()
    assert review(life, number, forms.Reduce, points="1.5", yuan="100").state == "closed"
    assert sorted(life.mails_since(mark)) == [
        ("appeal_decided", "王建国"),
        ("penalty_order", "曹丽华"),
        ("penalty_order", "林可欣"),
    ]
    assert sorted(life.orders().values()) == [10_000, 15_000]
    assert life.case(number).row["closed_how"] == "reviewed"
    life.demand_sound()


def test_serving_the_second_respondent_does_not_move_the_reviewers_clock(life, clock):
    number = life.penalized("wangjianguo", "chensiyu")
    life.act("xuwenjing", number, forms.Serve(penalty=life.penalty(number)["id"], how="paper"))
    life.appeal(number, "wangjianguo")
    due = life.deadline(number, "review")["due_at"]
    clock.advance(2 * DAY)
    life.act("xuwenjing", number, forms.Serve(penalty=life.penalty(number, "chensiyu")["id"], how="paper"))
    assert life.deadline(number, "review")["due_at"] == due
    life.appeal(number, "chensiyu")
    life.act("chensiyu", number, forms.Retract(penalty=life.penalty(number, "chensiyu")["id"]))
    assert life.case(number).state == "appealed"
    assert life.deadline(number, "review")["due_at"] == due


def test_an_appeal_has_conditions_each_with_its_sentence(life, clock):
    number = life.penalized()
    penalty = life.penalty(number)["id"]
    form = forms.Appeal(penalty=penalty, how="page", text=REASON)
    assert "还没有送达" in act_refused(life, "wangjianguo", number, form)
    life.act("xuwenjing", number, forms.Serve(penalty=penalty, how="paper"))
    assert "只有受处罚的本人" in act_refused(life, "chensiyu", number, form)
    short = forms.Appeal(penalty=penalty, how="page", text="不服")
    assert "至少 10 个字" in act_refused(life, "wangjianguo", number, short)
    clock.at = life.penalty(number)["window_ends_at"] + timedelta(seconds=1)
    assert "申诉期已过" in act_refused(life, "wangjianguo", number, form)
    late = forms.Appeal(penalty=penalty, how="late", text=REASON)
    assert life.act("gaoyuan", number, late).state == "appealed"
    assert "正在复核中" in act_refused(life, "wangjianguo", number, form)


def test_the_window_is_open_to_its_last_moment(life, clock):
    number = life.served()
    clock.at = life.penalty(number)["window_ends_at"]
    assert life.sweep().closed == 0
    assert life.appeal(number, "wangjianguo").state == "appealed"


def test_a_paper_appeal_is_recorded_by_the_officer(life):
    number = life.served()
    form = forms.Appeal(penalty=life.penalty(number)["id"], how="paper", text=REASON)
    life.act("hanlei", number, form)
    filed = life.row("SELECT * FROM appeal")
    assert (filed["appellant_id"], filed["filed_by"]) == (life.cast["wangjianguo"].id, life.cast["hanlei"].id)


def test_a_paper_counts_from_the_day_it_was_handed_in(life, clock):
    number = life.served()
    penalty = life.penalty(number)
    clock.at = penalty["window_ends_at"] + timedelta(hours=3)
    paper = {"penalty": penalty["id"], "text": REASON}
    for how, at, said in (
        ("page", penalty["window_ends_at"], "申诉期已过"),
        ("paper", penalty["window_ends_at"] + timedelta(seconds=1), "申诉期已过"),
    ):
        form = forms.Appeal(how=how, handed_in_at=at, **paper)
        assert said in act_refused(life, "wangjianguo" if how == "page" else "hanlei", number, form)
    early = forms.Appeal(how="paper", handed_in_at=penalty["served_at"] - DAY, **paper)
    assert "应在送达之后" in act_refused(life, "hanlei", number, early, Invalid)
    form = forms.Appeal(how="paper", handed_in_at=penalty["window_ends_at"], **paper)
    assert life.act("hanlei", number, form).state == "appealed"
    assert life.events(number)[-1]["facts"]["handed_in_at"] == "2026-12-02T09:30:00.000000Z"
    life.demand_sound()


@pytest.mark.parametrize(("how", "days"), [("page", -1), ("paper", 1)])
def test_a_day_of_handing_in_belongs_to_paper_and_lies_in_the_past(life, how, days):
    number = life.served()
    at = life.now + days * DAY if days > 0 else life.now
    form = forms.Appeal(penalty=life.penalty(number)["id"], how=how, text=REASON, handed_in_at=at)
    who = "wangjianguo" if how == "page" else "hanlei"
    assert "收到时间" in act_refused(life, who, number, form, Invalid)


def lapsed(life, *respondents, **values):
    number = life.served(*respondents, **values)
    life.clock.at = life.case(number).penalties[0]["window_ends_at"] + timedelta(seconds=1)
    life.sweep()
    assert life.case(number).penalties[0]["state"] == "final"
    return number, life.case(number).penalties[0]["id"]


def test_a_final_penalty_is_still_admitted_late_with_cause(life):
    number, penalty = lapsed(life, "cd1")
    own = forms.Appeal(penalty=penalty, how="page", text=REASON)
    assert "申诉期已过" in act_refused(life, "fengjianjun", number, own)
    late = forms.Appeal(penalty=penalty, how="late", text=REASON)
    assert life.act("gaoyuan", number, late).state == "appealed"
    assert life.case(number).penalties[0]["ended_at"] is None
    life.act("zhouhuimin", number, forms.Revoke(penalty=penalty, text="复核意见"))
    assert life.case(number).penalties[0]["state"] == "revoked"
    life.demand_sound()


def test_what_payroll_holds_is_not_admitted_late(life):
    number, penalty = lapsed(life)
    late = forms.Appeal(penalty=penalty, how="late", text=REASON)
    assert "扣款已转人劳部" in act_refused(life, "gaoyuan", number, late)


def test_a_penalised_reviewer_does_not_admit_the_own_appeal_late(life, clock):
    number = life.served()
    clock.at = life.penalty(number)["window_ends_at"] + timedelta(seconds=1)
    wang = life.cast.actor("wangjianguo")
    wang = replace(wang, roles=wang.roles | {"reviewer"})
    form = forms.Appeal(penalty=life.penalty(number)["id"], how="late", text=REASON)
    assert "申诉期已过" in act_refused(life, wang, number, form)


def test_an_appeal_taken_back_is_not_filed_again_in_silence(life):
    number = life.appealed()
    penalty = life.penalty(number)["id"]
    with life.place.transaction(life.cast.actor("wangjianguo")) as tx:
        contesting.appeal(tx, penalty, reason=REASON, how="page")
        contesting.retract(tx, penalty)
    with (
        life.place.transaction(life.cast.actor("wangjianguo")) as tx,
        pytest.raises(Refused, match="不能再次申诉"),
    ):
        contesting.appeal(tx, penalty, reason=REASON, how="page")


def test_the_head_of_a_penalised_unit_appeals(life):
    number = life.served("cd1")
    (penalty,) = life.case(number).penalties
    assert (penalty["person_id"], penalty["kind"]) == (None, "none")
    form = forms.Appeal(penalty=penalty["id"], how="page", text=REASON)
    act_refused(life, "wangjianguo", number, form)
    act_refused(life, "dengzhihua", number, form)
    assert life.act("fengjianjun", number, form).state == "appealed"
    assert life.row("SELECT * FROM appeal")["appellant_id"] == life.cast["fengjianjun"].id


def test_a_units_paper_appeal_belongs_to_its_head(life):
    number = life.served("cd1")
    form = forms.Appeal(penalty=life.case(number).penalties[0]["id"], how="paper", text=REASON)
    life.act("xuwenjing", number, form)
    assert life.row("SELECT * FROM appeal")["appellant_id"] == life.cast["fengjianjun"].id


def test_retracting_makes_the_penalty_final(life):
    number = life.appealed()
    form = forms.Retract(penalty=life.penalty(number)["id"])
    assert "只能撤回自己" in act_refused(life, "chensiyu", number, form)
    assert life.act("wangjianguo", number, form).state == "penalized"
    assert states(life, number) == {"王建国": "final"}
    assert life.orders() == {life.penalty(number)["id"]: 30_000}
    again = forms.Appeal(penalty=life.penalty(number)["id"], how="page", text=REASON)
    assert "已经申诉过" in act_refused(life, "wangjianguo", number, again)


def test_upholding_keeps_the_sum(life):
    number = life.appealed()
    assert review(life, number, forms.Uphold).state == "penalized"
    assert (states(life, number), life.orders()) == (
        {"王建国": "upheld"},
        {life.penalty(number)["id"]: 30_000},
    )
    assert [d["step"] for d in life.case(number).running] == ["reply", "close"]


def test_revoking_leaves_nothing_to_take(life):
    number = life.appealed()
    life.reply(number)
    assert review(life, number, forms.Revoke).state == "closed"
    penalty = life.penalty(number)
    assert (penalty["state"], penalty["final_fen"], penalty["final_hundredths"]) == ("revoked", 0, 0)
    assert life.orders() == {}


@pytest.mark.parametrize(("points", "yuan"), [("4", "300"), ("5", "100"), ("1", "400")])
def test_a_reduction_is_strictly_lighter(life, points, yuan):
    number = life.appealed()
    form = forms.Reduce(
        penalty=life.penalty(number)["id"], text="减轻", points=Decimal(points), yuan=Decimal(yuan)
    )
    assert "至少一项更低" in act_refused(life, "zhouhuimin", number, form)


def test_a_reviewer_took_no_part_and_is_no_superior(life):
    number = life.appealed()
    form = forms.Uphold(penalty=life.penalty(number)["id"], text="维持")
    act_refused(life, "wangjianguo", number, form, Forbidden)
    for who, said in (
        ("xuwenjing", "已参与办理"),
        ("liumin", "已参与处罚决定"),
        ("zhaozhiqiang", "或其上级"),
    ):
        actor = life.cast.actor(who)
        actor = replace(actor, roles=actor.roles | {"reviewer"})
        assert said in act_refused(life, actor, number, form)


def test_a_remand_comes_once_and_then_another_reviewer_hears_it(life):
    number = life.appealed()
    assert review(life, number, forms.Remand).state == "verified"
    life.classify(number)
    sentence = act_refused(life, "liumin", number, life.penalties(number, "5", "300"))
    assert sentence.startswith("处罚不得重于曾被申诉的处罚")
    life.penalize(number, points="4", yuan="300")
    life.act("xuwenjing", number, forms.Serve(penalty=life.penalty(number)["id"], how="paper"))
    mark = life.mark()
    life.appeal(number, "wangjianguo")
    assert sorted(m for m in life.mails_since(mark) if m[0] == "appeal_filed") == [
        ("appeal_filed", "郑佩佩"),
        ("appeal_filed", "高远"),
    ]
    form = forms.Remand(penalty=life.penalty(number)["id"], text="再发回")
    assert "上一次申诉" in act_refused(life, "zhouhuimin", number, form)
    assert "已经发回重审过一次" in act_refused(life, "gaoyuan", number, form)
    life.demand_sound()


def test_a_dropped_charge_does_not_forget_that_it_was_remanded(life):
    number = life.appealed("wangjianguo", "chensiyu")
    for_now = life.penalty(number, "chensiyu")
    life.clock.at = for_now["window_ends_at"] + timedelta(seconds=1)
    life.sweep()
    review(life, number, forms.Remand)
    wang = next(r["id"] for r in life.case(number).respondents if r["name"] == "王建国")
    first = forms.ChargeLine(respondent=wang, clause="7.2.1", share=50)
    life.act("xuwenjing", number, forms.Classify(text="一致", charges=(first,)))
    life.act("liumin", number, forms.Return(text="换条款"))
    other = forms.ChargeLine(respondent=wang, clause="7.2.1", share=50)
    life.act("xuwenjing", number, forms.Classify(text="一致", charges=(other,)))
    assert {c["respondent_id"]: c["remands"] for c in life.case(number).undecided} == {wang: 1}
