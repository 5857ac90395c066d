"""The ledger sheet of deductions: final penalties only, by month, with their sum."""

import re
from datetime import timedelta

from svcqa.casework import forms
from svcqa.casework.sweep import sweep


def final(cases, place, *respondents):
    """Return the number of a case whose penalties became final."""
    number = cases.penalized(*respondents)
    for penalty in cases.read(number).penalties:
        cases.go(number, "xuwenjing", forms.Serve(penalty=penalty["id"], how="paper"))
    place.clock.advance(timedelta(days=15))
    sweep(place)
    return number


def test_before_the_first_final_penalty_the_sheet_says_what_fills_it(desk, cases):
    cases.penalized()
    page = desk("linkexin").get("/payroll/orders")
    assert page.status_code == 200
    assert "还没有扣款" in page.text
    assert 'href="/payroll/orders" aria-current="page"' in page.text


def test_a_final_penalty_stands_in_its_month_with_person_case_and_sum(desk, cases, place):
    number = final(cases, place, "wangjianguo")
    hr = desk("linkexin")
    page = hr.get("/payroll/orders").text
    assert "王建国" in page
    assert f'<a href="/complaints/{number}">' in page
    assert "绩效扣款" in page
    assert "200.00" in page
    assert "<option selected>2026-12</option>" in page
    assert hr.get("/payroll/orders?month=2026-12").text.count(number) == page.count(number)
    assert "这个月没有扣款" in hr.get("/payroll/orders?month=2020-01").text


def test_two_deductions_of_a_month_are_added_up(desk, cases, place):
    number = final(cases, place, "wangjianguo", "lixiaotong")
    page = desk("hejing").get("/payroll/orders").text
    assert page.count(f'href="/complaints/{number}"') == 2
    assert "合计：2 人，2 笔" in page
    assert "400.00" in page


def form_of(page, ending):
    """Return where the first form of a page with this ending goes."""
    (first, *_) = re.findall(rf'action="(/payroll/orders/[^"/]+/{ending})"', page)
    return first


def test_hr_gives_an_order_back_and_the_supervisor_orders_it_anew(desk, cases, place):
    number = final(cases, place, "wangjianguo")
    hr, supervisor = desk("linkexin"), desk("liumin")
    back = form_of(hr.get("/payroll/orders").text, "return")
    assert hr.post(back, data={"reason": "工号写错了，请核对"}).status_code == 303
    page = supervisor.get("/payroll/orders").text
    assert "已退回：工号写错了，请核对" in page
    assert "合计：0 人，0 笔" in page
    again = form_of(page, "again")
    assert supervisor.post(again, data={"number": number}).status_code == 303
    assert "合计：1 人，1 笔" in hr.get("/payroll/orders").text
    assert supervisor.post(again, data={"number": number}).status_code == 409
    assert hr.post(back, data={"reason": "工号写错了，请核对"}).status_code == 409


def test_an_order_is_not_given_back_without_a_reason(desk, cases, place):
    final(cases, place, "wangjianguo")
    hr = desk("linkexin")
    answer = hr.post(form_of(hr.get("/payroll/orders").text, "return"), data={"reason": "错"})
    assert answer.status_code == 422
    assert "请写明退回的原因" in answer.text
    assert 'value="错"' in answer.text
    assert "合计：1 人，1 笔" in hr.get("/payroll/orders").text
