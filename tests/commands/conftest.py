"""An installation in a folder of its own, and the terminal's door as a test opens it."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from svcqa.bootstrap import build
from svcqa.casework import registering
from svcqa.casework.forms import Register
from svcqa.cli import app
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import access, people
from tests.databases import copied

MONDAY = "frozen:2026-11-23T09:30:00+08:00"
Run = Callable[..., Result]


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def at_home(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the settings speak of one folder and of nobody's own file."""
    patch.chdir(folder)
    patch.setenv("SVCQA_DATA_DIR", str(folder / "data"))
    patch.setenv("SVCQA_DEVELOPMENT", "true")
    patch.setenv("SVCQA_SMTP_SECURITY", "none")
    patch.setenv("SVCQA_WEB_PORT", str(free_port()))
    patch.setenv("SVCQA_SMTP_PORT", str(free_port()))
    patch.setenv("SVCQA_PREFECT_PORT", str(free_port()))
    patch.setenv("SVCQA_CLOCK", MONDAY)


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that `svcqa init --demo` was run in; made once, then copied."""
    folder = tmp_path_factory.mktemp("initialised")
    with pytest.MonkeyPatch.context() as patch:
        at_home(patch, folder)
        result = CliRunner().invoke(app, ["init", "--demo"])
    assert result.exit_code == 0, result.output
    return folder / "data"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the door: `run("mail", "list")` gives exit code and output, in a folder without data."""
    at_home(monkeypatch, tmp_path)

    def call(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, list(words), input=typed)

    return call


@pytest.fixture
def installed(run: Run, tmp_path: Path, initialised: Path) -> Run:
    """Return the door of an installation with the demo's people and the regulation."""
    copied(initialised, tmp_path / "data")
    return run


@pytest.fixture
def office(installed: Run) -> Workplace:
    """Return the workplace behind `installed`."""
    return build(Settings()).place


@pytest.fixture
def complaint(office: Workplace) -> str:
    """Return the number of a complaint that the hotline took this morning."""
    with office.transaction(SYSTEM) as tx:
        officer = people.by_staff_number(tx, "10207")
        assert officer is not None
        tx.actor = access.actor_of(tx, officer.id, via="web")
        form = Register(
            subject="约定上门时间无人前来", channel="hotline", occurred_at=tx.now, unit="cd1",
            complainant="林女士", email="lin@example.com", narrative="约好上午上门，等到下午没有人来。",
        )  # fmt: skip
        return registering.register(tx, form=form, source="web")
