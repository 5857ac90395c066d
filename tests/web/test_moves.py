"""Every move of a complaint by its form: leading on, refused with the sentence at its field, nothing typed lost."""

import re
from datetime import timedelta

import pytest

from svcqa.casework import complaints, forms
from svcqa.kernel.errors import Busy
from svcqa.kernel.transaction import SYSTEM

WINDOW = timedelta(days=10)
NO_REASON = {"no_evidence_reason": "没有"}
FOUND = {"finding": "responsible", "text": "属实经过"}


def opened(desk, name, number):
    answer = desk(name).get(f"/complaints/{number}")
    assert answer.status_code == 200
    return answer.text


def lead(me, number, move, **form):
    answer = me.post(f"/complaints/{number}/{move}", form)
    assert answer.status_code == 303, re.findall(
        r'field-error[^>]*>.*?</svg>(.*?)</p>|role="alert".*?<div>(.*?)</div>', answer.text
    )
    assert answer.headers["location"] == f"/complaints/{number}"


def charge_rows(cases, number, **row):
    return {
        f"charges.{place}.{name}": value
        for place, each in enumerate(cases.read(number).respondents)
        for name, value in {"respondent": each["id"], "clause": "7.2.1", "share": "50", **row}.items()
    }


def penalty_rows(cases, number, *sums):
    rows: dict[str, str] = {}
    for place, (charge, (points, yuan)) in enumerate(zip(cases.read(number).charges, sums, strict=True)):
        rows |= {
            f"penalties.{place}.charge": charge["id"],
            f"penalties.{place}.points": points,
            f"penalties.{place}.yuan": yuan,
        }
    return rows


def test_a_life_by_forms_from_the_first_call_to_the_last_word(cases, desk, clock):
    officer, supervisor, reviewer = desk("xuwenjing"), desk("liumin"), desk("zhouhuimin")
    number = cases.registered()
    lead(
        officer,
        number,
        "verify",
        finding="responsible",
        text="录音属实。",
        respondents="10220、10221",
        no_evidence_reason="录音另存",
    )
    for each in cases.read(number).respondents:
        lead(officer, number, "hear", respondent=each["id"], text="当时忘了回电。")
    lead(officer, number, "classify", **charge_rows(cases, number), text="情节一致。")
    lead(
        supervisor,
        number,
        "penalize",
        **penalty_rows(cases, number, ("２．５", "150"), ("2", "1５0.00")),
        text="承诺未兑现。",
    )
    lead(officer, number, "reply", text="已致歉。")
    first, second = cases.read(number).penalties
    for penalty in (first, second):
        lead(officer, number, "serve", penalty=penalty["id"], how="paper", served_at="2026-11-23T09:30")
    lead(officer, number, "appeal", penalty=first["id"], how="paper", text="本人当天请假，由他人代班接听。")
    lead(reviewer, number, "reduce", penalty=first["id"], points="1", yuan="100", text="代班属实，减轻。")
    assert cases.read(number).state == "penalized"
    clock.advance(WINDOW)
    lead(desk("xuwenjing"), number, "close", text="")
    case = cases.read(number)
    assert case.state == "closed"
    assert {p["state"] for p in case.penalties} == {"reduced", "final"}
    text = opened(desk, "hejing", number)
    assert "原决定" in text
    assert "代班属实，减轻。" in text


@pytest.mark.parametrize(
    ("made", "name", "move", "form"),
    [
        ("registered", "xuwenjing", "withdraw", {"text": "客户说不用查了。"}),
        ("registered", "xuwenjing", "propose_dismissal", {"text": "没有这次通话。"}),
        ("registered", "liumin", "assign", {"officer": "10208"}),
        ("verified", "xuwenjing", "return", {"text": "核实不全。"}),
        ("verified", "xuwenjing", "propose_exoneration", {"text": "不适用任何条款。"}),
        ("classified", "liumin", "return", {"text": "份额要重新定。"}),
        ("penalized", "liumin", "rescind", {"text": "扣款写错。"}),
        ("appealed", "zhouhuimin", "uphold", {"text": "事实清楚。"}),
        ("appealed", "zhouhuimin", "revoke", {"text": "证据不足。"}),
        ("appealed", "zhouhuimin", "remand", {"text": "请重新核实。"}),
    ],
)  # fmt: skip
def test_each_move_has_a_form_that_leads_on(cases, desk, made, name, move, form):
    number = getattr(cases, made)()
    me = desk(name)
    assert me.get(f"/complaints/{number}/{move}").status_code == 200
    if cases.read(number).penalties:
        form = {**form, "penalty": cases.read(number).penalties[-1]["id"]}
    lead(me, number, move, **form, version=str(cases.read(number).row["version"]))


def test_endings_that_two_people_make_are_confirmed_by_form(cases, desk):
    number = cases.registered()
    lead(desk("xuwenjing"), number, "reply", text="已致歉。")
    lead(desk("xuwenjing"), number, "propose_dismissal", text="没有这次通话。")
    assert "确认查无实据<kbd>P</kbd>" in opened(desk, "liumin", number)
    lead(desk("liumin"), number, "dismiss", text="")
    assert cases.read(number).row["closed_how"] == "dismissed"
    lead(desk("liumin"), number, "reopen", text="客户提交了新的录音。")
    assert cases.read(number).state == "received"
    first = cases.registered()
    lead(desk("xuwenjing"), number, "merge", lead=first)
    assert number in opened(desk, "xuwenjing", first)
    assert first in opened(desk, "xuwenjing", number)


@pytest.mark.parametrize(
    ("made", "name", "move", "form", "field", "sentence"),
    [
        ("registered", "xuwenjing", "verify", {"text": "写了很多字"}, "finding", "请填写核实结论。"),
        ("registered", "xuwenjing", "verify", {"finding": "responsible", "respondents": "10220", **NO_REASON},
         "text", "请填写核实情况。"),
        ("registered", "xuwenjing", "verify", {**FOUND, "respondents": "10220"},
         "no_evidence_reason", "请上传证据，或写明没有证据的原因。"),
        ("registered", "xuwenjing", "verify", {**FOUND, **NO_REASON}, "respondents", "请至少指明一名被投诉人或被投诉单位。"),
        ("registered", "xuwenjing", "verify", {**FOUND, **NO_REASON, "respondents": "10220 99999"},
         "respondents", "99999"),
        ("registered", "xuwenjing", "withdraw", {"text": " "}, "text", "请填写投诉人的原话。"),
        ("registered", "xuwenjing", "merge", {"lead": ""}, "lead", "请填写主案编号。"),
        ("registered", "xuwenjing", "merge", {"lead": "TS-209901-0001"}, "lead", "主案不存在、已办结或就是本案。"),
        ("registered", "xuwenjing", "reply", {"text": "长" * 4001}, "text", "答复内容最多 4000 个字，请缩短。"),
        ("registered", "liumin", "assign", {"officer": "10220"}, "officer", "工号 10220 不是在岗的经办人。"),
        ("verified", "xuwenjing", "hear", {"respondent": "nobody", "text": "陈述经过"}, "respondent", "这名被投诉人不在本案中"),
        ("verified", "xuwenjing", "classify", {"text": "定性的话"}, "charges", "请至少填写一个指控项"),
        ("penalized", "xuwenjing", "serve", {"how": "paper", "served_at": "2026-11-22T09:30"},
         "served_at", "送达时间应在作出处罚之后、现在之前"),
        ("penalized", "xuwenjing", "serve", {"how": "deemed", "served_at": "2026-11-23T09:30"}, "text", "视为送达须写明原因"),
        ("penalized", "xuwenjing", "serve", {"how": "pigeon", "text": "交给本人"}, "how", "请重新选择"),
        ("appealed", "zhouhuimin", "reduce", {"points": "x", "yuan": "1", "text": "减轻理由"}, "points", "减轻后扣分要填数字，请更正。"),
        ("appealed", "zhouhuimin", "reduce", {"points": "9", "yuan": "1", "text": "减轻理由"}, "points", "不得高于原处罚"),
        ("appealed", "zhouhuimin", "reduce", {"points": "1", "yuan": "-1", "text": "减轻理由"}, "yuan", "减轻后扣款（元）不能小于 0"),
        ("appealed", "zhouhuimin", "uphold", {"text": ""}, "text", "请填写维持的理由。"),
    ],
)  # fmt: skip
def test_a_wrong_form_comes_back_with_the_sentence_and_all_that_was_typed(
    cases, desk, made, name, move, form, field, sentence
):
    number = getattr(cases, made)()
    before = cases.read(number)
    if before.penalties:
        form = {"penalty": before.penalties[0]["id"], **form}
    answer = desk(name).post(f"/complaints/{number}/{move}", form)
    assert answer.status_code == 422
    said = re.search(rf'id="{move}-{field}-error">.*?</p>', answer.text, re.DOTALL)
    assert said, re.findall(r'id="([\w.-]+-error)"', answer.text)
    assert sentence in said[0]
    for typed in set(form.values()) - {"pigeon", "nobody"}:  # a list offers only what may be chosen
        assert typed.strip() in answer.text
    assert cases.read(number) == before


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        ({"share": "40"}, "charges", "条款 7.2.1 的责任份额合计为 80%，应为 100%。"),
        ({"share": "0"}, "charges.0.share", "份额不能小于 1，请更正。"),
        ({"share": "半"}, "charges.0.share", "份额要填整数，请更正。"),
        ({"clause": ""}, "charges.0.clause", "请填写条款。"),
        ({"clause": "9.9.9"}, "charges", "没有条款 9.9.9"),
        ({"adjustments": "luck"}, "charges", "没有加重或从轻情形 luck"),
    ],
)
def test_wrong_charges_are_named_and_stay_in_their_rows(cases, desk, row, field, sentence):
    number = cases.verified("wangjianguo", "lixiaotong")
    form = {**charge_rows(cases, number, **row), "charges.7.share": "", "text": "情节一致"}
    answer = desk("xuwenjing").post(f"/complaints/{number}/classify", form)
    assert answer.status_code == 422
    said = re.search(rf'id="classify-{re.escape(field)}-error">.*?</p>', answer.text, re.DOTALL)
    assert said, re.findall(r'id="([\w.-]+-error)"', answer.text)
    assert sentence in said[0]
    assert "情节一致" in answer.text
    assert answer.text.count(" selected") >= 2
    assert 'name="charges.3.respondent"' in answer.text  # two filled rows and two empty ones


@pytest.mark.parametrize(
    ("sums", "field", "sentence"),
    [
        (("9", "150"), "penalties", "王建国，条款 7.2.1：扣分 9 不在本条标准 3 到 6 分之内"),
        (("4", "9999"), "penalties", "扣款 9,999.00 元不在本条标准"),
        (("4", ""), "penalties", "扣款 0.00 元不在本条标准"),
        (("", "300"), "penalties.0.points", "请填写扣分。"),
        (("4.123", "300"), "penalties.0.points", "扣分最多 2 位小数，请更正。"),
        (("4", "三百"), "penalties.0.yuan", "扣款（元）要填数字，请更正。"),
        (("1e9", "300"), "penalties.0.points", "扣分"),
    ],
)
def test_wrong_sums_are_named_and_kept(cases, desk, sums, field, sentence):
    number = cases.classified()
    form = {**penalty_rows(cases, number, sums), "text": "处罚的理由"}
    answer = desk("liumin").post(f"/complaints/{number}/penalize", form)
    assert answer.status_code == 422
    said = re.search(rf'id="penalize-{re.escape(field)}-error">.*?</p>', answer.text, re.DOTALL)
    assert said, re.findall(r'id="([\w.-]+-error)"', answer.text)
    assert sentence in re.sub(r"\s+", " ", said[0])
    assert "处罚的理由" in answer.text


def test_the_notice_is_shown_before_it_goes_and_then_goes_so(cases, desk, place):
    number = cases.classified()
    form = desk("liumin").get(f"/complaints/{number}/penalize").text
    assert "wangjianguo@kefu.example.com" in form
    assert "抄告 冯建军" in form
    [subject] = re.findall(r"<p><b>(【.*?)</b></p>", form)
    assert f'value="{cases.read(number).charges[0]["id"]}"' in form
    lead(desk("liumin"), number, "penalize", **penalty_rows(cases, number, ("4", "300")), text="承诺未兑现。")
    with place.reading(SYSTEM) as tx:
        sent = tx.driver.execute("SELECT subject FROM outbox WHERE slug = 'penalty_notice'").fetchall()
    assert sent == [(subject,)]


def test_without_a_mailbox_the_page_says_that_paper_is_needed(cases, desk, place):
    number = cases.classified()
    with place.transaction(SYSTEM) as tx:
        tx.driver.execute("UPDATE person SET email = NULL WHERE staff_number = '10220'")
    assert (
        "王建国没有可用的邮箱，出具后须书面送达。"
        in desk("liumin").get(f"/complaints/{number}/penalize").text
    )


def test_an_illegal_move_is_refused_with_the_reason_and_keeps_what_was_typed(cases, desk):
    number = cases.registered()
    answer = desk("liumin").post(f"/complaints/{number}/waive", {"text": "情节轻微的理由"})
    assert answer.status_code == 409
    assert "当前是“已受理”，不能免予处罚" in answer.text
    assert "情节轻微的理由" in answer.text
    assert desk("liumin").get(f"/complaints/{number}/waive").status_code == 409
    assert desk("liumin").get(f"/complaints/{number}/verify").status_code == 403
    assert desk("liumin").get(f"/complaints/{number}/fly").status_code == 404
    assert desk("liumin").post(f"/complaints/{number}/fly").status_code == 404


def test_a_move_of_another_role_is_refused(cases, desk):
    number = cases.classified()
    form = {**penalty_rows(cases, number, ("4", "300")), "text": "理由"}
    assert desk("xuwenjing").post(f"/complaints/{number}/penalize", form).status_code == 403
    assert cases.read(number).state == "classified"


def test_a_stale_form_shows_who_did_what_keeps_what_was_typed_and_may_be_sent_again(cases, desk):
    number, me = cases.classified(), desk("liumin")
    form = {
        **penalty_rows(cases, number, ("4", "300")),
        "text": "想好的理由",
        "version": str(cases.read(number).row["version"]),
    }
    cases.go(number, "xuwenjing", forms.Reply(text="已致歉。"))
    answer = me.post(f"/complaints/{number}/penalize", form)
    assert answer.status_code == 409
    assert "11-23 09:30 许文静 答复客户" in answer.text
    assert "想好的理由" in answer.text
    assert 'value="300"' in answer.text
    assert cases.read(number).state == "classified"
    [version] = re.findall(r'name="version" value="(\d+)"', answer.text)
    lead(me, number, "penalize", **{**form, "version": version})


def test_a_busy_database_keeps_what_was_typed(cases, desk, monkeypatch):
    def busy(*_args, **_more):
        raise Busy

    number = cases.registered()
    monkeypatch.setattr(complaints, "advance", busy)
    answer = desk("xuwenjing").post(f"/complaints/{number}/reply", {"text": "写好的答复"})
    assert answer.status_code == 503
    assert "写好的答复" in answer.text
