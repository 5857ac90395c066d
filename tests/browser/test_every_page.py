"""Every page that can be opened, as the one it is for: nothing axe objects to, nothing wider than the screen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from notifications import sink
from svcqa.appeals import links
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import people, sessions
from svcqa.web.visit import COOKIE
from tests.browser.people import faults
from tests.databases import on_sqlite
from tests.web import matrix
from tests.web.cases import Cases
from tests.web.post_office import PostOffice
from tests.web.rounds.things import things_of

pytestmark = [pytest.mark.browser, on_sqlite]

NO_PAGES = {
    "/",
    "/healthz",
    "/metrics",
    "/readyz",
    "/complaints/hints",
    "/people/suggest",
    "/mailbox/{name}/body",
    "/a/{token}/{act}",
}
PAGES = [row for row in matrix.rows().values() if row.method == "GET" and not row.path.startswith("/api/")]
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone at night": {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "color_scheme": "dark",
    },
}


@pytest.fixture
def place(place: Workplace) -> Workplace:
    """Return the workplace as developers have it, with the pages of the local mailbox."""
    return replace(place, settings=place.settings.model_copy(update={"development": True}))


@pytest.fixture
def things(place: Workplace, cases: Cases) -> dict[str, str]:
    """Return what the paths of the matrix speak of."""
    number = cases.penalized(unit="cd1")
    case = cases.read(number)
    penalty, respondent = case.penalties[0], case.respondents[0]
    with place.transaction(SYSTEM) as tx:
        link = links.issue(tx, kind="penalty", object_id=penalty["id"], person_id=respondent["person_id"])
    with ThreadPoolExecutor(1) as other:  # playwright keeps this thread's event loop
        other.submit(PostOffice(place, place.settings.mailbox_dir).deliver).result()
    return {
        "number": number,
        "penalty_id": penalty["id"],
        "respondent_id": respondent["id"],
        "version_hash": case.row["regulation"],
        "letter": penalty["letter_id"],
        "token": link.rpartition("/")[2],
        "move": "reply",
        "name": sink.list_messages(place.settings.mailbox_dir)[0].name,
        "evidence_id": "none",
        **things_of(place),
    }


def signed_in(place: Workplace, context: BrowserContext, who: str, address: str) -> BrowserContext:
    with place.transaction(SYSTEM) as tx:
        person = people.find(tx, matrix.PEOPLE[who])[0]
        secret = sessions.open_session(tx, person.id).session_secret
    context.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
    return context


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_fault(
    place: Workplace, served: str, contexts: Callable[..., BrowserContext], things: dict[str, str], look: str
) -> None:
    found, opened = {}, {}
    for row in PAGES:
        if row.path in NO_PAGES:
            continue
        who = next((who for who in matrix.PEOPLE if row.expected(who) == 200), "officer")
        if who not in opened:
            opened[who] = signed_in(place, contexts(**LOOKS[look]), who, served).new_page()
        page = opened[who]
        page.goto(row.path.format(**things))
        if wrong := faults(page):
            found[row.path] = wrong
    assert found == {}
