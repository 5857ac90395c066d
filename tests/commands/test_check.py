"""`svcqa check` looks at a real installation: it changes nothing, and says by its exit code whether it is sound."""

import json
import os
from pathlib import Path

import pytest

from svcqa import schema
from svcqa.commands.inspecting import entry, file_system_of, look
from svcqa.commands.soundness import ANY, findings
from svcqa.kernel.clock import SystemClock
from svcqa.kernel.database import sqlite_module
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.conftest import MONDAY_MORNING
from tests.databases import on_postgresql

DEPLOYED = {
    "SVCQA_DEVELOPMENT": "false",
    "SVCQA_CLOCK": "system",
    "SVCQA_BASE_URL": "https://kefu.corp.cn",
    "SVCQA_TRUSTED_PROXIES": "127.0.0.1",
    "SVCQA_SMTP_HOST": "mail.corp.cn",
    "SVCQA_SMTP_SECURITY": "tls",
    "SVCQA_MAIL_FROM": "kefu@corp.cn",
}


@pytest.fixture
def deployed(installed, tmp_path, monkeypatch):
    """Return the door of an installation as it should be where people rely on it."""
    for name, value in DEPLOYED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SVCQA_CHECKPOINT_DIR", str(tmp_path / "checkpoints"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    (tmp_path / "data").chmod(0o700)
    return installed


def about(result):
    return [one["about"] for one in json.loads(result.stdout)["findings"]]


def files(folder):
    return {path: path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def unfreeze(monkeypatch):
    """Let the clock run from the Monday on which the installation was made."""
    monkeypatch.setenv("SVCQA_CLOCK", f"shifted:{(MONDAY_MORNING - SystemClock().now()).total_seconds()}")


def test_an_installation_at_a_desk_is_sound_but_must_not_go_live(installed, monkeypatch):
    unfreeze(monkeypatch)
    result = installed("check")
    assert (result.exit_code, result.stdout) == (0, "sound: 14 checks, nothing found\n")
    refused = installed("check", "--deploy", "--json")
    assert refused.exit_code == 1
    assert {"SVCQA_DEVELOPMENT", "SVCQA_BASE_URL", "SVCQA_SMTP_SECURITY", "SVCQA_CHECKPOINT_DIR"} <= set(
        about(refused)
    )


def test_an_installation_as_it_should_be_may_go_live_once_the_example_sums_are_replaced(deployed):
    result = deployed("check", "--deploy", "--json")
    told = json.loads(result.stdout)
    (found,) = [one for one in told["findings"] if one["about"] not in ("工作日历", "本机时间")]
    assert "complaints-trial、telecom-service 还有标为示例的金额" in found["sentence"]
    assert told["checks"] == 32


def test_before_the_first_run_it_says_what_is_missing_and_makes_nothing(run, tmp_path, monkeypatch):
    unfreeze(monkeypatch)
    result = run("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "3 findings in 14 checks"
    assert result.stdout.count("svcqa init") == 3
    assert list(tmp_path.iterdir()) == []


def test_it_changes_nothing_and_makes_no_secret(installed, tmp_path, monkeypatch):
    unfreeze(monkeypatch)
    (tmp_path / "data" / "secret.key").unlink()
    before = files(tmp_path)
    assert about(installed("check", "--json")) == ["SVCQA_SECRET_KEY"]
    assert {path for path in files(tmp_path) if not path.name.endswith(("-wal", "-shm"))} == {
        path for path in before if not path.name.endswith(("-wal", "-shm"))
    }
    assert not (tmp_path / "data" / "secret.key").exists()


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "SVCQA_DATABASE_URL"),
        ("DELETE FROM role_grant WHERE role = 'administrator'", "管理员"),
        ("DROP TABLE alembic_version", "SVCQA_DATABASE_URL"),
    ],
)
def test_what_the_database_says_is_heard(installed, office, monkeypatch, change, wanted):
    unfreeze(monkeypatch)
    with office.transaction(SYSTEM) as tx:
        Statement(change).run(tx)
    assert about(installed("check", "--json")) == [wanted]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SVCQA_REGULATION", "no-such-document"),
        ("SVCQA_ASSESSED_UNITS", "cd1, nowhere"),
        ("SVCQA_WORKING_HOURS", "all day"),
        ("SVCQA_DATABASE_URL", "nonsense"),
        ("SVCQA_WEB_PORT", "eighty"),
        ("SVCQA_LOG_FORMAT", "xml"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_finding(installed, monkeypatch, setting, value):
    unfreeze(monkeypatch)
    monkeypatch.setenv(setting, value)
    result = installed("check", "--json")
    assert result.exit_code == 1
    assert about(result) == [setting]


def test_a_restore_that_stopped_halfway_is_found(installed, tmp_path, monkeypatch):
    unfreeze(monkeypatch)
    Settings(_env_file=None, data_dir=tmp_path / "data").half_restored.write_bytes(b"")
    result = installed("check", "--json")
    assert (result.exit_code, about(result)) == (1, ["SVCQA_DATA_DIR"])
    assert "svcqa restore" in result.stdout


def test_a_stopped_clock_is_found(installed):
    assert "SVCQA_CLOCK" in about(installed("check", "--json"))


def test_a_file_that_is_no_database_is_found(installed, tmp_path, monkeypatch):
    unfreeze(monkeypatch)
    for path in (tmp_path / "data").glob("svcqa.db*"):
        path.unlink()
    (tmp_path / "data" / "svcqa.db").write_text("this is no database, and long enough to look like one" * 100)
    assert about(installed("check", "--json")) == ["SVCQA_DATABASE_URL"]


def test_the_data_folder_is_made_for_its_owner_alone(initialised):
    assert initialised.stat().st_mode & 0o777 == 0o700
    assert entry(initialised).open_to(0o077) is False


def test_the_nearest_mount_names_the_file_system(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/a / ext4 rw 0 0\nhost:/x /srv nfs4 rw 0 0\nb /srv/my\\040data xfs rw 0 0\n")
    kinds = [file_system_of(Path(one), mounts) for one in ("/srv/x", "/srv/my data/var", "/home", "/srvx")]
    assert kinds == ["nfs4", "xfs", "ext4", "ext4"]
    assert file_system_of(Path("/srv"), tmp_path / "none") == ""


def test_the_database_is_read_where_the_setting_points(installed, tmp_path, monkeypatch):
    unfreeze(monkeypatch)
    elsewhere = tmp_path / "other.db"
    sqlite_module().connect(elsewhere).close()
    elsewhere.touch()
    monkeypatch.setenv("SVCQA_DATABASE_URL", f"sqlite:///{elsewhere}")
    assert Settings().database.endswith("other.db")
    assert about(installed("check", "--json")) == ["SVCQA_DATABASE_URL"]


@on_postgresql
def test_on_postgresql_who_owns_the_tables_is_seen_to_be_able_to_rewrite_history(place):
    seen = look(place.settings).database
    assert (seen.fault, seen.revision, seen.dialect) == ("", schema.head(), "postgresql")
    assert seen.version[0] >= 15
    assert set(seen.durable) == {"fsync", "full_page_writes", "synchronous_commit"}
    assert set(seen.may_rewrite) == schema.HISTORY


@on_postgresql
def test_a_postgresql_that_does_not_answer_is_found(place):
    address = "postgresql://nobody@127.0.0.1:1/nothing"
    seen = look(place.settings.model_copy(update={"database_url": address}))
    assert "refused" in seen.database.fault
    assert [one.about for one in findings(seen, ANY)][-1] == "SVCQA_DATABASE_URL"
