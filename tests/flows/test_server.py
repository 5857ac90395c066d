"""Prefect's pages let a browser ask nobody but this machine; its writers wait for each other for seconds only."""

import sqlite3

from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, temporary_settings
from starlette.testclient import TestClient

from flows import server


def test_every_answer_keeps_the_browser_on_this_machine(tmp_path):
    database = f"sqlite+aiosqlite:///{tmp_path / 'prefect.db'}"
    with temporary_settings({PREFECT_API_DATABASE_CONNECTION_URL: database}):
        app = server.create_app(webserver_only=True, ignore_cache=True)
        client = TestClient(app)  # not entered: nothing of the server is started
        for path in ("/v2/", "/api/health"):
            answer = client.get(path)
            assert answer.headers["content-security-policy"] == server.POLICY, path
    sources = {word for word in server.POLICY.split() if "://" in word}
    assert {one.partition("://")[2] for one in sources} <= {"127.0.0.1:*", "localhost:*", "localhost:*;"}


def test_a_connection_waits_for_a_lock_for_seconds_and_not_for_a_minute(tmp_path):
    connection = sqlite3.connect(tmp_path / "prefect.db")
    server.set_up_sqlite(AioSqliteConfiguration("sqlite+aiosqlite://"), connection, None)
    assert connection.execute("PRAGMA busy_timeout").fetchone() == (server.BUSY_MILLISECONDS,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
