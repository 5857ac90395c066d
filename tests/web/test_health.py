"""What machines ask: alive without a database, ready only when requests can be answered, figures for few."""

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import text
from starlette.testclient import TestClient

from svcqa.assessment import requests
from svcqa.kernel import letters, rounds
from svcqa.kernel.database import open_engine
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.web.app import create_app
from svcqa.web.tries import Tries
from tests.web.conftest import SITE
from tests.web.test_guard import INSIDES

TOKEN = "a-token-of-the-tests-0123456789abcdef"
SET_STATE = Statement("UPDATE outbox SET state = :state, sent_at = :now")
CYCLE = Statement(
    "INSERT INTO cycle (id, number, title, scheme_id, scheme_hash, cadence, unit_id, period_from, period_until, stage,"
    " version, opened_at, stage_at, snapshot_sha256, score_hash, report_sha256, example, lease_owner, fence)"
    " VALUES (:id, :id, '', '', '', 'month', '', '2026-10-01', '2026-10-31', 'collecting',"
    " 1, :now, :now, '', '', '', false, '', 0)"
)


@pytest.fixture
def asking(runtime):
    """Return a client of an application with other settings, whose requests come from an address."""

    def ask(peer="127.0.0.1", *, at=SITE, place=None, **told):
        place = place or runtime.place
        place = replace(place, settings=place.settings.model_copy(update=told))
        app = create_app(replace(runtime, place=place))
        return TestClient(app, base_url=at, client=(peer, 1), raise_server_exceptions=False)

    return ask


@pytest.fixture
def nowhere(place, tmp_path):
    """Return the workplace with a database that cannot be opened."""
    engine = open_engine(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    yield replace(place, engine=engine)
    engine.dispose()


def figures(client, **more):
    """Return every figure of the page by name and labels."""
    answer = client.get("/metrics", **more)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=1.0.0")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_ready_house_says_so(asking):
    assert (asking().get("/readyz").status_code, asking().get("/readyz").text) == (200, "ready")


def test_without_a_database_the_process_lives_but_is_not_ready(asking, nowhere):
    client = asking(place=nowhere)
    assert client.get("/healthz").text == "ok"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "数据库不能使用" in answer.text
    assert [word for word in INSIDES if word in answer.text] == []


def test_a_database_that_is_damaged_is_not_ready_and_the_figures_say_so(asking, place, tmp_path):
    (tmp_path / "broken.db").write_bytes(b"this is no database at all, though long enough" * 100)
    engine = open_engine(f"sqlite:///{tmp_path / 'broken.db'}")
    client = asking(place=replace(place, engine=engine))
    assert client.get("/readyz").status_code == 503
    assert figures(client)["svcqa_database_up",] == 0
    engine.dispose()


def test_a_database_of_another_version_is_not_ready(asking, place):
    with place.transaction(SYSTEM) as tx:
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = asking().get("/readyz")
    assert answer.status_code == 503
    assert "svcqa migrate" in answer.text


def test_a_data_folder_that_cannot_be_written_is_not_ready(asking, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    answer = asking().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "数据目录不能写入。请检查磁盘和目录权限。")


def test_the_figures_tell_what_lies_waiting(asking, place, cases, clock):
    number = cases.penalized(unit="cd1")
    with place.transaction(SYSTEM) as tx:
        waiting = letters.stock(tx).states["queued"]
        CYCLE.run(tx, id="c1", now=tx.now)
        requests.want(tx, "c1", reason="new")
    rounds.note(place, rounds.SWEEP)
    clock.advance(timedelta(days=30))
    seen = figures(asking())
    assert waiting > 0
    assert seen["svcqa_mails", "queued"] == waiting
    assert seen["svcqa_mails", "held"] == 0
    assert seen["svcqa_mail_oldest_waiting_seconds",] == 30 * 86_400
    assert seen["svcqa_complaints_open", "penalized"] == 1
    assert seen["svcqa_complaints_overdue",] == 1
    assert seen["svcqa_cycles", "collecting"] == 1
    assert seen["svcqa_cycle_requests_open",] == 1
    assert seen["svcqa_cycle_request_oldest_seconds",] == 30 * 86_400
    assert seen["svcqa_round_seconds", "sweep"] == 30 * 86_400
    assert ("svcqa_round_seconds", "courier") not in seen, "no courier ever ran here"
    assert seen["svcqa_audit_events",] > 5
    assert seen["svcqa_database_up",] == 1
    assert number not in str(seen)


@pytest.mark.parametrize("state", ["failed", "held", "claimed", "data"])
def test_each_state_of_a_mail_is_counted(asking, place, cases, state):
    cases.penalized(unit="cd1")
    with place.transaction(SYSTEM) as tx:
        count = letters.stock(tx).states["queued"]
        SET_STATE.run(tx, state=state, now=tx.now)
    seen = figures(asking())
    assert (seen["svcqa_mails", state], seen["svcqa_mails", "queued"]) == (count, 0)


def test_sent_mails_are_counted_for_a_day(asking, place, cases):
    cases.penalized(unit="cd1")
    with place.transaction(SYSTEM) as tx:
        count = letters.stock(tx).states["queued"]
        SET_STATE.run(tx, state="sent", now=tx.now)
    seen = figures(asking())
    assert seen["svcqa_mails_sent_last_day",] == count
    assert seen["svcqa_mail_oldest_waiting_seconds",] == 0


@pytest.mark.parametrize(
    ("statement", "index"), [(letters.WAITING, "outbox_due"), (letters.LYING, "outbox_stuck")]
)
def test_waiting_and_stuck_mails_are_counted_without_reading_the_sent_ones(place, statement, index):
    with place.reading(SYSTEM) as tx:
        if tx.dialect == "sqlite":
            plan = tx.driver.execute(f"EXPLAIN QUERY PLAN {statement.sqlite}").fetchall()
        else:
            tx.driver.execute(
                "SET LOCAL enable_seqscan = off"
            )  # an empty table is read whole, however indexed
            plan = tx.driver.execute(f"EXPLAIN {statement.postgres}").fetchall()
    assert index in str(plan)


def test_requests_are_counted_by_their_route(asking):
    client = asking()
    for number in range(3):
        client.get(f"/complaints/TS-202611-{number:04}", follow_redirects=False)
        client.get(f"/no/{number}")
    seen = figures(client)
    assert seen["svcqa_http_requests_total", "GET", "/complaints/{number}", "303"] == 3
    assert seen["svcqa_http_requests_total", "GET", "(none)", "404"] == 3
    assert seen["svcqa_http_request_seconds_count", "GET", "/complaints/{number}"] == 3
    assert not [key for key in seen if "TS-2026" in str(key)]


def test_the_document_names_every_figure_and_no_other(asking, place):
    with place.transaction(SYSTEM) as tx:
        CYCLE.run(tx, id="c1", now=tx.now)
    rounds.note(place, rounds.SWEEP)
    page = asking().get("/metrics").text
    given = {
        family.name for family in text_string_to_metric_families(page) if family.name.startswith("svcqa_")
    }
    document = (Path(__file__).parents[2] / "docs" / "operate.md").read_text("utf-8")
    text = document.partition("\n## Health and metrics\n")[2].partition("\n## ")[0]
    table = [line for line in text.splitlines() if line.startswith("| `svcqa_")]
    named = {name.removesuffix("_total") for line in table for name in re.findall(r"`(svcqa_\w+)`", line)}
    assert named == given
    assert {one.removesuffix("_total") for one in re.findall(r"\bsvcqa_\w+", text)} == given


def test_without_a_database_the_figures_say_that(asking, nowhere):
    seen = figures(asking(place=nowhere))
    assert seen["svcqa_database_up",] == 0
    assert ("svcqa_audit_events",) not in seen
    assert [key for key in seen if key[0] == "svcqa_build"]


@pytest.mark.parametrize(
    ("peer", "at", "headers", "status"),
    [
        ("127.0.0.1", SITE, {}, 200),
        ("::1", "http://[::1]:8400", {}, 200),
        ("127.0.0.1", "http://localhost:8400", {}, 200),
        ("127.0.0.1", SITE, {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", SITE, {"Forwarded": "for=192.0.2.1"}, 404),
        ("127.0.0.1", "https://kefu.example.com", {}, 404),
        ("192.0.2.1", SITE, {}, 404),
        ("testclient", SITE, {}, 404),
        ("192.0.2.1", SITE, {"Authorization": "Bearer "}, 404),
    ],
)
def test_without_a_token_only_this_machine_sees_the_figures(asking, peer, at, headers, status):
    assert asking(peer, at=at).get("/metrics", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("given", "status"),
    [(f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200), ("Bearer other", 404), (TOKEN, 404), ("", 404)],
)
@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.1"])
def test_with_a_token_only_who_has_it(asking, peer, given, status):
    client = asking(peer, metrics_token=SecretStr(TOKEN))
    assert client.get("/metrics", headers={"Authorization": given}).status_code == status


def test_the_token_cannot_be_guessed_for_long(asking):
    client = asking("192.0.2.1", metrics_token=SecretStr(TOKEN))
    client.app.state.tries = Tries("3/minute", "100/minute")
    guesses = [client.get("/metrics", headers={"Authorization": "Bearer x"}).status_code for _ in range(5)]
    assert guesses == [404, 404, 404, 429, 429]


def test_what_came_round_is_late_only_when_it_came_before(place, clock):
    with place.reading(SYSTEM) as tx:
        assert rounds.late(tx) == {}
    for name in (rounds.SWEEP, rounds.COURIER, rounds.CHECKPOINT):
        rounds.note(place, name)
    clock.advance(timedelta(minutes=16))
    rounds.note(place, rounds.COURIER)
    with place.reading(SYSTEM) as tx:
        assert rounds.late(tx) == {rounds.SWEEP: timedelta(minutes=16)}
        assert rounds.since(tx)[rounds.COURIER] == timedelta()


def test_who_can_do_something_is_told_on_every_page_what_no_longer_runs(desk, place, clock):
    names = {"liumin": True, "luowenbo": True, "wangjianguo": False}
    for name in (rounds.SWEEP, rounds.COURIER, rounds.CHECKPOINT):
        rounds.note(place, name)
    assert [name for name in names if "没有运行" in desk(name).get("/me").text] == []
    clock.advance(timedelta(minutes=16))
    rounds.note(place, rounds.CHECKPOINT)
    shown = {name: desk(name).get("/me").text for name in names}
    assert {
        name: "到期巡检已有 16 分钟没有运行，邮件投递已有 16 分钟没有运行。" in page
        for name, page in shown.items()
    } == names
    assert not any("审计检查点已有" in page for page in shown.values())
    clock.advance(timedelta(hours=3))
    assert "审计检查点已有 3 小时没有运行" in desk("liumin").get("/me").text
