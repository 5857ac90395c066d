"""Whoever opens everything, follows every link, asks for every route and every head of it, changes nothing."""

import re
from datetime import timedelta
from html import unescape

import pytest

from svcqa.appeals import links
from svcqa.casework import forms
from svcqa.kernel.transaction import SYSTEM
from tests.databases import on_each
from tests.web import matrix
from tests.web.rounds.things import things_of
from tests.web.rows import every_row

MOST_PAGES = 150
NO_BUSINESS = {"sign_in_session", "audit_head"}
"""When a session was last seen is a read mark; where the record ends follows from its events."""
READ_LOG = "result.read"
"""Opening somebody else's result is put on record, and is all that reading may write."""


@pytest.fixture
def world(cases, place, cast):
    """Return complaints in every state and what the paths of the matrix speak of."""
    cases.registered()
    cases.verified(unit="cd1")
    cases.classified()
    cases.appealed()
    closed = cases.verified()
    cases.go(closed, "xuwenjing", forms.ProposeExoneration(text="与条款不符。"))
    number = cases.penalized(unit="cd1")
    case = cases.read(number)
    with place.transaction(SYSTEM) as tx:
        address = links.issue(
            tx, kind="penalty", object_id=case.penalties[0]["id"], person_id=cast["wangjianguo"].id
        )
    return {
        "number": number,
        "penalty_id": case.penalties[0]["id"],
        "respondent_id": case.respondents[0]["id"],
        "version_hash": case.row["regulation"],
        "letter": case.penalties[0]["letter_id"],
        "token": address.rpartition("/")[2],
        "act": "appeal",
        "name": "20261123T013000000000-000001.eml",
        "evidence_id": "none",
        **things_of(place),
    }


def business(place):
    found = {table: rows for table, rows in every_row(place).items() if table not in NO_BUSINESS}
    return {**found, "audit_event": [row for row in found["audit_event"] if READ_LOG not in row]}


def crawl(client, start):
    """Follow links, redirects and forms that read, as far as they go on this site; return what was opened."""
    waiting, opened = list(start), dict[str, int]()
    while waiting and len(opened) < MOST_PAGES:
        path = waiting.pop(0)
        if path in opened:
            continue
        answer = client.get(path)
        opened[path] = answer.status_code
        client.head(path)
        found = re.findall(r'(?:href|src|data-href|data-swap-from|formaction)="(/[^"]*)"', answer.text)
        waiting += [unescape(one).split("#")[0] for one in found if not one.startswith("/static/")]
        waiting += [answer.headers["location"]] if answer.is_redirect else []
    return opened


@on_each(
    "name",
    sqlite=["xuwenjing", "liumin", "zhouhuimin", "wangjianguo", "luowenbo", "hejing", ""],
    postgresql=["liumin", "wangjianguo", ""],
)
def test_a_visitor_who_opens_everything_changes_no_business_row(place, clock, client, signed_in, world, name):
    if name:
        signed_in(client, name)
    clock.advance(timedelta(minutes=10))
    before = business(place)
    paths = ["/"]
    for row in matrix.rows().values():
        if row.method in ("GET", "HEAD"):
            for move in forms.FORMS if "{move}" in row.path else ("",):
                paths.append(row.path.format(**{**world, "move": move}))
    opened = crawl(client, paths)
    assert business(place) == before
    assert 500 not in opened.values()
    assert len(opened) > len(matrix.rows()) // 3
