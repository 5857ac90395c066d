"""Results wait for a person: the supervisor looks at them, confirms, sends back or cancels; nobody else does."""

import pytest

from tests.web.visitor import words

REASON = "三班的考试成绩导入错了，需要重新导入后再算。"


@pytest.fixture
def stage():
    return "evaluated"


def form(month, **more):
    return {"version": str(month.cycle.version), **more}


def test_the_page_shows_the_ranking_with_intervals_and_says_it_is_provisional(boss, page, month, cast):
    text = words(boss.get(page))
    assert "等待确认成绩" in text
    assert "暂定，确认后告知本人" in text
    assert cast["wangjianguo"].name in text
    assert text.count(" 至 ") > 10, "an interval for everybody"
    assert "失分最多的指标" in text


def test_the_chart_says_in_words_what_it_draws(boss, page):
    assert "<desc>全部：A 级" in boss.get(page).text


def test_a_head_sees_no_result_before_it_is_confirmed(desk, page, cast):
    assert cast["wangjianguo"].name not in desk("fengjianjun").get(page).text


def test_confirming_is_a_move_of_the_supervisor(boss, page, month):
    assert boss.post(f"{page}/confirm", form(month)).headers["location"] == page
    assert month.cycle.stage == "reporting"
    assert "已提出继续" in boss.get(page).text


@pytest.mark.parametrize("name", ["zhouhuimin", "linkexin", "hejing", "fengjianjun"])
@pytest.mark.parametrize("move", ["confirm", "recompute", "cancel"])
def test_nobody_else_moves_it(desk, page, month, name, move):
    assert desk(name).post(f"{page}/{move}", form(month, reason=REASON)).status_code in (403, 404)
    assert month.cycle.stage == "evaluated"


def test_a_second_confirmation_is_refused_and_says_where_it_stands(boss, page, month):
    sent = form(month)
    boss.post(f"{page}/confirm", sent)
    again = boss.post(f"{page}/confirm", sent)
    assert again.status_code == 409
    assert "现在的阶段：报告" in again.text
    assert 'name="version" value="' + str(month.cycle.version) in again.text


def test_sending_back_needs_a_reason_which_stands_in_the_record(boss, page, month):
    short = boss.post(f"{page}/recompute", form(month, reason=" "))
    assert short.status_code == 422
    assert "请写明原因" in short.text
    boss.post(f"{page}/recompute", form(month, reason=REASON))
    assert month.cycle.stage == "evaluating"
    assert REASON in boss.get(page).text


def test_a_cancelled_cycle_offers_nothing_more(boss, page, month):
    boss.post(f"{page}/cancel", form(month, reason=REASON))
    text = boss.get(page).text
    assert "已取消" in text
    assert "立即继续" not in text
    assert boss.post(f"{page}/go-on").status_code == 409


def test_a_move_has_a_page_of_its_own(boss, page):
    assert "退回重算的原因" in boss.get(f"{page}/recompute").text
    assert boss.get(f"{page}/evaluate").status_code == 404, "the system's own moves are no buttons"
