"""What .ci/run relies on: a skip that nobody allowed fails the run, and its scripts can be started."""

import os
import subprocess

import pytest

SUMMARY = "=========== short test summary info ===========\n"
ALLOWED = "SKIPPED [3] tests/kernel/test_calendar.py:9: ../shared/data is not beside this clone\n"
SURPRISE = "SKIPPED [1] tests/web/test_pages.py:12: no Chromium here\n"


def unexpected_skips(root, log, tmp_path):
    path = tmp_path / "test.log"
    path.write_text(log)
    command = [root / ".ci/unexpected-skips", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("log", ["", "10 passed in 1.00s\n", SUMMARY + ALLOWED])
def test_a_run_with_allowed_skips_only_goes_through(root, tmp_path, log):
    assert unexpected_skips(root, log, tmp_path).returncode == 0


@pytest.mark.parametrize("log", [SURPRISE, SUMMARY + ALLOWED + SURPRISE])
def test_a_planted_unexpected_skip_fails_the_run_and_is_named(root, tmp_path, log):
    result = unexpected_skips(root, log, tmp_path)
    assert (result.returncode, result.stdout) == (1, SURPRISE)
    assert "not in .ci/allowed-skips" in result.stderr


def test_every_allowed_skip_stands_below_its_reason(root):
    lines = (root / ".ci/allowed-skips").read_text().splitlines()
    reasons = [number for number, line in enumerate(lines) if line and not line.startswith("#")]
    assert all(lines[number - 1].startswith("#") for number in reasons)


@pytest.mark.parametrize("name", ["run", "browser", "unexpected-skips"])
def test_the_scripts_can_be_started(root, name):
    assert os.access(root / ".ci" / name, os.X_OK)
