"""What .ci/run relies on: a skip that nobody allowed fails the run, and its scripts can be started."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SUMMARY = "=========== short test summary info ===========\n"
ALLOWED = "SKIPPED [3] tests/kernel/test_calendar.py:9: ../shared/data is not beside this clone\n"
NO_SERVER = "SKIPPED [9] tests/conftest.py:71: PostgreSQL 15 or newer is not installed here: make postgres\n"
SURPRISE = "SKIPPED [1] tests/web/test_pages.py:12: no Chromium here\n"


def unexpected_skips(root, log, tmp_path):
    path = tmp_path / "test.log"
    path.write_text(log)
    command = [root / ".ci/unexpected-skips", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("log", ["", "10 passed in 1.00s\n", SUMMARY + ALLOWED])
def test_a_run_with_allowed_skips_only_goes_through(root, tmp_path, log):
    assert unexpected_skips(root, log, tmp_path).returncode == 0


@pytest.mark.parametrize("log", [SURPRISE, NO_SERVER, SUMMARY + ALLOWED + SURPRISE])
def test_a_planted_unexpected_skip_fails_the_run_and_is_named(root, tmp_path, log):
    result = unexpected_skips(root, log, tmp_path)
    assert (result.returncode, result.stdout) == (1, log.removeprefix(SUMMARY + ALLOWED))
    assert "not in .ci/allowed-skips" in result.stderr


def test_every_allowed_skip_stands_below_its_reason(root):
    lines = (root / ".ci/allowed-skips").read_text().splitlines()
    reasons = [number for number, line in enumerate(lines) if line and not line.startswith("#")]
    assert all(lines[number - 1].startswith("#") for number in reasons)


@pytest.mark.parametrize("name", ["run", "browser", "postgres", "unexpected-skips"])
def test_the_scripts_can_be_started(root, name):
    assert os.access(root / ".ci" / name, os.X_OK)


def test_the_run_installs_what_the_tests_need_before_they_run(root):
    lines = (root / ".ci/run").read_text().splitlines()
    steps = [line.split()[1] for line in lines if line.startswith("make ")]
    assert steps == ["browser", "postgres", "check", "test"]


class Machine:
    """A machine for `.ci/postgres`, with the programs a test gives it; what would be done as root is noted only."""

    def __init__(self, folder, manager=None, offers="", brings=""):
        self.bin, self.packaged, self.done = folder / "bin", folder / "packaged", folder / "done"
        self.bin.mkdir()
        for name in ("bash", "sed", "sort", "tail"):
            (self.bin / name).symlink_to(Path(str(shutil.which(name))).resolve())
        program(self.bin / "id", "echo 1000")
        bring = f"{shutil.which('mv')} {self.packaged}.new {self.packaged}" if brings else "true"
        program(
            self.bin / "sudo",
            f'echo "$*" >> {self.done}; case "$*" in *install*server|*install*-1?) {bring};; esac',
        )
        if manager:
            program(self.bin / manager, "exit 9")
            program(self.bin / "apt-cache", f"printf '{offers}'")
        self.has(brings, under=folder / "packaged.new")

    def has(self, version, under=None):
        if version:
            program(
                (under or self.packaged) / version / "bin" / "initdb",
                f"echo 'initdb (PostgreSQL) {version}.4'",
            )

    def run(self, root):
        environment = {"PATH": str(self.bin), "PACKAGED": str(self.packaged)}
        command = [root / ".ci/postgres"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{shutil.which('bash')}\n{text}\n")
    path.chmod(0o755)


def test_a_server_that_is_present_is_left_alone(root, tmp_path):
    machine = Machine(tmp_path, "apt-get")
    machine.has("13")
    machine.has("16")
    result = machine.run(root)
    assert (result.returncode, result.stdout, result.stderr) == (0, "PostgreSQL 16 is present\n", "")
    assert not machine.done.exists()


def test_debian_gets_the_newest_it_offers_and_no_cluster_of_its_own(root, tmp_path):
    offers = "postgresql-9 - old\\npostgresql-17 - new\\npostgresql-15 - fine\\n"
    machine = Machine(tmp_path, "apt-get", offers, brings="17")
    result = machine.run(root)
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "PostgreSQL 17 is installed")
    done = machine.done.read_text().splitlines()
    installing = next(number for number, line in enumerate(done) if line.endswith(" postgresql-17"))
    assert "create_main_cluster) .*/\\1 = false" in done[installing - 1]
    assert done[-1].startswith("mv "), "the defaults are put back"
    assert not [line for line in done if "enable" in line or "start" in line]


@pytest.mark.parametrize(
    ("manager", "offers", "brings", "says"),
    [
        ("apt-get", "postgresql-14 - too old\\n", "", "apt.postgresql.org"),
        ("dnf", "", "13", "dnf module enable postgresql:16"),
        (None, "", "", "install a PostgreSQL server from 15 on by hand"),
    ],
)
def test_a_machine_that_has_only_older_ones_is_told_what_to_do(root, tmp_path, manager, offers, brings, says):
    result = Machine(tmp_path, manager, offers, brings).run(root)
    assert result.returncode == 1
    assert says in result.stderr.splitlines()[-1]


def test_fedora_gets_its_server(root, tmp_path):
    machine = Machine(tmp_path, "dnf", brings="16")
    assert machine.run(root).stdout.splitlines()[-1] == "PostgreSQL 16 is installed"
    assert machine.done.read_text() == "dnf install -y -q postgresql-server\n"
