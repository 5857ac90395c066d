"""Which pg_dump is taken: the server's own version, else the newest; none or too old a one is said in a sentence."""

import pytest

from svcqa.kernel.errors import Invalid
from svcqa.safekeeping import programs


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Return a maker of PostgreSQL versions on a machine that has none yet."""
    monkeypatch.setattr(programs, "PACKAGED", tmp_path / "packaged")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))

    def install(version, *, folder=None, works=True):
        folder = folder or tmp_path / "packaged" / str(version) / "bin"
        folder.mkdir(parents=True)
        for name in programs.BOTH:
            program = folder / name
            program.write_text(
                f'#!/bin/sh\necho "{name} (PostgreSQL) {version}.4 (Debian)"\nexit {0 if works else 3}\n'
            )
            program.chmod(0o755)
        return folder

    return install


def test_a_machine_without_any_says_what_to_install(machine):
    with pytest.raises(Invalid, match="请安装 PostgreSQL 16 的客户端程序"):
        programs.found(16)


def test_the_servers_own_version_comes_first_then_the_newest(machine):
    for version in (15, 16, 17):
        machine(version)
    assert programs.found(16).version == 16
    assert programs.found(14).version == 17


def test_one_on_the_path_counts_too(machine, tmp_path):
    machine(17, folder=tmp_path / "path")
    assert programs.found(16) == programs.Programs(tmp_path / "path", 17)


def test_an_older_one_is_refused(machine):
    machine(15)
    with pytest.raises(Invalid, match="是 15 版，低于服务器的 17 版"):
        programs.found(17)


def test_one_that_does_not_run_is_no_program(machine, tmp_path):
    machine(17, works=False)
    machine(16)
    assert programs.found(15).version == 16


def test_a_password_is_not_among_the_arguments(machine):
    folder = machine(16)
    (folder / "pg_dump").write_text('#!/bin/sh\necho "$@"; echo "$PGPASSWORD"\n')
    said = programs.Programs(folder, 16).run(
        "pg_dump", url="postgresql://kefu:s3cret@db:5433/svcqa?sslmode=require"
    )
    arguments, password = said.splitlines()
    assert "s3cret" not in arguments
    assert password == "s3cret"
    assert "sslmode=require" in arguments


def test_what_a_program_said_is_passed_on(machine):
    folder = machine(16)
    (folder / "pg_dump").write_text("#!/bin/sh\necho 'no space left' >&2; exit 1\n")
    with pytest.raises(Invalid, match="pg_dump 失败：no space left"):
        programs.Programs(folder, 16).run("pg_dump")
    (folder / "pg_dump").write_text("#!/bin/sh\nkill -9 $$\n")
    with pytest.raises(Invalid, match="信号 9"):
        programs.Programs(folder, 16).run("pg_dump")
