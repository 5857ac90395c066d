"""`make pictures`: the README's pictures, taken from a demo that runs for them, so that they show what there is.

The demo lives in a folder of its own on ports of its own, and is gone afterwards.
"""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from svcqa.demo.people import ASSESSED, PASSWORD
from tests.browser.conftest import ARGUMENTS, NAMES
from tests.browser.people import free_port
from tests.commands.started import UP, Started

TO = Path(__file__).parents[2] / "docs" / "pictures"
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
SUPERVISOR = "10206"
# Milliseconds: for a first run, and for a page of Prefect's to draw its rows.
PATIENCE, SETTLED = 240_000, 3_000
FIRST_ROW = "tr.row a"
ENDED = "tr.row:has-text('办结') a, tr.row:has-text('改进') a"


def main() -> int:
    """Start a demo, take every picture, and stop it."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        print("Chromium is not installed (make browser)", file=sys.stderr)  # noqa: T201 - a program's word
        return 1
    with demo() as (site, prefect), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        at_the_desk(chromium, site)
        on_the_phone(chromium, site)
        in_prefect(chromium, prefect)
        chromium.close()
    return 0


@contextmanager
def demo() -> Iterator[tuple[str, str]]:
    """Run a demo and give the addresses of the web app and of Prefect's pages."""
    web, smtp, prefect = (free_port() for _ in range(3))
    with tempfile.TemporaryDirectory(prefix="svcqa-pictures-") as folder:
        ports = ("--port", str(web), "--smtp-port", str(smtp), "--prefect-port", str(prefect))
        started = Started(Path(folder) / "var", "up", "--demo", *ports)
        try:
            started.hears(UP)
            yield f"http://127.0.0.1:{web}", f"http://127.0.0.1:{prefect}"
        finally:
            started.ends(signal.SIGINT)


def at_the_desk(chromium: Browser, site: str) -> None:
    """Take the worklist, a case under appeal and a cycle, as the supervisor sees them."""
    page = chromium.new_context(viewport=DESK, locale="zh-CN").new_page()
    signed_in(page, site, SUPERVISOR)
    page.goto(f"{site}/complaints")
    taken(page, "worklist")
    page.goto(f"{site}/complaints?state=appealed")
    page.locator(FIRST_ROW).first.click()
    page.wait_for_load_state()
    taken(page, "case")
    page.goto(f"{site}/cycles")
    page.locator(ENDED).first.click()
    page.wait_for_load_state()
    taken(page, "cycle")


def on_the_phone(chromium: Browser, site: str) -> None:
    """Take an employee's own result with its reasons."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True)
    page = context.new_page()
    signed_in(page, site, ASSESSED)
    page.goto(f"{site}/me")
    page.locator("a[href*='/results/']").first.click()
    page.wait_for_load_state()
    taken(page, "result")


def in_prefect(chromium: Browser, prefect: str) -> None:
    """Take the run of a cycle as Prefect's own pages show it, once it has completed."""
    page = chromium.new_context(viewport=DESK, locale="zh-CN").new_page()
    page.goto(f"{prefect}/v2/runs")
    run = page.locator("a", has_text="月度考核")
    run.first.wait_for(timeout=PATIENCE)
    page.get_by_text("Completed").first.wait_for(timeout=PATIENCE)
    run.first.click()
    page.get_by_text("等待").first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(SETTLED)
    taken(page, "prefect")


def signed_in(page: Page, site: str, staff_number: str) -> None:
    """Sign in as one of the people the demo prints."""
    page.goto(f"{site}/sign-in")
    page.fill("input[name=name] >> nth=0", staff_number)
    page.fill("input[name=password] >> nth=0", PASSWORD)
    page.click("form.sign-in button")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def taken(page: Page, name: str) -> None:
    """Take what the window shows."""
    page.screenshot(path=TO / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
