"""People at browsers: they sign in, press the buttons of a case, and follow the links of their mails."""

import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page

from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import people
from svcqa.organisation.people import PersonCard
from tests.web.post_office import PostOffice

AXE = Axe().axe_script
PASSWORD = "Quiet-Harbour-2026"
SIZES: Mapping[str, Mapping[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def axe(page: Page) -> list[str]:
    """Return what axe finds wrong with a page: rule and element."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(results => results.violations)")
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def faults(page: Page) -> list[str]:
    """Return what no page may have: findings of axe, and content wider than the screen."""
    width, needed = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    wide = [f"{needed} px of content on a screen of {width}"] if needed > width else []
    size = page.viewport_size
    grown = [f"the page widened itself to {width}"] if size and width != size["width"] else []
    return [*axe(page), *wide, *grown]


@dataclass
class Browsers:
    """Gives each person a browser; `size` is the one everybody uses."""

    place: Workplace
    contexts: Callable[..., BrowserContext]
    post: PostOffice
    size: str = "desktop"
    _pages: dict[str, Page] = field(default_factory=dict)

    def card(self, name: str) -> PersonCard:
        """Return who this is."""
        with self.place.reading(SYSTEM) as tx:
            return people.find(tx, name)[0]

    def page(self, name: str) -> Page:
        """Return the person's page, a fresh browser the first time."""
        if name not in self._pages:
            self._pages[name] = self.contexts(**SIZES[self.size]).new_page()
        return self._pages[name]

    def sign_in(self, name: str) -> Page:
        """Sign the person in by the form."""
        page = self.page(name)
        page.goto("/sign-in")
        page.fill("form.sign-in [name=name]", self.card(name).staff_number)
        page.fill("form.sign-in [name=password]", PASSWORD)
        page.click("form.sign-in button.primary")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def follow_mail(self, name: str, subject: str) -> Page:
        """Deliver what waits, open the link of the person's newest such mail and type the digits."""
        with ThreadPoolExecutor(1) as other:  # playwright keeps this thread's event loop
            other.submit(self.post.deliver).result()
        me = self.card(name)
        page = self.page(name)
        page.goto(self.post.link(str(me.email), subject))
        assert me.name not in page.content(), "before the digits nobody is named"
        page.fill("[name=digits]", me.staff_number[-4:])
        page.click("button.primary")
        return page


def press(page: Page, number: str, move: str, values: Mapping[str, str]) -> None:
    """Press a move's button on the case page, fill its dialog and send it."""
    page.goto(f"/complaints/{number}")
    button = page.locator(f'.actions [data-dialog="d-{move}"]')
    if not button.is_visible():
        page.click(".actions details.more > summary")
    button.click()
    dialog = page.locator(f"#d-{move}")
    for name, value in values.items():
        fill(dialog, name, value)
    assert faults(page) == []
    dialog.locator("footer button:not([data-close])").click()
    page.wait_for_url(f"**/complaints/{number}")


def fill(form: Locator, name: str, value: str) -> None:
    """Type, choose or tick, as the field wants it."""
    fields = form.locator(f'[name="{name}"]')
    kind = fields.first.evaluate("node => node.type")
    if kind == "radio":
        form.locator(f'[name="{name}"][value="{value}"]').check()
    elif kind.startswith("select"):
        fields.select_option(value)
    else:
        fields.fill(value)
