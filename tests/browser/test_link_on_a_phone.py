"""The pages behind a mailed link on a phone: one thumb, no script needed, light and dark."""

import pytest
from playwright.sync_api import Page, expect

from svcqa.appeals import links
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.assessment.month import furnish, opened
from tests.browser.people import SIZES, faults
from tests.databases import on_sqlite
from tests.web.rounds.things import things_of
from tests.web.visitor import REASON

pytestmark = [pytest.mark.browser, on_sqlite]

SHEET = Statement("SELECT id FROM rating_sheet WHERE rater_id = :rater")
SMALL = """() => [...document.querySelectorAll('main button, main input, main textarea, .options label')]
  .filter(one => one.offsetParent && !['radio', 'file', 'hidden'].includes(one.type) && !one.matches('.copy'))
  .filter(one => one.getBoundingClientRect().height < 40).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def address(place, cases, cast):
    penalty = cases.read(cases.penalized()).penalties[0]["id"]
    with place.transaction(SYSTEM) as tx:
        return links.issue(tx, kind="penalty", object_id=penalty, person_id=cast["wangjianguo"].id)


def entered(page: Page, address: str) -> Page:
    page.goto(address)
    assert faults(page) == []
    page.fill("[name=digits]", "0220")
    page.click("button.primary")
    return page


def test_every_control_is_large_enough_for_a_thumb(phone, address):
    phone.goto(address)
    assert phone.evaluate(SMALL) == []
    entered(phone, address)
    assert phone.evaluate(SMALL) == []


def test_an_appeal_needs_no_script(contexts, address):
    page = contexts(**SIZES["phone"], java_script_enabled=False).new_page()
    page.goto(address)
    page.fill("[name=digits]", "0220")
    page.click("button.primary")
    expect(page.locator(".when-accept")).to_be_hidden()
    page.check("[name=wish][value=accept]")
    expect(page.locator("[name=reason]")).to_be_hidden()
    page.check("[name=wish][value=appeal]")
    page.fill("[name=reason]", REASON)
    page.click("text=提交申诉 >> visible=true")
    expect(page.locator(".callout-ok")).to_contain_text("申诉已收到")


def test_the_decision_is_readable_in_the_dark(contexts, address):
    page = entered(contexts(**SIZES["phone"], color_scheme="dark").new_page(), address)
    page.click("text=查看条文与计算")
    assert faults(page) == []


@pytest.fixture
def things(place, cast):
    return things_of(place)


@pytest.mark.parametrize("kind", ["sheet", "result"])
def test_the_pages_of_a_cycle_are_made_for_a_thumb(phone, place, cast, things, kind):
    about = {"sheet": "rating", "result": "result"}[kind]
    with place.transaction(SYSTEM) as tx:
        address = links.issue(tx, kind=about, object_id=things[kind], person_id=cast["wangjianguo"].id)
    entered(phone, address)
    expect(phone.locator("main h1")).to_be_visible()
    assert phone.evaluate(SMALL) == []
    assert faults(phone) == []


def test_colleagues_are_rated_without_a_script(contexts, place, cast):
    with place.transaction(SYSTEM) as tx:
        furnish(tx)
    month = opened(place)
    month.advance()
    rater = cast["wangjianguo"]
    sheet = month.read(lambda tx: SHEET.one(tx, rater=rater.id)[0])
    address = month.act_as_system(
        lambda tx: links.issue(tx, kind="rating", object_id=sheet, person_id=rater.id)
    )
    page = contexts(**SIZES["phone"], java_script_enabled=False).new_page()
    page.goto(address)
    page.fill("[name=digits]", "0220")
    page.click("button.primary")
    expect(page.locator("form.card h2")).to_be_visible()
    assert page.locator(".scale label span").first.bounding_box()["height"] >= 40
    for scale in page.locator(".scale").all():
        scale.locator("label").nth(3).click()
    page.click("button.primary")
    expect(page.locator(".lead")).to_contain_text("你评了 1 /")


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without"])
def test_a_customer_answers_with_a_thumb_and_without_a_script(contexts, served, things, scripted):
    page = contexts(**SIZES["phone"], java_script_enabled=scripted).new_page()
    page.goto(f"{served}/s/{things['survey']}")
    if scripted:
        assert page.evaluate(SMALL) == []
        assert faults(page) == []
    page.locator(".scale label").nth(4).click()
    page.click("text=已解决")
    page.click("button.primary")
    expect(page.locator(".callout-ok")).to_contain_text("已收到您的回答")
