"""Registering, verifying and the ways out before a charge: rows, events, mails and clocks."""

from datetime import timedelta

import pytest

from svcqa.casework import forms
from svcqa.kernel.errors import Forbidden, Invalid
from tests.casework.refusing import act_refused

HOUR = timedelta(hours=1)


def told(life, mark):
    return sorted(life.mails_since(mark))


def test_registering_starts_both_clocks_and_tells_the_customer(life):
    number = life.registered()
    case = life.case(number)
    assert number == "TS-202611-0001"
    assert (case.state, case.row["version"], case.row["answer_owed"]) == ("received", 1, 1)
    assert life.deadline(number, "verify")["due_at"].isoformat() == "2026-11-25T03:30:00+00:00"
    assert life.deadline(number, "reply")["due_at"].isoformat() == "2026-12-08T16:00:00+00:00"
    assert life.mails_since() == [("complaint_registered", "林女士")]
    (event,) = life.events(number)
    assert (event["facts"]["from"], event["facts"]["to"], event["version"]) == ("new", "received", [0, 1])


def test_the_same_external_id_gives_the_same_case(life):
    first = life.registered(external_id="10050-77")
    assert life.registered(external_id="10050-77") == first
    assert len(life.events(first)) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"channel": "telepathy"}, "channel"),
        ({"unit": "mars"}, "unit"),
        ({"respondents": ("99999",)}, "respondents"),
        ({"occurred_at": "later"}, "occurred_at"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(life, values, field):
    if values.get("occurred_at"):
        values = {"occurred_at": life.now + HOUR}
    with pytest.raises(Invalid) as wrong:
        life.registered(**values)
    assert wrong.value.field_name == field
    assert life.row("SELECT count(*) AS n FROM complaint")["n"] == 0
    assert life.registered() == "TS-202611-0001"


def test_a_daily_inspection_owes_no_customer_an_answer(life):
    number = life.registered(channel="daily_inspection", email="")
    assert not life.case(number).row["answer_owed"]
    assert [d["step"] for d in life.case(number).running] == ["verify"]


def test_verifying_names_the_respondents_and_invites_them(life):
    number = life.registered()
    mark = life.mark()
    life.verify(number, "wangjianguo", "cd2")
    case = life.case(number)
    assert case.state == "verified"
    assert {(r["name"], r["state_by_at"].isoformat()) for r in case.respondents} == {
        ("王建国", "2026-11-25T09:30:00+00:00"),
        ("城东二班", "2026-11-25T09:30:00+00:00"),
    }
    assert told(life, mark) == [("hearing_invited", "王建国"), ("hearing_invited", "邓志华")]
    assert [d["step"] for d in case.running] == ["reply", "classify"]
    assert case.parts == {(life.cast["xuwenjing"].id, "handle")}
    assert life.events(number)[-1]["facts"]["instance"] == "handle"


def test_verifying_without_evidence_needs_the_reason(life):
    number = life.registered()
    form = forms.Verify(finding="responsible", text="属实", respondents=("10220",))
    assert act_refused(life, "xuwenjing", number, form) == "请上传证据，或写明没有证据的原因。"
    form = forms.Verify(finding="responsible", text="属实", no_evidence_reason="已过期")
    assert act_refused(life, "xuwenjing", number, form) == "请至少指明一名被投诉人或被投诉单位。"
    form = forms.Verify(finding="responsible", text="", respondents=("10220",), no_evidence_reason="已过期")
    assert act_refused(life, "xuwenjing", number, form) == "请填写说明或理由。"


def test_an_unknown_respondent_is_named(life):
    number = life.registered()
    form = forms.Verify(
        finding="responsible", text="属实", respondents=("10220", "88888"), no_evidence_reason="已过期"
    )
    assert "88888" in act_refused(life, "xuwenjing", number, form, Invalid)


def test_nobody_verifies_a_complaint_about_themselves(life):
    named_before = life.registered(respondents=(life.key("xuwenjing"),))
    form = forms.Verify(finding="responsible", text="属实", no_evidence_reason="已过期")
    assert act_refused(life, "xuwenjing", named_before, form).startswith("你是本案的被投诉人")
    names_self = life.registered()
    form = forms.Verify(
        finding="responsible", text="属实", respondents=(life.key("xuwenjing"),), no_evidence_reason="已过期"
    )
    assert act_refused(life, "xuwenjing", names_self, form).startswith("你是本案的被投诉人")


def test_a_unit_head_verifies_for_the_own_unit_only(life):
    number = life.registered(unit="cd1")
    form = forms.Verify(
        finding="responsible", text="属实", respondents=("10220",), no_evidence_reason="已过期"
    )
    act_refused(life, "xieweidong", number, form, Forbidden)
    assert life.act("zhaozhiqiang", number, form).state == "verified"


def test_dismissing_takes_two_people_and_an_answer(life):
    number = life.registered()
    assert "还没有人提出查无实据" in act_refused(life, "hanlei", number, forms.Dismiss(text="同意"))
    life.reply(number)
    life.act("xuwenjing", number, forms.ProposeDismissal(text="查无此事"))
    assert "提出人以外" in act_refused(life, "xuwenjing", number, forms.Dismiss(text="同意"))
    life.act("hanlei", number, forms.Dismiss(text="同意"))
    case = life.case(number)
    assert (case.state, case.row["closed_how"], case.running) == ("closed", "dismissed", ())


def test_nothing_closes_while_the_customer_waits(life):
    number = life.registered()
    life.act("xuwenjing", number, forms.ProposeDismissal(text="查无此事"))
    assert "还没有答复客户" in act_refused(life, "hanlei", number, forms.Dismiss(text="同意"))


def test_withdrawing_ends_the_duty_to_answer(life):
    number = life.verified(finding="not_responsible")
    life.act("xuwenjing", number, forms.Withdraw(text="客户来电说明是误会"))
    case = life.case(number)
    assert (case.state, case.row["closed_how"], case.row["answer_owed"]) == ("closed", "withdrawn", 0)
    assert case.running == ()


def test_responsibility_and_a_possible_class_one_forbid_withdrawal(life):
    form = forms.Withdraw(text="客户来电说明是误会")
    assert "认定有责任" in act_refused(life, "xuwenjing", life.verified(), form)
    number = life.registered(possible_class_one=True)
    assert "可能的一类投诉" in act_refused(life, "xuwenjing", number, form)


def test_merging_passes_the_duty_of_reply(life):
    lead, merged = life.registered(), life.registered(complainant="陈先生", email="chen@example.com")
    life.act("xuwenjing", merged, forms.Merge(lead=lead))
    case = life.case(merged)
    assert (case.state, case.row["closed_how"]) == ("closed", "merged")
    assert [d["step"] for d in case.running] == ["reply"]
    mark = life.mark()
    life.reply(lead)
    assert told(life, mark) == [("customer_reply", "林女士"), ("customer_reply", "陈先生")]
    case = life.case(merged)
    assert case.row["answered_at"] == life.now
    assert case.running == ()
    assert life.events(merged)[-1]["action"] == "complaint.answered"
    life.demand_sound()


def test_a_lead_case_answers_its_merged_customers_before_it_ends(life):
    lead, merged = life.registered(), life.registered()
    life.reply(lead)
    life.act("xuwenjing", merged, forms.Merge(lead=lead))
    life.act("xuwenjing", lead, forms.ProposeDismissal(text="查无此事"))
    assert "还没有答复客户" in act_refused(life, "hanlei", lead, forms.Dismiss(text="同意"))
    assert "并入本单" in act_refused(life, "hanlei", lead, forms.Withdraw(text="误会"))
    life.reply(lead)
    assert life.act("hanlei", lead, forms.Dismiss(text="同意")).state == "closed"


@pytest.mark.parametrize("lead", ["TS-202611-0001", "TS-202611-9999"])
def test_a_case_merges_only_into_another_open_one(life, lead):
    number = life.registered()
    assert "主案不存在" in act_refused(life, "xuwenjing", number, forms.Merge(lead=lead))
