"""The list of complaints: what waits for whom, filters over all rows, pages without gaps, chips that name the step."""

import re
from datetime import timedelta

import pytest

from svcqa.casework import cuts, forms, worklist
from svcqa.casework.worklist import Wanted
from svcqa.kernel.statements import Statement
from tests.web.cases import SUBJECT

UNDATE = Statement("UPDATE complaint SET due_at = NULL, due_missing_year = 2027 WHERE number = :number")
NUMBER = re.compile(r"data-href=\"/complaints/(TS-\d{6}-\d{4})\"")


def numbers(answer):
    assert answer.status_code == 200
    return NUMBER.findall(answer.text)


def test_each_role_finds_its_own_work(cases, desk):
    received = cases.registered(unit="cd1")
    classified, appealed = cases.classified(), cases.appealed()
    assert set(numbers(desk("xuwenjing").get("/complaints?view=mine"))) == {received, classified, appealed}
    assert numbers(desk("liumin").get("/complaints?view=mine")) == [classified]
    assert numbers(desk("zhouhuimin").get("/complaints?view=mine")) == [appealed]
    assert numbers(desk("fengjianjun").get("/complaints?view=mine")) == [received]
    assert numbers(desk("hejing").get("/complaints?view=mine")) == []


def test_an_ending_that_somebody_proposed_waits_for_the_supervisor(cases, desk):
    number = cases.registered()
    cases.go(number, "xuwenjing", forms.ProposeDismissal(text="没有相应通话。"))
    assert numbers(desk("liumin").get("/complaints?view=mine")) == [number]


def test_a_reviewer_who_took_part_does_not_find_the_appeal(cases, desk):
    number = cases.appealed()
    cases.took_part(number, "zhouhuimin", "handle")
    assert numbers(desk("zhouhuimin").get("/complaints?view=mine")) == []
    assert numbers(desk("gaoyuan").get("/complaints?view=mine")) == [number]


def test_heads_see_what_concerns_their_units_and_employees_are_led_to_their_own_page(cases, desk):
    own, theirs = cases.registered(unit="cd1"), cases.verified("dujuan")
    assert numbers(desk("fengjianjun").get("/complaints")) == [own]
    assert numbers(desk("panyonggang").get("/complaints")) == [theirs]
    assert set(numbers(desk("shenguoqiang").get("/complaints"))) == {own, theirs}
    assert desk("wangjianguo").get("/complaints").headers["location"] == "/me"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=wjg", "classified"),
        ("q=wangjianguo", "classified"),
        ("q=王建国", "classified"),
        ("q=10220", "classified"),
        ("q=138 1234 2210", "received"),
        ("q=１３８１２３４２２１０", "received"),
        ("q=宽带 无人", "received"),
        ("q=无人 宽带", "received"),
        ("state=classified", "classified"),
        ("state=classified&state=penalized", "classified"),
        ("assignee=10207&q=宽带", "received"),
        ("unit=cd", "received"),
        ("channel=letter", "received"),
        ("class=II", "classified"),
        ("origin=native&q=宽带", "received"),
        ("due=later&q=宽带", "received"),
    ],
)
def test_a_filter_finds_what_it_names(cases, desk, asked, found):
    made = {
        "received": cases.registered(
            subject="宽带报修三天无人上门", unit="cd1", channel="letter", phone="138-1234-2210"
        ),
        "classified": cases.classified(phone="13900000000"),
    }
    assert numbers(desk("liumin").get(f"/complaints?{asked}")) == [made[found]]


@pytest.mark.parametrize(
    "asked",
    [
        "q=%25",
        "q=_",
        "q=没有的词",
        "assignee=nobody",
        "unit=nowhere",
        "channel=x",
        "class=IV",
        "q=12345678",
        "due=overdue",
    ],
)
def test_what_nothing_fits_says_so_and_offers_the_way_back(cases, desk, asked):
    cases.registered()
    answer = desk("liumin").get(f"/complaints?{asked}")
    assert numbers(answer) == []
    assert "没有符合条件的工单" in answer.text
    assert "清除筛选" in answer.text


@pytest.mark.parametrize(
    "asked", ["view=nothing", "state=closed", "after=nonsense", "after=c1-ff", "after=d99-zz", "due=x"]
)
def test_an_address_that_makes_no_sense_shows_the_list(cases, desk, asked):
    number = cases.registered()
    assert numbers(desk("liumin").get(f"/complaints?{asked}")) == [number]


def test_a_number_is_found_however_it_is_typed(cases, desk):
    number = cases.registered()
    cases.registered()
    assert numbers(desk("liumin").get(f"/complaints?q={number.lower()}")) == [number]
    assert numbers(desk("liumin").get(f"/complaints?q={number[3:]}")) == [number]


@pytest.mark.parametrize("asked", ["", "&state=received&state=verified", "&q=回电"])
def test_pages_show_every_row_once_in_order_the_undated_first(cases, desk, place, cast, monkeypatch, asked):
    monkeypatch.setattr(worklist, "PAGE", 3)
    made = [cases.registered() for _ in range(8)]
    with place.transaction(cast.actor("liumin")) as tx:
        for number in made[:4]:
            UNDATE.run(tx, number=number)
    seen, address, me = [], f"/complaints?view=open{asked}", desk("liumin")
    for _ in range(5):
        answer = me.get(address)
        seen += numbers(answer)
        onward = re.search(r'href="([^"]*)" rel="next"', answer.text)
        if not onward:
            break
        address = onward[1].replace("&amp;", "&")
    assert seen == made


def test_closed_cases_page_by_when_they_were_closed(cases, desk, clock, monkeypatch):
    monkeypatch.setattr(worklist, "PAGE", 2)
    made: list[str] = []
    for _ in range(3):
        number = cases.registered(channel="daily_inspection")
        cases.go(number, "xuwenjing", forms.Withdraw(text="客户说问题已经解决。"))
        made.insert(0, number)
        clock.advance(timedelta(minutes=5))
    first = desk("liumin").get("/complaints?view=closed")
    [onward] = re.findall(r'href="([^"]*)" rel="next"', first.text)
    second = desk("liumin").get(onward.replace("&amp;", "&"))
    assert numbers(first) + numbers(second) == made
    assert "撤诉" in first.text
    assert "按期办结" in first.text
    assert "回到第一页" in second.text


def test_rows_are_grouped_by_what_is_due_next_and_name_the_step(cases, desk, place, cast, clock):
    late = cases.registered()
    clock.advance(timedelta(days=1))
    soon = cases.registered()
    clock.advance(timedelta(days=1))
    later, undated = cases.registered(), cases.registered()
    with place.transaction(cast.actor("liumin")) as tx:
        UNDATE.run(tx, number=undated)
    clock.advance(timedelta(hours=5))
    page = desk("liumin").get("/complaints").text
    order = [undated, late, soon, later]
    assert NUMBER.findall(page) == order
    assert "时限待定（缺 2027 年日历）" in page
    groups = ["时限待定", "已超期", "8 个工作小时内到期", "后续到期"]
    places = [page.index(f"<span>{group}</span>") for group in groups]
    assert places == sorted(places)
    assert '<span class="due-step">核实</span><span class="due due-overdue"' in page
    assert "超期 1 小时" in page
    assert numbers(desk("liumin").get("/complaints?view=overdue")) == [late]
    assert numbers(desk("liumin").get("/complaints?view=soon")) == [soon]
    assert numbers(desk("liumin").get("/complaints?due=undated")) == [undated]


def test_a_case_that_was_closed_late_says_so(cases, desk, clock):
    number = cases.registered()
    clock.advance(timedelta(days=7))
    cases.go(number, "xuwenjing", forms.Withdraw(text="客户不再追究。"))
    page = desk("liumin").get("/complaints?view=closed").text
    assert "超期办结" in page
    assert "用时 5 天" in page


def test_the_list_keeps_customers_to_their_surname_and_shows_no_phone(cases, desk):
    cases.registered(complainant="沈小娟", phone="13812342210")
    page = desk("liumin").get("/complaints").text
    assert "沈**" in page
    assert "沈小娟" not in page
    assert "13812342210" not in page


def test_what_people_typed_never_becomes_markup(cases, desk):
    cases.registered(subject="<script>alert(1)</script> 投诉")
    page = desk("liumin").get("/complaints?q=<b>").text + desk("liumin").get("/complaints").text
    assert "<script>alert" not in page
    assert 'value="&lt;b&gt;"' in page


def test_counts_stop_at_a_thousand(cases, desk, monkeypatch):
    monkeypatch.setattr(cuts, "MOST_COUNTED", 2)
    for _ in range(3):
        cases.registered()
    page = desk("xuwenjing").get("/complaints?view=mine").text
    assert '我的待办<span class="count">999+</span>' in page
    assert "共 999+ 条" in page


DETOURS = ("TEMP B-TREE", "Sort", "complaint_pkey")
PLAN = {"sqlite": 3, "postgresql": 0}
AS_IF_MANY = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
"""A handful of rows PostgreSQL reads as they lie, and sorts; what it cannot do otherwise stays in the plan."""


def explained(statement, run, tx, values):
    word = "EXPLAIN QUERY PLAN" if tx.dialect == "sqlite" else "EXPLAIN"
    return run(Statement(f"{word} {statement.sqlite}"), tx, **values).fetchall()


@pytest.mark.parametrize(
    ("who", "asked", "index"),
    [
        ("liumin", Wanted(), "complaint_open_due"),
        ("liumin", Wanted(view="overdue"), "complaint_open_due"),
        ("liumin", Wanted(states=("classified",)), "complaint_open_state"),
        ("xuwenjing", Wanted(view="mine"), "complaint_open_assignee"),
        ("liumin", Wanted(view="closed"), "complaint_closed"),
    ],
)
def test_a_page_is_read_along_an_index_without_sorting(cases, cast, place, monkeypatch, who, asked, index):
    plans: list[str] = []
    run = Statement.run

    def planned(statement, tx, **values):
        if "o.name AS officer" in statement.sqlite:
            steps = explained(statement, run, tx, values)
            plans.append("\n".join(step[PLAN[tx.dialect]] for step in steps))
        return run(statement, tx, **values)

    monkeypatch.setattr(Statement, "run", planned)
    with place.reading(cast.actor(who)) as tx:
        if tx.dialect == "postgresql":
            tx.driver.execute(AS_IF_MANY)
        worklist.read(tx, asked)
    assert any(index in plan for plan in plans)
    assert [plan for plan in plans if any(detour in plan for detour in DETOURS)] == []


def test_a_list_without_any_case_gives_one_action(desk):
    page = desk("xuwenjing").get("/complaints").text
    assert "没有在办的工单" in page
    assert 'href="/complaints/new"' in page
    assert SUBJECT not in page
