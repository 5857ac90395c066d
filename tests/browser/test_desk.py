"""What only a browser shows of the desk: keys, suggestions while typing, a form that comes back, no script at all."""

import pytest

from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import people, sessions
from svcqa.web.visit import COOKIE
from tests.browser.people import SIZES, faults
from tests.databases import on_sqlite

pytestmark = [pytest.mark.browser, on_sqlite]


@pytest.fixture
def sit(place, contexts, served):
    def at(name, size="desktop", **wishes):
        with place.transaction(SYSTEM) as tx:
            secret = sessions.open_session(tx, people.find(tx, name)[0].id).session_secret
        context = contexts(**SIZES[size], **wishes)
        context.add_cookies([{"name": COOKIE, "value": secret, "url": served}])
        return context.new_page()

    return at


def test_the_list_is_walked_and_a_case_decided_by_keyboard(cases, sit):
    first, second = cases.classified(), cases.classified()
    page = sit("liumin")
    page.goto("/complaints")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")  # nothing to tick here, and no error
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/complaints/{second}")
    page.keyboard.press("p")
    assert page.locator("#d-penalize").is_visible()
    assert faults(page) == []
    assert first != second


def test_filters_answer_while_typing_and_keep_the_address(cases, sit):
    cases.registered(subject="宽带报修三天无人上门")
    other = cases.registered(subject="营业厅排队两小时")
    page = sit("liumin")
    page.goto("/complaints")
    page.fill("[type=search]", "营业厅")
    page.wait_for_url("**q=*")
    assert page.locator("tr.row").count() == 1
    page.click("tr.row a")
    page.wait_for_url(f"**/complaints/{other}")
    page.go_back()
    assert page.input_value("[type=search]") == "营业厅"


@pytest.mark.parametrize("size", list(SIZES))
def test_people_and_duplicates_are_suggested_while_a_complaint_is_typed(cases, sit, size):
    known = cases.registered(phone="13812342210")
    page = sit("xuwenjing", size)
    page.goto("/complaints/new")
    page.locator("[name=respondents]").press_sequentially("wjg")
    page.click("[data-pick]")
    assert page.input_value("[name=respondents]") == "10220 "
    page.fill("[name=phone]", "13812342210")
    page.wait_for_selector(f".hints >> text={known}")
    assert faults(page) == []
    page.fill("[name=subject]", "宽带报修三天无人上门")
    page.click("form[data-hints] button.primary")
    page.wait_for_url("**/complaints/TS-*")
    assert "王建国" in page.content()


def test_a_dialog_with_a_wrong_sum_comes_back_as_a_page_with_all_that_was_typed(cases, sit):
    number = cases.classified()
    page = sit("liumin")
    page.goto(f"/complaints/{number}")
    page.click('[data-dialog="d-penalize"]')
    page.fill('#d-penalize [name="penalties.0.points"]', "99")
    page.fill("#d-penalize textarea", "想好的理由")
    page.click("#d-penalize footer .primary")
    page.wait_for_url("**/penalize")
    assert page.input_value("textarea") == "想好的理由"
    assert page.input_value('[name="penalties.0.points"]') == "99"
    assert faults(page) == []


def test_without_script_a_move_is_a_page_of_its_own(cases, sit):
    number = cases.registered()
    page = sit("xuwenjing", java_script_enabled=False)
    page.goto(f"/complaints/{number}")
    page.click(".actions .primary")
    page.wait_for_url(f"**/complaints/{number}/verify")
    page.check("[name=finding][value=responsible]")
    page.fill("[name=text]", "录音属实。")
    page.fill("[name=respondents]", "10220")
    page.fill("[name=no_evidence_reason]", "录音另存")
    page.click("main button.primary")
    page.wait_for_url(f"**/complaints/{number}")
    assert cases.read(number).state == "verified"
