"""The web door around a workplace with the demo's people and the regulation, and people who sit down at it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from jinja2 import Environment
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select
from starlette.testclient import TestClient

from notifications.transport import Transport
from svcqa.bootstrap import Runtime
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import passwords
from svcqa.organisation.models import Account, Person
from svcqa.rulebook import library, loading
from svcqa.web.app import create_app, templates
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING, opened
from tests.databases import copied
from tests.web.cases import Cases
from tests.web.desk import Desk, sit_down

WEB = Path(__file__).parents[2] / "svcqa" / "web"
SITE = "http://127.0.0.1:8400"


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """Let all clients use one event loop: by itself each request starts one, with threads, and ends it again."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch):
    """Hash with the least argon2 allows: its cost is a matter of the organisation's tests."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)
    passwords.nobody.cache_clear()
    yield
    passwords.nobody.cache_clear()


@pytest.fixture(scope="session")
def pages() -> Environment:
    """Return the pages' environment: every template, every filter, nothing undefined."""
    return templates()


@pytest.fixture(scope="session")
def office_database(tmp_path_factory: pytest.TempPathFactory, peopled_database: Path) -> Path:
    """Return a folder with a database in which everybody has an account and the regulation is published."""
    folder = copied(peopled_database, tmp_path_factory.mktemp("office"))
    with opened(folder, FrozenClock(MONDAY_MORNING)) as place, place.transaction(SYSTEM) as tx:
        library.publish(
            tx, loading.read_folder(loading.SHIPPED / "complaints-trial" / "v1"), confirmed_by="leading group"
        )
        for person in tx.session.exec(select(Person)):
            tx.session.add(Account(person_id=person.id, must_change=False))
    return folder


@pytest.fixture
def place(tmp_path: Path, clock: FrozenClock, office_database: Path) -> Iterator[Workplace]:
    """Return a workplace with people, accounts and the regulation."""
    with opened(copied(office_database, tmp_path / "place"), clock) as place:
        yield place


@pytest.fixture
def runtime(place: Workplace) -> Runtime:
    """Return the workplace with a way out for mail that leads nowhere."""
    return Runtime(place, Transport(host="127.0.0.1", port=9, security="none", development=True))


@pytest.fixture
def app(runtime: Runtime) -> FastAPI:
    """Return the application with all its pages."""
    return create_app(runtime)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """Return a client that nobody has signed in with; it does not follow redirects."""
    return TestClient(app, base_url=SITE, follow_redirects=False)


@pytest.fixture
def signed_in(place: Workplace) -> Callable[[TestClient, str], Desk]:
    """Return a function that signs a person in at a client: `signed_in(client, "liumin")`."""
    return lambda client, name: sit_down(place, client, name)


@pytest.fixture
def desk(app: FastAPI, place: Workplace) -> Callable[[str], Desk]:
    """Return a function that gives a person an own client and signs in there: `desk("liumin")`."""
    return lambda name: sit_down(place, TestClient(app, base_url=SITE, follow_redirects=False), name)


@pytest.fixture
def cases(place: Workplace, cast: Cast) -> Cases:
    """Return the maker of complaints in any state."""
    return Cases(place, cast)
