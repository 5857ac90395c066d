"""PF-3: the list of complaints as a browser gets it, against a bare page of the same kind.

Each server is a process of its own; requests come one after the other on a connection that stays open.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from benchmarks import bare_page, filling, serving, world
from benchmarks.databases import Database
from benchmarks.measure import Comparison, in_turn
from svcqa.casework.worklist import EPOCH, MICROSECOND, PAGE
from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import sessions
from svcqa.organisation.models import Account
from svcqa.web.visit import COOKIE

DEEP = 1_000
DRAW = Random(1)
DATED = Statement(
    "SELECT due_at, id FROM complaint WHERE state <> 'closed' AND due_at IS NOT NULL ORDER BY due_at, id"
)


@dataclass(frozen=True)
class Site:
    """A filled installation that is being served: the last row of each page, and who asks."""

    folder: Path
    connection: HTTPConnection
    cookie: str
    ends: list[tuple[str, str]]

    def fetch(self, end: tuple[str, str] | None) -> bytes:
        """Get the page behind a row, or the first."""
        return _get(self.connection, _address(end), {"Cookie": self.cookie})


def run(database: Database, *, rounds: int, batch: int, sizes: tuple[int, int]) -> list[Comparison]:
    """Compare random pages with bare ones, a deep page with the first, and a large list with a small one."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        small, large = (stack.enter_context(_site(database, folder / str(size), size)) for size in sizes)
        bare = stack.enter_context(serving.running("bare", large.folder))
        deep = min(DEEP, len(large.ends))
        few, many = (f"{size:,} cases" for size in sizes)
        first, far = _again(large, None, batch), _again(large, large.ends[deep - 2], batch)
        any_few, any_many = _any(small, batch), _any(large, batch)
        pairs = (
            (
                f"any page of {many}",
                ("svcqa", any_many),
                ("bare page", _any_bare(bare, large, batch)),
                ">= 0.75",
            ),
            (f"page {deep} against page 1", (f"page {deep}", far), ("page 1", first), ">= 0.83"),
            (f"{many} against {few}", (many, any_many), (few, any_few), ">= 0.77"),
        )
        return [
            in_turn(f"PF-3 {job}", ours, other, rounds=rounds, goal=goal) for job, ours, other, goal in pairs
        ]


def _any(site: Site, batch: int) -> Callable[[], int]:
    return lambda: sum(1 for _ in range(batch) if site.fetch(DRAW.choice(site.ends[:-1])))


def _again(site: Site, end: tuple[str, str] | None, batch: int) -> Callable[[], int]:
    return lambda: sum(1 for _ in range(batch) if site.fetch(end))


def _any_bare(bare: HTTPConnection, site: Site, batch: int) -> Callable[[], int]:
    def pages() -> int:
        for _ in range(batch):
            at, id = DRAW.choice(site.ends[:-1])
            _get(bare, f"/?{urlencode({'at': at, 'id': id})}", {})
        return batch

    return pages


@contextmanager
def _site(database: Database, folder: Path, size: int) -> Iterator[Site]:
    """Fill an installation, sign an officer in, and serve it; keep its shell for the bare page."""
    place = world.furnish(database.new(folder))
    filling.fill(place, size)
    database.settle(place)
    cookie, ends = _signed_in(place), _ends(place)
    place.engine.dispose()
    with serving.running("product", folder) as connection:
        site = Site(folder, connection, cookie, ends)
        page = site.fetch(None).decode()
        (folder / bare_page.SHELL).write_text(_without_rows(page), "utf-8")
        yield site


def _signed_in(place: Workplace) -> str:
    who = world.actor(place, "许文静").person_id or ""
    with place.transaction(SYSTEM) as tx:
        tx.session.add(Account(person_id=who, must_change=False))
        tx.session.flush()
        return f"{COOKIE}={sessions.open_session(tx, who).session_secret}"


def _ends(place: Workplace) -> list[tuple[str, str]]:
    """Return the last row of every page of the open cases: when it is due, and its id."""
    with place.reading(SYSTEM) as tx:
        rows = DATED.run(tx).fetchall()
    return [(str(at), id) for at, id in rows[PAGE - 1 :: PAGE]]


def _without_rows(page: str) -> str:
    start, end = page.index('<tr class="row"'), page.rindex("</tr>") + len("</tr>")
    if page.count('<tr class="row"') != PAGE:
        raise ValueError("the list does not show a whole page")
    return page[:start] + "<!--rows-->" + page[end:]


def _address(end: tuple[str, str] | None) -> str:
    at = moment(end[0]) if end else None
    return f"/complaints?after=d{(at - EPOCH) // MICROSECOND}-{end[1]}" if end and at else "/complaints"


def _get(connection: HTTPConnection, path: str, headers: dict[str, str]) -> bytes:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise ValueError(f"{path} was answered {answer.status}")
    return body
