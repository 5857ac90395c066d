"""The list of commands shows at once, every command explains itself, and a refusal is one sentence."""

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
    ],
)
def test_a_setting_that_cannot_be_used_is_named(run, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    result = run("mail", "list")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


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
