"""Registering a complaint by page: eight fields, hints of duplicates, every wrong field named, nothing lost."""

import re

import pytest

from svcqa.casework import registering
from svcqa.kernel.errors import Busy
from svcqa.kernel.transaction import SYSTEM

GOOD = {
    "subject": "宽带报修三天无人上门",
    "channel": "hotline",
    "occurred_at": "2026-11-20T09:30",
    "complainant": "沈女士",
    "phone": "138 1234 2210",
    "respondents": "10220，10221",
    "unit": "cd1",
    "narrative": "客户三次来电。",
}


def number_of(answer):
    assert answer.status_code == 303
    return answer.headers["location"].rpartition("/")[2]


def test_a_complaint_is_registered_and_its_page_opens(desk, cases):
    me = desk("xuwenjing")
    answer = me.post("/complaints", GOOD)
    case = cases.read(number_of(answer))
    assert case.state == "received"
    assert f"{case.row['occurred_at']:%H:%M}" == "01:30"  # as clocks in China show it, kept as UTC
    assert {row["name"] for row in case.respondents} == {"王建国", "李晓彤"}
    page = me.get(answer.headers["location"]).text
    assert f"已登记 {case.number}" in page
    assert "客户三次来电。" in page


def test_the_form_shows_eight_fields_and_opens_with_the_present_moment(desk):
    page = desk("xuwenjing").get("/complaints/new").text
    seen = page.split('action="/complaints"', 1)[1].split("<details", 1)[0]
    assert (
        len(
            re.findall(
                r"<(?:input|select|textarea) (?![^>]*hidden)(?=[^>]*name=)|<(?:select|textarea) name=", seen
            )
        )
        == 8
    )
    assert 'value="2026-11-23T09:30"' in page


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"subject": ""}, "subject", "请填写投诉事项。"),
        ({"subject": "慢"}, "subject", "投诉事项至少 4 个字，请补充。"),
        ({"subject": "慢" * 121}, "subject", "投诉事项最多 120 个字，请缩短。"),
        ({"channel": ""}, "channel", "请填写来源渠道。"),
        ({"channel": "pigeon"}, "channel", "没有来源渠道 pigeon。可选：hotline（10050 客服热线）、"),
        ({"phone": "<b>138</b>"}, "phone", "联系电话只能由数字和 + - ( ) 转 组成"),
        ({"phone": "没有"}, "phone", "没有电话请留空"),
        ({"occurred_at": ""}, "occurred_at", "请填写发生时间。"),
        ({"occurred_at": "昨天"}, "occurred_at", "发生时间不是正确的时间"),
        ({"occurred_at": "0001-01-01T00:00"}, "occurred_at", "发生时间不能早于 2000-01-01"),
        ({"occurred_at": "2026-11-24T09:30"}, "occurred_at", "发生时间不能晚于现在。"),
        ({"occurred_at": "2019-11-24T09:30"}, "occurred_at", "没有生效的版本"),
        ({"respondents": "99999"}, "respondents", "没有工号为 99999 的员工。"),
        ({"respondents": "王建国"}, "respondents", "请填工号而不是姓名：王建国的工号是 10220。"),
        ({"unit": "moon"}, "unit", "没有编码为 moon 的单位。"),
        ({"phone": "1" * 65}, "phone", "联系电话最多 64 个字，请缩短。"),
        ({"complainant": "沈" * 201}, "complainant", "投诉人最多 200 个字，请缩短。"),
        ({"narrative": "长" * 4001}, "narrative", "情况经过最多 4000 个字，请缩短。"),
        ({"external_id": "x" * 65}, "external_id", "来源编号最多 64 个字，请缩短。"),
        ({"escalated": "perhaps"}, "escalated", "只能填是或否"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(desk, place, changed, field, sentence):
    answer = desk("xuwenjing").post("/complaints", {**GOOD, **changed})
    assert answer.status_code == 422
    said = re.search(rf'id="f-{field}-error">.*?</p>', answer.text, re.DOTALL)
    assert said
    assert sentence in said[0]
    assert re.findall(r'id="f-(\w+)"[^>]* autofocus', answer.text) == [field], (
        "the cursor stands where to mend"
    )
    for name, value in GOOD.items():
        if name not in changed and name != "channel":
            assert value in answer.text, name
    with place.reading(SYSTEM) as tx:
        assert tx.driver.execute("SELECT count(*) FROM complaint").fetchone() == (0,)


def test_boxes_that_were_ticked_stay_ticked(desk):
    form = {**GOOD, "subject": "", "escalated": "yes", "circumstances": ["media", "outage"]}
    page = desk("xuwenjing").post("/complaints", form).text
    assert page.count(" checked") == 3
    assert "<details" in page
    assert re.search(r'<details class="explained" open', page)


def test_a_busy_database_keeps_what_was_typed(desk, monkeypatch):
    def busy(*_args, **_more):
        raise Busy

    monkeypatch.setattr(registering, "register", busy)
    answer = desk("xuwenjing").post("/complaints", GOOD)
    assert answer.status_code == 503
    assert GOOD["narrative"] in answer.text


def test_the_same_number_of_a_source_is_registered_once(desk):
    me = desk("xuwenjing")
    first = me.post("/complaints", {**GOOD, "external_id": "10050-77"})
    assert number_of(me.post("/complaints", {**GOOD, "external_id": "10050-77"})) == number_of(first)


def test_a_head_registers_for_the_own_unit_only(desk):
    head = desk("fengjianjun")
    assert number_of(head.post("/complaints", GOOD))
    assert head.post("/complaints", {**GOOD, "unit": "cx1", "respondents": ""}).status_code == 403
    assert "城西一班" not in head.get("/complaints/new").text


def test_hints_name_the_same_phone_and_similar_words(desk, cases):
    same = cases.registered(subject="话费多扣，一直没有解释", phone="138-1234-2210")
    like = cases.registered(subject="宽带报修三天无人上门处理", phone="")
    cases.registered(subject="营业厅排队两小时", phone="")
    me = desk("xuwenjing")
    found = me.get("/complaints/hints", params={"phone": "13812342210", "q": "宽带报修三天没人上门"}).text
    assert same in found
    assert "同一电话" in found
    assert like in found
    assert found.count("/complaints/TS-") == 2
    assert me.get("/complaints/hints", params={"phone": "", "q": "天气"}).text.strip() == ""


def test_hints_stay_within_what_a_head_may_see(desk, cases):
    cases.registered(phone="13812342210", unit="cx1")
    assert desk("fengjianjun").get("/complaints/hints?phone=13812342210").text.strip() == ""
    assert desk("wangjianguo").get("/complaints/hints?phone=13812342210").text.strip() == ""


def test_people_are_suggested_by_pinyin_without_those_who_left(desk):
    me = desk("xuwenjing")
    assert 'data-pick="10220"' in me.get("/people/suggest?q=wjg").text
    assert me.get("/people/suggest?q=jinxin").text.strip() == ""
    assert me.get("/people/suggest?q=").text.strip() == ""
    assert desk("wangjianguo").get("/people/suggest?q=wjg").text.strip() == ""
