"""From verified to classified: proposals by two, hearing, charges, returns, answers, and pages that are too old."""

from datetime import timedelta

import pytest

from svcqa.casework import forms
from svcqa.kernel.errors import Forbidden, Invalid, NotFound, Stale
from tests.casework.refusing import act_refused

HOUR = timedelta(hours=1)


def told(life, mark):
    return sorted(life.mails_since(mark))


def test_settling_is_proposed_by_the_unit_and_confirmed_by_the_officer(life):
    number = life.verified()
    life.reply(number)
    form = forms.ProposeSettlement(text="上门道歉")
    assert "客户满意为前提" in act_refused(life, "zhaozhiqiang", number, form)
    form = forms.ProposeSettlement(text="上门道歉", customer_content=True)
    life.act("zhaozhiqiang", number, form)
    assert life.act("xuwenjing", number, forms.Settle(text="已回访")).state == "closed"
    assert life.case(number).row["closed_how"] == "settled"


def test_exonerating_is_proposed_by_the_officer_and_confirmed_by_the_supervisor(life):
    number = life.verified(finding="not_responsible")
    life.reply(number)
    assert "没有人提出无责办结" in act_refused(life, "liumin", number, forms.Exonerate(text="同意"))
    life.act("xuwenjing", number, forms.ProposeExoneration(text="没有条款适用"))
    act_refused(life, "hanlei", number, forms.Exonerate(text="同意"), Forbidden)
    assert life.act("liumin", number, forms.Exonerate(text="同意")).state == "closed"
    assert (life.cast["liumin"].id, "decide") in life.case(number).parts


def test_who_is_found_not_responsible_is_not_classified(life):
    number = life.verified(finding="not_responsible")
    case = life.case(number)
    line = forms.ChargeLine(respondent=case.respondents[0]["id"], clause="7.2.1", share=100)
    sentence = act_refused(life, "xuwenjing", number, forms.Classify(text="一致", charges=(line,)))
    assert "核实结论是无责任" in sentence


def test_hearing_keeps_the_statement_sealed(life):
    number = life.verified()
    (respondent,) = life.case(number).respondents
    life.act("wangjianguo", number, forms.Hear(text="我当时在处理另一单", respondent=respondent["id"]))
    (respondent,) = life.case(number).respondents
    assert respondent["heard_at"] == life.now
    assert "另一单" not in respondent["statement_sealed"]
    assert life.place.seal.open_text(respondent["statement_sealed"]) == "我当时在处理另一单"


def test_what_a_respondent_said_is_not_overwritten(life):
    number = life.verified()
    (respondent,) = life.case(number).respondents
    form = forms.Hear(text="我当时在处理另一单", respondent=respondent["id"])
    life.act("wangjianguo", number, form)
    other = forms.Hear(text="他承认了", respondent=respondent["id"])
    for who in ("xuwenjing", "wangjianguo"):
        assert "作为证据上传" in act_refused(life, who, number, other)


def test_one_states_only_the_own_view(life):
    number = life.verified("wangjianguo")
    (respondent,) = life.case(number).respondents
    form = forms.Hear(text="替他说", respondent=respondent["id"])
    assert "只能提交自己的陈述" in act_refused(life, "chensiyu", number, form, Invalid)
    form = forms.Hear(text="谁", respondent="nobody")
    assert "不在本案中" in act_refused(life, "xuwenjing", number, form, Invalid)


def charges(life, number, *lines):
    known = {r["name"]: r["id"] for r in life.case(number).respondents}
    made = tuple(
        forms.ChargeLine(respondent=known.get(who, who), clause=clause, share=share)
        for who, clause, share in lines
    )
    return forms.Classify(text="一致", charges=made)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "至少填写一个指控项"),
        ([("王建国", "7.2.1", 60), ("陈思雨", "7.2.1", 30)], "合计为 90%"),
        ([("王建国", "7.2.1", 50), ("王建国", "7.2.1", 50)], "只能填写一次"),
        ([("stranger", "7.2.1", 100)], "不在本案中"),
        ([("王建国", "9.9.9", 100)], "9.9.9"),
    ],
)
def test_charges_that_cannot_stand_are_refused(life, lines, said):
    number = life.verified("wangjianguo", "chensiyu")
    assert said in act_refused(life, "xuwenjing", number, charges(life, number, *lines))


def test_the_class_is_that_of_the_gravest_clause(life):
    number = life.verified("wangjianguo", "chensiyu")
    lines = [("王建国", "7.3.1", 100), ("陈思雨", "7.2.1", 100)]
    life.act("xuwenjing", number, charges(life, number, *lines))
    assert life.case(number).row["class_id"] == "II"


def test_returning_lets_the_step_go_on_with_what_was_left(life, clock):
    number = life.registered()
    clock.advance(HOUR)  # 15 of 16 working hours are left
    life.verify(number)
    clock.advance(timedelta(days=1))
    life.act("liumin", number, forms.Return(text="请补充证据"))
    case = life.case(number)
    assert (case.state, case.row["returns_received"]) == ("received", 1)
    again = life.deadline(number, "verify")
    assert again["term"] == "900 working_minutes"
    assert life.place.calendar.working_time(life.now, again["due_at"]) == 15 * HOUR
    assert case.row["due_at"] == again["due_at"]


def test_a_step_that_comes_back_after_its_time_is_due_at_once(life, clock):
    number = life.registered()
    due = life.deadline(number, "verify")["due_at"]
    clock.advance(timedelta(days=7))
    life.verify(number)
    life.act("liumin", number, forms.Return(text="请补充证据"))
    assert life.deadline(number, "verify")["due_at"] == due
    assert life.sweep().alarms
    life.demand_sound()


def test_the_second_return_of_a_step_goes_to_the_supervisor(life):
    number = life.verified()
    life.act("xuwenjing", number, forms.Return(text="请补充"))
    life.verify(number)
    form = forms.Return(text="再补充")
    assert "第二次退回" in act_refused(life, "xuwenjing", number, form)
    assert life.act("liumin", number, form).state == "received"


def test_assigning_tells_the_officer(life):
    number = life.registered()
    mark = life.mark()
    life.act("liumin", number, forms.Assign(officer=life.key("hanlei")))
    assert life.case(number).row["assignee_id"] == life.cast["hanlei"].id
    assert life.mails_since(mark) == [("case_assigned", "韩磊")]
    form = forms.Assign(officer=life.key("wangjianguo"))
    assert "不是在岗的经办人" in act_refused(life, "liumin", number, form, Invalid)


def test_replying_stops_the_customers_clock_once(life):
    number = life.registered()
    life.reply(number)
    assert [d["step"] for d in life.case(number).running] == ["verify"]
    form = forms.Reply(text="再次答复")
    assert "已经答复过" in act_refused(life, "xuwenjing", number, form)


def test_an_old_page_is_told_what_changed(life):
    number = life.registered()
    seen = life.case(number).row["version"]
    life.reply(number)
    with pytest.raises(Stale) as stale:
        life.act("xuwenjing", number, forms.Assign(officer="10208", version=seen))
    assert "许文静 答复客户" in stale.value.changes[0]
    assert stale.value.changes[-1] == "现在的状态：已受理"


def test_a_move_from_the_wrong_state_says_where_it_belongs(life):
    sentence = act_refused(life, "liumin", life.registered(), forms.Waive(text="轻微"))
    assert sentence.startswith("当前是“已受理”，不能免予处罚；这一步只能在“已定性”时进行。")


def test_an_unknown_number_is_not_found(life):
    with pytest.raises(NotFound) as unknown:
        life.act("xuwenjing", "TS-209901-0001", forms.Reply(text="答复"))
    assert "TS-209901-0001" in unknown.value.sentence
