"""What guards a mailbox opens every link, runs scripts, presses whatever there is. Nothing may come of it."""

import pytest
from playwright.sync_api import Page

from svcqa.appeals import links
from svcqa.kernel.transaction import SYSTEM
from tests.databases import on_sqlite
from tests.web.rounds.things import things_of
from tests.web.rows import every_row

pytestmark = [pytest.mark.browser, on_sqlite]

PRESS_EVERYTHING = """() => {
  for (const one of document.querySelectorAll('details')) one.open = true;
  for (const one of document.querySelectorAll('button, summary, [role=button]')) one.click();
}"""
SEND_EVERYTHING = "() => { for (const form of document.forms) form.submit(); }"


@pytest.fixture
def objects(place, cases):
    """Return what links lead to, by their kind; all are wangjianguo's but the survey, a customer's token."""
    case = cases.read(cases.penalized())
    cycle = things_of(place)
    return {
        "penalty": case.penalties[0]["id"],
        "hearing": case.respondents[0]["id"],
        "rating": cycle["sheet"],
        "result": cycle["result"],
        "survey": cycle["survey"],
    }


def address_of(place, cast, kind, object_id):
    """Return the address as it is mailed; a customer's needs no digits."""
    if kind == "survey":
        return place.links.address(f"/s/{object_id}")
    with place.transaction(SYSTEM) as tx:
        return links.issue(tx, kind=kind, object_id=object_id, person_id=cast["wangjianguo"].id)


@pytest.mark.parametrize("kind", ["penalty", "hearing", "rating", "result", "survey"])
def test_a_scanner_that_presses_everything_changes_no_row(desktop: Page, place, objects, cast, kind):
    address = address_of(place, cast, kind, objects[kind])
    before = every_row(place)
    for script in (PRESS_EVERYTHING, SEND_EVERYTHING):
        desktop.goto(address)
        desktop.evaluate(script)
        desktop.wait_for_load_state("networkidle")
    desktop.goto(address)
    for href in desktop.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"):
        desktop.goto(href)
    for method in ("head", "get"):
        getattr(desktop.request, method)(address)
    assert every_row(place) == before
