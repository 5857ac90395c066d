"""Chromium at the real pages: a server on the loopback, a browser for each person, mail as it arrives."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from notifications.transport import Transport
from svcqa.bootstrap import Runtime
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.links import Links
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import accounts, people
from svcqa.web.app import create_app
from tests.browser.people import PASSWORD, Browsers, free_port
from tests.conftest import opened
from tests.databases import copied
from tests.web.conftest import cases, office_database  # noqa: F401 - their fixtures serve here
from tests.web.post_office import PostOffice

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def place(
    tmp_path: Path,
    clock: FrozenClock,
    office_database: Path,  # noqa: F811 - asks for the fixture
) -> Iterator[Workplace]:
    """Return a workplace whose links lead to the port that will be served."""
    address = f"http://127.0.0.1:{free_port()}"
    with opened(copied(office_database, tmp_path / "place"), clock) as found:
        settings = found.settings.model_copy(update={"base_url": address})
        yield replace(found, settings=settings, links=Links(found.links.secret, address))


@pytest.fixture
def served(place: Workplace) -> Iterator[str]:
    """Serve the pages in a thread and return their address."""
    runtime = Runtime(place, Transport(host="127.0.0.1", port=9, security="none", development=True))
    address = place.settings.base_url
    config = uvicorn.Config(
        create_app(runtime),
        host="127.0.0.1",
        port=int(address.rpartition(":")[2]),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield address
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium; nothing is downloaded for it. While its driver lives no event loop can be run."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("Chromium is not installed (make browser)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def contexts(browser: Browser, served: str) -> Iterator[Callable[..., BrowserContext]]:
    """Return a maker of browser contexts, and see that no request ever left the server."""
    made: list[BrowserContext] = []
    asked: list[str] = []

    def make(**wishes: Any) -> BrowserContext:
        context = browser.new_context(base_url=served, locale="zh-CN", **wishes)
        context.on("request", lambda request: asked.append(request.url))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert [url for url in asked if not url.startswith((f"{served}/", "data:", "blob:"))] == []


@pytest.fixture
def desktop(contexts: Callable[..., BrowserContext]) -> Page:
    """Return a page of a desk's size."""
    return contexts(viewport={"width": 1440, "height": 900}).new_page()


@pytest.fixture
def phone(contexts: Callable[..., BrowserContext]) -> Page:
    """Return a page of a phone's size."""
    return contexts(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True).new_page()


@pytest.fixture
def browsers(place: Workplace, contexts: Callable[..., BrowserContext], tmp_path: Path) -> Browsers:
    """Return the people of the house, each with a browser of their own, and their mail."""
    with place.transaction(SYSTEM) as tx:
        for name in ("xuwenjing", "liumin", "zhouhuimin"):
            accounts.set_password(tx, people.find(tx, name)[0].id, PASSWORD)
    return Browsers(place, contexts, PostOffice(place, tmp_path / "mailbox"))
