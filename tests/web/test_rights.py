"""Every route for every person: what the matrix says is what happens, and no route is without a row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from notifications.transport import Transport
from svcqa.appeals import links
from svcqa.bootstrap import Runtime
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace
from svcqa.organisation import tokens
from svcqa.web.app import create_app
from svcqa.web.tries import Tries
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING, opened
from tests.databases import copied
from tests.web import matrix
from tests.web.cases import Cases
from tests.web.conftest import SITE
from tests.web.desk import sit_down
from tests.web.rounds.things import things_of

ROWS = matrix.rows()
WITHOUT_SESSION = ("/sign-in", "/first-sign-in", "/a/", "/s/")
ELSEWHERE = {"/a/{token}/{act}", "/s/{survey}"}
"""Who comes by a mailed link is led back to it, not to the sign-in page."""
FORMS = [row for row in ROWS.values()
         if row.method == "POST" and not row.is_api and not row.path.startswith(WITHOUT_SESSION)]  # fmt: skip
LETTER = Statement("SELECT id FROM outbox WHERE slug = 'penalty_notice' ORDER BY id LIMIT 1")


@dataclass
class World:
    """The application, the things that the paths of the matrix speak of, and everybody's session and key."""

    app: FastAPI
    things: dict[str, str]
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    csrf: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def call(self, row: matrix.Row, who: str) -> Response:
        """Call a row's route as somebody; `anonymous` brings nothing."""
        client = TestClient(self.app, base_url=SITE, follow_redirects=False)
        path = re.sub(r"{(\w+)}", lambda name: self.things[name[1]], row.path)
        if row.is_api:
            key = {"Authorization": f"Bearer {self.keys[who]}"} if who in self.keys else {}
            return client.request(
                row.method, path, json=row.send or None, headers={**key, "Idempotency-Key": "once"}
            )
        client.cookies.update(self.cookies.get(who, {}))
        sent: dict[str, Any] = {"csrf": self.csrf.get(who, ""), **row.send} if row.method == "POST" else {}
        return client.request(row.method, path, data=sent | self._named(row))

    def _named(self, row: matrix.Row) -> dict[str, str]:
        return {name: self.things[thing] for name, thing in row.things.items()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, office_database: Path) -> Iterator[World]:
    folder = copied(office_database, tmp_path_factory.mktemp("rights"))
    with opened(folder, FrozenClock(MONDAY_MORNING)) as place:
        relay = Transport(host="127.0.0.1", port=9, security="none", development=True)
        app = create_app(Runtime(place, relay))
        app.state.tries = Tries("10000/minute", "10000/minute")
        cast = Cast(place)
        world = World(app, _things(place, cast))
        for who, name in matrix.PEOPLE.items():
            client = TestClient(app, base_url=SITE)
            world.csrf[who] = sit_down(place, client, name).csrf
            world.cookies[who] = dict(client.cookies)
        with place.transaction(cast.actor("luowenbo")) as tx:
            for who, name in matrix.PROGRAMS.items():
                world.keys[who] = tokens.issue_token(tx, person_id=cast[name].id, label="matrix")
        yield world


def _things(place: Workplace, cast: Cast) -> dict[str, str]:
    cases = Cases(place, cast)
    number = cases.penalized(unit="cd1")
    case = cases.read(number)
    penalty, respondent = case.penalties[0]["id"], case.respondents[0]
    with place.transaction(SYSTEM) as tx:
        letter = LETTER.one(tx)[0]
        address = links.issue(tx, kind="penalty", object_id=penalty, person_id=respondent["person_id"])
    return {
        "number": number,
        "penalty_id": penalty,
        "respondent_id": respondent["id"],
        "version_hash": case.row["regulation"],
        "letter": letter,
        "order": "0" * 32,
        "penalty": penalty,
        "token": address.rpartition("/")[2],
        "act": "appeal",
        "move": "reply",
        **things_of(place),
        "name": "20261123T013000000000-000001.eml",
        "evidence_id": "none",
    }


@pytest.fixture
def nothing_is_kept(monkeypatch):
    """Let every request end like a reading one, so that each person of a row meets the same world."""
    monkeypatch.setattr(Transaction, "commit", lambda tx: tx.session.flush())


def test_every_route_has_its_row_and_every_row_its_route(app):
    assert set(matrix.routes(app)) - matrix.API_MOVES == set(ROWS)


def test_a_planted_route_without_a_row_is_found(app):
    app.add_route("/planted", lambda _request: None, methods=["GET"])
    assert "GET /planted" in set(matrix.routes(app)) - set(ROWS)


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_everybody_gets_what_the_matrix_says(world, row, nothing_is_kept):
    people = matrix.PROGRAMS if row.is_api else matrix.PEOPLE
    wanted = {who: row.expected(who) for who in people} | {"anonymous": row.anonymous}
    got = {who: world.call(row, who) for who in wanted}
    assert {who: answer.status_code for who, answer in got.items()} == wanted
    if row.anonymous == 303 and row.path not in ELSEWHERE:
        assert got["anonymous"].headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("row", FORMS, ids=[row.path for row in FORMS])
def test_a_form_without_the_sessions_own_token_changes_nothing(world, row, nothing_is_kept, monkeypatch):
    allowed = next((who for who in matrix.PEOPLE if row.expected(who) in (200, 303)), "supervisor")
    for foreign in ("", "x" * 64, world.csrf["other_employee"]):
        monkeypatch.setitem(world.csrf, allowed, foreign)
        refused = (403,) if row.expected(allowed) in (200, 303) else (403, 404, 422)
        assert world.call(row, allowed).status_code in refused
