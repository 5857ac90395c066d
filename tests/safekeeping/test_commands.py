"""`svcqa backup` and `svcqa restore` on the terminal: what they say, as words and as JSON, and how they end."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from svcqa.cli import app


@pytest.fixture
def run(monkeypatch):
    """Return the door: `run(settings, "backup", shelf)` gives exit code and output."""

    def call(settings, *words):
        for name, value in settings.environment().items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


def test_a_backup_says_what_it_holds_and_what_not(run, home, shelf):
    done = run(home.settings, "backup", shelf / "one.tar")
    assert done.exit_code == 0, done.output
    first, holds, secrets = done.stdout.splitlines()
    assert first.startswith(f"{shelf / 'one.tar'}  ")
    assert first.endswith("read back and proven")
    assert "1 checkpoints" in holds
    assert secrets.startswith("Not in it: secret.key")
    warned = run(home.settings, "backup", shelf / "two.tar", "--with-secrets")
    assert "WARNING" in warned.stdout


def test_a_script_reads_json(run, home, anew, shelf):
    done = run(home.settings, "backup", shelf, "--json")
    told = json.loads(done.stdout)
    assert datetime.fromisoformat(told["taken_at"]).tzinfo is not None
    assert told["bytes"] == sum(path.stat().st_size for path in shelf.iterdir())
    back = run(anew, "restore", told["archive"], "--json")
    assert back.exit_code == 0, back.output
    found = json.loads(back.stdout)
    assert found["events"] == found["anchored"] == told["chain"]["size"]
    assert (found["intact"], found["mail_paused"], found["resumed"]) == (True, True, False)


def test_a_restore_says_what_was_proven_and_what_to_do_next(run, home, anew, shelf):
    run(home.settings, "backup", shelf / "one.tar")
    done = run(anew, "restore", shelf / "one.tar")
    assert done.exit_code == 0, done.output
    assert "chain intact" in done.stdout
    assert "svcqa mail resume" in done.stdout
    assert run(anew, "audit", "verify").exit_code == 0
    again = run(anew, "restore", shelf / "one.tar")
    assert (again.exit_code, "不是空的" in again.stderr) == (2, True)


def test_an_older_backup_ends_with_one_and_says_how_many_events_are_missing(run, home, anew, shelf, tmp_path):
    run(home.settings, "backup", shelf / "one.tar")
    before = len(home.cases.read(home.cases.registered()).number)
    assert before
    auditor = shutil.copytree(home.settings.data_dir / "checkpoints", tmp_path / "auditor")
    shutil.copy(home.sign(), auditor)
    done = run(anew, "restore", shelf / "one.tar", "--checkpoints", auditor)
    assert done.exit_code == 1
    newest = max(int(path.stem) for path in auditor.iterdir())
    held = int(done.stdout.split("the archive holds ")[1].split("\n")[0])
    assert f"OLDER than its checkpoints: {newest - held} events are missing" in done.stdout


def test_a_missing_file_ends_with_one_and_is_named(run, home, anew, shelf):
    gone = next(home.place.blobs.folder.glob("*/*"))
    gone.unlink()
    done = run(home.settings, "backup", shelf / "one.tar")
    assert (done.exit_code, f"MISSING blobs/{gone.name[:2]}/{gone.name}" in done.stdout) == (1, True)
    back = run(anew, "restore", shelf / "one.tar")
    assert (back.exit_code, gone.name in back.stdout) == (1, True)


def test_an_unreachable_database_is_one_sentence(run, home, shelf):
    away = home.settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:9/none"})
    done = run(away, "backup", shelf)
    assert done.exit_code == 2
    assert done.stderr.startswith("数据库不能使用")
    assert done.stderr.count("\n") == 1


def test_a_clock_that_makes_no_sense_is_one_sentence(run, home, shelf):
    wrong = home.settings.model_copy(update={"clock": "sundial"})
    assert run(wrong, "backup", shelf).stderr.startswith("设置有误")


def test_a_name_tells_the_hour_in_utc(run, home, shelf):
    timed = home.settings.model_copy(update={"clock": "frozen:2026-11-28T17:00:00+08:00"})
    assert run(timed, "backup", shelf).exit_code == 0
    at = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert [path.name for path in shelf.iterdir()] == [f"svcqa-{at:%Y%m%dT%H%M%SZ}.tar"]
