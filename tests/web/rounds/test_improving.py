"""The board of measures and leading one on: from taking it over to reporting it done."""

from datetime import timedelta

import pytest

from svcqa.improvement import queries
from svcqa.kernel.calendar import local_day
from tests.web.visitor import words

PLAN = "每周抽听十通录音，当面讲评。"


@pytest.fixture
def stage():
    return "improving"


@pytest.fixture
def card(month):
    return month.read(queries.listed)[0]


@pytest.fixture
def path(card):
    return f"/measures/{card.measure.number}"


@pytest.fixture
def owner(desk, card, month):
    return desk(card.owner)


@pytest.fixture
def agreed(month):
    return {"version": "1", "plan": PLAN, "due_on": f"{local_day(month.clock.at) + timedelta(days=20)}"}


def state(month, card):
    return month.read(lambda tx: queries.one(tx, card.measure.number)).measure.state


def test_the_board_has_a_column_for_each_state_and_the_cycle_names_its_measures(boss, page, card):
    board = words(boss.get("/measures"))
    for label in ("待认领", "待开始", "进行中", "观察效果", "已评估"):
        assert label in board
    assert card.measure.number in board
    assert card.measure.number in boss.get(page).text


def test_an_employee_sees_only_own_measures(desk, card):
    assert card.measure.number not in desk("dujuan").get("/measures").text
    assert desk("dujuan").get(f"/measures/{card.measure.number}").status_code == 404


def test_the_owner_takes_it_over_starts_and_reports_it_done(owner, path, card, month, agreed):
    assert owner.post(f"{path}/agree", agreed).headers["location"] == path
    assert PLAN in owner.get(path).text
    assert owner.post(f"{path}/start", {"version": "2"}).status_code == 303
    assert owner.post(f"{path}/complete", {"version": "3", "note": "讲评四周，已完成。"}).status_code == 303
    assert state(month, card) == "done"
    page = words(owner.get(path))
    assert "观察期" in page
    assert "讲评四周" in page


def test_a_plan_is_demanded_at_its_field_and_the_rest_stays(owner, path, agreed):
    answer = owner.post(f"{path}/agree", agreed | {"plan": " "})
    assert answer.status_code == 422
    assert "请写明整改做法" in answer.text
    assert f'value="{agreed["due_on"]}"' in answer.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"due_on": "tomorrow"}, "完成期限不是正确的日期"),
        ({"due_on": "2026-01-01"}, "须晚于今天"),
        ({"target": "much"}, "目标值要填数字"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(owner, path, agreed, wrong, sentence):
    answer = owner.post(f"{path}/agree", agreed | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert PLAN in answer.text


def test_an_old_form_is_refused_and_says_what_changed(owner, path, agreed):
    owner.post(f"{path}/agree", agreed)
    again = owner.post(f"{path}/start", {"version": "1"})
    assert again.status_code == 409
    assert "现在的状态：待开始" in again.text


def test_withdrawing_belongs_to_the_supervisor(boss, owner, path, card, month):
    boss.post(f"{path}/withdraw", {"version": "1", "note": "与另一项措施重复。"})
    assert state(month, card) == "withdrawn"


def test_a_move_has_a_page_of_its_own(boss, path):
    assert "撤回的原因" in boss.get(f"{path}/withdraw").text
    assert boss.get(f"{path}/complete").status_code == 409
    assert boss.get(f"{path}/judge_effective").status_code == 404, "the verdict is nobody's button"


def test_without_measures_the_board_says_where_they_come_from(desk):
    assert "没有改进措施" in desk("dujuan").get("/measures").text
