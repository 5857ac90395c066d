"""Penalties: decided inside the tariff, by whom it belongs to, never made heavier; closing and reopening."""

from dataclasses import replace
from datetime import timedelta

import pytest

from states import Refused
from svcqa.casework import complainant, forms
from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.casework.life import sum_of
from tests.casework.refusing import act_refused

DAY = timedelta(days=1)


def test_nobody_is_penalised_unheard(life, clock):
    number = life.verified()
    life.classify(number)
    (charge,) = life.case(number).charges
    form = forms.Penalize(text="承诺未兑现", penalties=(sum_of(charge["id"]),))
    assert "还没有听取被投诉人的陈述" in act_refused(life, "liumin", number, form)
    clock.at = life.case(number).respondents[0]["state_by_at"]
    assert life.act("liumin", number, form).state == "penalized"


def test_a_decision_writes_the_penalty_and_tells_person_and_heads(life):
    number = life.classified()
    mark = life.mark()
    life.penalize(number, points="3.6", yuan="270")
    penalty = life.penalty(number)
    assert (penalty["state"], penalty["kind"], penalty["hundredths"], penalty["amount_fen"]) == (
        "decided",
        "perf",
        360,
        27_000,
    )
    assert penalty["promised_until_at"].isoformat() == "2026-12-02T09:30:00+00:00"
    assert life.mails_since(mark) == [("penalty_notice", "王建国"), ("penalty_copy", "冯建军")]
    assert [d["step"] for d in life.case(number).running] == ["reply", "serve"]
    assert life.orders() == {}


@pytest.mark.parametrize(
    ("points", "yuan", "said"),
    [
        ("7", "300", "王建国，条款 7.2.1"),
        ("4", "700", "王建国，条款 7.2.1"),
        ("2", "300", "王建国，条款 7.2.1"),
    ],
)
def test_a_sum_outside_the_tariff_is_refused(life, points, yuan, said):
    number = life.classified()
    (charge,) = life.case(number).charges
    form = forms.Penalize(text="承诺未兑现", penalties=(sum_of(charge["id"], points, yuan),))
    assert said in act_refused(life, "liumin", number, form)


def test_every_open_charge_is_decided_once(life):
    number = life.classified("wangjianguo", "chensiyu")
    first, second = (c["id"] for c in life.case(number).charges)
    for ids in ((first,), (first, first), (first, second, "another")):
        form = forms.Penalize(text="承诺未兑现", penalties=tuple(sum_of(c, "2", "150") for c in ids))
        assert "每个待处罚的指控项" in act_refused(life, "liumin", number, form)


def test_who_handled_the_case_does_not_decide_it(life):
    number = life.classified()
    both = life.cast.actor("xuwenjing")
    both = replace(both, roles=both.roles | {"supervisor"})
    sentence = act_refused(life, both, number, forms.Waive(text="轻微"))
    assert sentence == "你在本案中已参与办理，不能再参与处罚决定。请由其他人员办理。"


def test_waiving_closes_with_the_reason(life):
    number = life.classified()
    assert "还没有答复客户" in act_refused(life, "liumin", number, forms.Waive(text="轻微"))
    life.reply(number)
    life.act("liumin", number, forms.Waive(text="轻微"))
    assert (life.case(number).state, life.case(number).row["closed_how"]) == ("closed", "waived")


def test_a_respondent_who_is_an_officer_keeps_out_of_the_own_case(life):
    number = life.penalized()
    wang = life.cast.actor("wangjianguo")
    wang = replace(wang, roles=wang.roles | {"officer", "supervisor"})
    penalty = life.penalty(number)["id"]
    for form in (
        forms.Serve(penalty=penalty, how="paper"),
        forms.Serve(penalty=penalty, how="deemed", text="拒收"),
        forms.Reply(text="已整改，特此致歉"),
        forms.Assign(officer=life.key("hanlei")),
        forms.Close(),
    ):
        assert "你是本案的被投诉人" in act_refused(life, wang, number, form)
    with life.place.transaction(wang) as tx, pytest.raises(Refused, match="你是本案的被投诉人"):
        complainant.show_phone(tx, number)


def test_no_respondent_is_made_the_officer_of_the_case(life):
    number = life.verified("hanlei")
    form = forms.Assign(officer=life.key("hanlei"))
    assert "不能经办本案" in act_refused(life, "liumin", number, form, Invalid)


def test_who_was_told_hears_that_it_was_withdrawn(life):
    number = life.served()
    mark = life.mark()
    life.act("liumin", number, forms.Rescind(penalty=life.penalty(number)["id"], text="金额有误"))
    assert life.mails_since(mark) == [("penalty_withdrawn", "王建国")]
    life.reply(number)
    mark = life.mark()
    life.act("liumin", number, forms.Waive(text="轻微"))
    assert life.mails_since(mark) == [("penalty_withdrawn", "王建国")]


def test_who_was_told_nothing_is_told_nothing_of_its_withdrawal(life):
    number = life.classified("wangjianguo")
    with life.place.transaction(SYSTEM) as tx:
        Statement("UPDATE person SET email = '' WHERE id = :id").run(tx, id=life.cast["wangjianguo"].id)
    life.penalize(number, points="4", yuan="300")
    mark = life.mark()
    life.act("liumin", number, forms.Rescind(penalty=life.penalty(number)["id"], text="金额有误"))
    assert life.mails_since(mark) == []


def test_rescinding_goes_back_to_the_decision_and_never_higher(life):
    number = life.served()
    old = life.penalty(number)
    form = forms.Rescind(penalty=old["id"], text="金额有误")
    assert life.act("liumin", number, form).state == "classified"
    assert life.penalty(number)["state"] == "rescinded"
    assert act_refused(life, "liumin", number, life.penalties(number, "4.5", "300")).startswith(
        "处罚不得重于"
    )
    mark = life.mark()
    life.penalize(number, points="3", yuan="200")
    assert ("penalty_notice", "王建国") in life.mails_since(mark)
    assert life.row("SELECT replaced_at FROM decision_link WHERE object_id = :id", id=old["id"])[
        "replaced_at"
    ]
    life.demand_sound()


def test_what_payroll_holds_is_not_rescinded(life, clock):
    number = life.served()
    clock.at = life.penalty(number)["window_ends_at"] + timedelta(seconds=1)
    life.sweep()
    form = forms.Rescind(penalty=life.penalty(number)["id"], text="金额有误")
    assert "已转人劳部" in act_refused(life, "liumin", number, form, Invalid)


def test_one_is_not_rescinded_while_the_others_window_is_open(life):
    number = life.served("wangjianguo", "chensiyu")
    form = forms.Rescind(penalty=life.penalty(number)["id"], text="金额有误")
    assert "另有处罚" in act_refused(life, "liumin", number, form)


def test_closing_lets_what_lapsed_become_final(life, clock):
    number = life.served()
    life.reply(number)
    form = forms.Close()
    assert "申诉期未满" in act_refused(life, "xuwenjing", number, form)
    clock.at = life.penalty(number)["window_ends_at"] + timedelta(seconds=1)
    assert life.act("xuwenjing", number, form).state == "closed"
    assert life.orders() == {life.penalty(number)["id"]: 30_000}
    life.demand_sound()


def closed(life, clock):
    number = life.served()
    life.reply(number)
    clock.at = life.penalty(number)["window_ends_at"] + timedelta(seconds=1)
    life.sweep()
    assert life.case(number).state == "closed"
    return number


def test_reopening_keeps_the_penalty_and_owes_an_answer_again(life, clock):
    number = closed(life, clock)
    life.act("liumin", number, forms.Reopen(text="新证据"))
    case = life.case(number)
    assert (case.state, case.row["reopened"], case.row["answered_at"]) == ("verified", 1, None)
    assert [d["step"] for d in case.running] == ["classify", "reply"]
    life.act("xuwenjing", number, forms.Classify(text="原定性不变", charges=()))
    life.act("liumin", number, forms.Penalize(text="原处罚不变", penalties=()))
    life.reply(number)
    assert life.act("xuwenjing", number, forms.Close()).state == "closed"
    assert life.orders() == {life.penalty(number)["id"]: 30_000}
    form = forms.Reopen(text="又有新证据")
    assert "达到制度规定的上限" in act_refused(life, "liumin", number, form)
    life.demand_sound()


def test_reopening_has_its_time(life, clock):
    number = closed(life, clock)
    clock.advance(timedelta(days=91))
    assert "不能重启" in act_refused(life, "liumin", number, forms.Reopen(text="新证据"))


def test_a_case_without_a_customer_owes_none_after_reopening(life):
    number = life.registered(channel="daily_inspection", email="")
    life.act("xuwenjing", number, forms.ProposeDismissal(text="查无此事"))
    life.act("hanlei", number, forms.Dismiss(text="同意"))
    life.act("liumin", number, forms.Reopen(text="新证据"))
    case = life.case(number)
    assert (case.state, case.row["answer_owed"]) == ("received", 0)
    assert [d["step"] for d in case.running] == ["verify"]


def test_a_merged_case_that_is_reopened_keeps_its_one_reply_clock(life):
    lead, merged = life.registered(), life.registered()
    life.act("xuwenjing", merged, forms.Merge(lead=lead))
    due = life.deadline(merged, "reply")["due_at"]
    life.act("liumin", merged, forms.Reopen(text="不是同一件事"))
    assert life.deadline(merged, "reply")["due_at"] == due
    assert life.case(merged).row["merged_into"] is None
