"""While ratings are awaited: the page counts, the list names who is awaited, the sheet takes one after the other."""

import pytest

from svcqa.appeals import links
from svcqa.assessment import ratings
from svcqa.kernel.statements import Statement
from tests.web.rows import every_row
from tests.web.visitor import Visitor, words

SHEET = Statement("SELECT id FROM rating_sheet WHERE cycle_id = :id AND rater_id = :rater")
GIVEN = Statement("SELECT item, value FROM rating WHERE rater_id = :rater ORDER BY item")
OPEN_REQUESTS = Statement("SELECT count(*) FROM cycle_request WHERE cycle_id = :id AND taken_at IS NULL")


@pytest.fixture
def rater(month):
    """Return the head of the first team, who rates as superior and as peer."""
    return month.cast["fengjianjun"]


@pytest.fixture
def sheet(month, rater):
    return month.read(lambda tx: SHEET.one(tx, id=month.cycle_id, rater=rater.id)[0])


@pytest.fixture
def form(month, sheet, cast):
    actor = cast.actor("fengjianjun")
    with month.place.reading(actor) as tx:
        first = ratings.sheet(tx, sheet).tasks[0]
        fields = {
            f"item-{item.id}": str(place % 5 + 1) for place, item in enumerate(ratings.sheet(tx, sheet).items)
        }
    return {"task": first.id, **fields, "comment": ""}


def given(month, rater):
    return month.read(lambda tx: GIVEN.run(tx, rater=rater.id).fetchall())


def test_the_page_says_how_much_is_awaited_and_until_when(boss, page):
    text = words(boss.get(page))
    assert "等待评分 0/12，至 11-30" in text
    assert "截止 2026 年 11 月 30 日" in text
    assert "考核对象" in text


def test_no_name_and_no_score_stand_on_the_page_yet(boss, page, cast):
    text = boss.get(page).text
    assert cast["wangjianguo"].name not in text
    assert "成绩与排名" not in text


def test_the_supervisor_sees_who_is_awaited_and_reminds_them(boss, page, month):
    assert "冯建军" in boss.get(f"{page}/missing").text
    answer = boss.post(f"{page}/remind")
    assert answer.headers["location"] == page
    assert "已催办" in boss.get(page).text
    assert sum(1 for slug, _ in month.mails() if slug == "rating_reminder") == 8
    boss.post(f"{page}/remind")
    assert "都已催办过" in boss.get(page).text


@pytest.mark.parametrize("name", ["fengjianjun", "zhouhuimin", "linkexin"])
def test_who_only_reads_neither_sees_names_nor_reminds(desk, page, name):
    assert desk(name).get(f"{page}/missing").status_code == 403
    assert desk(name).post(f"{page}/remind").status_code == 403
    assert desk(name).post(f"{page}/go-on").status_code == 403


def test_going_on_is_asked_for_once(boss, page, month):
    for _ in range(2):
        assert boss.post(f"{page}/go-on").status_code == 303
    assert month.read(lambda tx: OPEN_REQUESTS.one(tx, id=month.cycle_id)[0]) == 1


def test_a_run_that_is_known_is_linked(boss, page, month):
    assert "Prefect" not in boss.get(page).text
    with month.place.transaction(month.cast.actor("liumin")) as tx:
        tx.connection.exec_driver_sql("UPDATE cycle_stretch SET run_ref = '0f3b6c2e'")
    assert "/v2/runs/flow-run/0f3b6c2e" in boss.get(page).text


def test_the_own_sheets_wait_on_the_own_page_and_in_the_side_bar(desk, sheet):
    feng = desk("fengjianjun")
    assert f"/ratings/{sheet}" in feng.get("/me").text
    assert f"/ratings/{sheet}" in feng.get("/ratings").text
    assert '<span class="count hot">' in feng.get("/me").text


def test_a_colleague_is_rated_and_the_next_one_comes(desk, sheet, form, month, rater):
    feng = desk("fengjianjun")
    first = words(feng.get(f"/ratings/{sheet}"))
    assert "第 1 /" in first
    assert "从不出错并帮别人把关" in first, "every step has its words"
    assert feng.post(f"/ratings/{sheet}", form).headers["location"] == f"/ratings/{sheet}"
    assert "第 2 /" in words(feng.get(f"/ratings/{sheet}"))
    assert {f"item-{item}": str(value) for item, value in given(month, rater)}.items() <= form.items()
    assert len(given(month, rater)) == 5


def test_an_item_left_out_is_said_at_its_place_and_the_rest_stays(desk, sheet, form, month, rater):
    del form["item-manner"]
    answer = desk("fengjianjun").post(f"/ratings/{sheet}", form | {"comment": "交接总是清楚"})
    assert answer.status_code == 422
    assert "请为“待客态度”选择" in answer.text
    assert 'name="item-accuracy" value="1" checked' in answer.text
    assert "交接总是清楚" in answer.text
    assert given(month, rater) == []


def test_a_value_that_is_none_is_no_value(desk, sheet, form):
    assert desk("fengjianjun").post(f"/ratings/{sheet}", form | {"item-manner": "9"}).status_code == 422


def test_a_rating_is_shown_again_and_may_be_changed(desk, sheet, form, month, rater):
    feng = desk("fengjianjun")
    feng.post(f"/ratings/{sheet}", form)
    again = feng.get(f"/ratings/{sheet}?task={form['task']}").text
    assert 'name="item-accuracy" value="1" checked' in again
    feng.post(f"/ratings/{sheet}", form | {"item-accuracy": "5"})
    assert ("accuracy", 5) in [tuple(row) for row in given(month, rater)]


def test_nobody_opens_or_fills_the_sheet_of_somebody_else(desk, sheet, form, month, rater):
    for name in ("wangjianguo", "liumin", "hejing"):
        assert desk(name).get(f"/ratings/{sheet}").status_code == 404
        assert desk(name).post(f"/ratings/{sheet}", form).status_code == 404
    assert given(month, rater) == []


def test_a_colleague_of_another_sheet_is_not_on_this_one(desk, sheet):
    assert desk("fengjianjun").get(f"/ratings/{sheet}?task=other").status_code == 404


def test_after_the_closing_date_nothing_is_taken(desk, sheet, form, month, rater):
    month.later(days=8)
    feng = desk("fengjianjun")
    assert "评分已经截止" in feng.get(f"/ratings/{sheet}").text
    assert feng.post(f"/ratings/{sheet}", form).status_code == 409
    assert given(month, rater) == []


@pytest.fixture
def visitor(client, sheet, rater, month):
    address = month.act_as_system(
        lambda tx: links.issue(tx, kind="rating", object_id=sheet, person_id=rater.id)
    )
    return Visitor(client, address.removeprefix(month.place.links.base_url), rater.staff_number[-4:])


def test_the_mailed_link_names_nobody_before_the_digits(visitor, cast):
    page = visitor.look().text
    assert "月度考核" not in page
    assert not any(cast[name].name in page for name in ("fengjianjun", "wangjianguo"))


def test_the_mailed_link_takes_one_colleague_after_the_other(visitor, form, month, rater):
    assert "第 1 /" in words(visitor.enter())
    assert "第 2 /" in words(visitor.send("rate", form))
    assert len(given(month, rater)) == 5


def test_another_colleague_is_chosen_from_the_list_without_writing(visitor, form, month, rater):
    visitor.enter()
    visitor.send("rate", form)
    again = visitor.send("choose", {"task": form["task"]})
    assert "第 1 /" in words(again)
    assert 'name="item-accuracy" value="1" checked' in again.text


def test_what_was_chosen_survives_the_digits_being_asked_again(visitor, form, month, rater):
    visitor.enter()
    month.later(minutes=31)
    asked = visitor.send("rate", form | {"comment": "交接清楚"})
    assert asked.status_code == 403
    assert "你写的内容还在" in asked.text
    back = visitor.enter(**{**form, "comment": "交接清楚"})
    assert 'name="item-accuracy" value="1" checked' in back.text
    assert "交接清楚" in back.text
    assert given(month, rater) == []


def test_without_the_digits_nothing_is_rated(visitor, form, month, rater):
    assert visitor.send("rate", form).status_code == 403
    assert visitor.send("choose", {"task": form["task"]}).status_code == 403
    assert given(month, rater) == []


def test_the_last_rating_says_thanks_and_lets_the_cycle_go_on(desk, sheet, month):
    month.rate()
    feng = desk("fengjianjun")
    assert "都已评完" in feng.get(f"/ratings/{sheet}").text
    assert month.read(lambda tx: OPEN_REQUESTS.one(tx, id=month.cycle_id)[0]) == 1


def test_looking_at_a_link_rates_nothing(visitor, client, place):
    before = every_row(place)
    for address in (visitor.path, f"{visitor.path}/rate", f"{visitor.path}/choose"):
        client.get(address)
        client.head(address)
    assert every_row(place) == before
