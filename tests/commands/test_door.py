"""The list of commands shows at once, every command explains itself, and a refusal is one sentence."""

import os
import subprocess
import sys

import pytest
from click import unstyle

from svcqa.cli import COMMANDS

HEAVY = "print(sorted({'sqlalchemy', 'fastapi', 'alembic'} & set(sys.modules)))"


def test_the_list_of_commands_imports_none_of_them():
    code = f"import sys\nfrom svcqa.cli import app\ntry: app(['--help'])\nfinally: {HEAVY}"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert all(name in shown for name in COMMANDS)
    assert shown.endswith("[]\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run, name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: root {name}" in unstyle(result.stdout)


def test_without_a_command_the_list_is_shown(run):
    assert "rulebook" in run().output


def test_an_unknown_command_is_refused_with_the_nearest_one(run):
    result = run("complaints", "list")
    assert result.exit_code == 2
    assert "complaint" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("sweep",),
        ("mail", "list"),
        ("complaint", "list"),
        ("rulebook", "list"),
        ("courier",),
        ("web",),
        ("up",),
    ],
)
def test_before_the_first_run_every_command_says_what_to_run(run, tmp_path, words):
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "svcqa init" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [], "a refused command leaves nothing behind"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SVCQA_WEB_PORT", "eighty", "SVCQA_WEB_PORT"),
        ("SVCQA_CLOCK", "yesterday", "shifted:<seconds>"),
        ("SVCQA_TRUSTED_PROXIES", "127.0.0.1, *", "SVCQA_TRUSTED_PROXIES"),
        ("SVCQA_WORKING_HOURS", "09:00-08:00", "工作时段"),
        ("SVCQA_DEVELOPMENT", "false", "smtp_security"),
        ("SVCQA_DATA_DIR", "/proc/none", "/proc/none"),
        ("SVCQA_DATABASE_URL", "sqlite:////proc/none/svcqa.db", "SVCQA_DATABASE_URL"),
        ("SVCQA_DATABASE_URL", "garbage", "SVCQA_DATABASE_URL"),
        ("SVCQA_DATABASE_URL", "mysql://a/b", "SVCQA_DATABASE_URL"),
        ("SVCQA_DATABASE_URL", "postgresql://x@127.0.0.1:nop/x", "数据库地址不能识别"),
        ("SVCQA_WEB_PORT", "-1", "SVCQA_WEB_PORT"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(run, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    result = run("mail", "list")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def alone(*words, **environment):
    """Run the command as a process of its own, as a shell does."""
    command = [sys.executable, "-m", "svcqa.cli", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def test_an_argument_that_is_no_text_is_named():
    refused = alone("complaint", "show", b"\xff")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "参数 '\\udcff' 不是 UTF-8 编码。请检查终端的编码后再输入。\n"


def test_what_nobody_foresaw_is_one_sentence_and_its_traceback_lies_in_a_file(tmp_path):
    plan = "import svcqa.cli as cli\ndef fall(): raise KeyError('unheard of')\ncli.app = fall\ncli.main()"
    fallen = subprocess.run(
        [sys.executable, "-c", plan],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    (kept,) = tmp_path.glob("svcqa-error-*.txt")
    assert fallen.returncode == 1
    assert (
        fallen.stderr
        == f"出了没有预料到的错（KeyError），没有提交的没有保存。详情在 {kept}，请交给维护人员。\n"
    )
    assert "unheard of" in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("address", ["garbage", "mysql://a/b", "postgresql://x@127.0.0.1:nop/x"])
def test_an_address_that_is_none_is_refused_wherever_it_is_typed(installed, monkeypatch, address):
    assert "数据库地址不能识别" in installed("relocate", address).stderr
    unreadable = installed("audit", "verify", "--database", address)
    assert (unreadable.exit_code, unreadable.stdout) == (3, "")
    assert "数据库地址不能识别" in unreadable.stderr
    monkeypatch.setenv("SVCQA_DATABASE_URL", address)
    assert "SVCQA_DATABASE_URL" in installed("check").stdout


def test_a_damaged_database_is_said_with_the_way_back(installed, tmp_path):
    path = tmp_path / "data" / "svcqa.db"
    for beside in path.parent.glob("svcqa.db-*"):
        beside.unlink()
    path.write_bytes(b"something else " * 10_000)
    refused = installed("complaint", "list")
    assert refused.exit_code == 2
    assert "svcqa restore" in refused.stderr


def test_a_house_in_use_whose_secret_is_gone_makes_no_new_one(installed, tmp_path):
    (tmp_path / "data" / "secret.key").unlink()
    refused = installed("complaint", "list")
    assert refused.exit_code == 2
    assert "请把原来的密钥放回去" in refused.stderr
    assert not (tmp_path / "data" / "secret.key").exists()


def test_a_damaged_secret_is_named_with_its_place(installed, tmp_path):
    path = tmp_path / "data" / "secret.key"
    path.chmod(0o600)
    path.write_bytes(b"\xff\xfe\x00")
    refused = installed("complaint", "list")
    assert refused.exit_code == 2
    assert "secret.key 已损坏" in refused.stderr


def test_an_unknown_complaint_is_refused_in_one_sentence(installed):
    result = installed("complaint", "show", "TS-202611-9999")
    assert result.exit_code == 2
    assert result.stderr.startswith("没有找到工单 TS-202611-9999。")


def test_ctrl_c_at_a_prompt_is_quiet(installed):
    result = installed("password", "set", "10207", typed="")
    assert result.exit_code == 130
    assert "Traceback" not in result.output


def test_the_mailbox_is_refused_outside_development(run, monkeypatch):
    monkeypatch.setenv("SVCQA_DEVELOPMENT", "false")
    monkeypatch.setenv("SVCQA_SMTP_SECURITY", "starttls")
    result = run("mailbox")
    assert result.exit_code == 2
    assert "SVCQA_DEVELOPMENT" in result.stderr
