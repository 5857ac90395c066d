"""Opening a cycle by page, and the list of cycles as each role sees it."""

import pytest

from svcqa.kernel.statements import Statement
from tests.web.visitor import words

REQUESTS = Statement("SELECT reason FROM cycle_request WHERE cycle_id = :id AND taken_at IS NULL")


def form(**more):
    return {"scheme": "telecom-service", "unit": "cx", "month": "2026-10", **more}


def test_a_supervisor_opens_a_cycle_and_it_is_asked_to_run(boss, place):
    answer = boss.post("/cycles", form())
    assert answer.headers["location"] == "/cycles/KH-202610-002"
    page = words(boss.get("/cycles/KH-202610-002"))
    assert "2026-10 月度考核 城西车间" in page
    assert "已提出继续" in page


def test_the_form_offers_the_month_that_ended_last(boss):
    page = boss.get("/cycles/new").text
    assert 'value="2026-10"' in page
    assert "电信运营商客户服务质量考核评分标准" in page
    assert "投诉处理" not in page.split("考核办法")[1].split("考核单位")[0], "only documents with a scheme"


@pytest.mark.parametrize(
    ("wrong", "status", "sentence"),
    [
        ({"month": "2026-11"}, 422, "才结束，现在还不能开启"),
        ({"month": "October"}, 422, "请选择考核月份"),
        ({"unit": "zz"}, 422, "请选择考核单位"),
        ({"scheme": "complaints-trial"}, 404, "没有考核办法"),
        ({"unit": "cd"}, 409, "已经开启"),
    ],
)
def test_what_cannot_be_opened_comes_back_with_what_was_typed(boss, wrong, status, sentence):
    answer = boss.post("/cycles", form(**wrong))
    assert answer.status_code == status
    assert sentence in answer.text
    assert 'action="/cycles"' in answer.text


@pytest.mark.parametrize("name", ["xuwenjing", "fengjianjun", "zhouhuimin", "linkexin"])
def test_nobody_else_opens_one(desk, name):
    assert desk(name).post("/cycles", form()).status_code == 403
    assert desk(name).get("/cycles/new").status_code == 403


def test_the_list_says_where_each_cycle_stands(boss, month):
    page = words(boss.get("/cycles"))
    assert month.cycle.title in page
    assert "等待评分 0/12" in page


def test_a_head_sees_the_cycles_of_own_units_only(desk):
    assert "KH-202610-001" in desk("fengjianjun").get("/cycles").text
    elsewhere = desk("panyonggang").get("/cycles").text
    assert "KH-202610-001" not in elsewhere
    assert "还没有考核周期" in elsewhere


def test_an_employee_is_led_to_the_own_page(desk):
    assert desk("wangjianguo").get("/cycles").headers["location"] == "/me"
