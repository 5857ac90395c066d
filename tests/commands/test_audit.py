"""`svcqa audit`: exit 0 intact, 1 tampered with the event named, 2 an unanchored tail when asked, 3 unreadable."""

import json
from pathlib import Path

import pytest

from svcqa.kernel.database import sqlite_module
from tests.commands.conftest import Run


def change(database: Path, *texts: str) -> None:
    """Write as somebody who holds the file and takes the triggers away."""
    connection = sqlite_module().connect(database, isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for text in texts:
        connection.execute(text)
    connection.close()


@pytest.fixture
def data(complaint: str, tmp_path: Path) -> Path:
    """Return the data folder of an installation in which one complaint was registered."""
    return tmp_path / "data"


def test_an_untouched_installation_is_intact(run: Run, data: Path) -> None:
    result = run("audit", "verify")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("intact: ")


def test_a_tail_without_a_checkpoint_matters_only_when_strict(run: Run, data: Path) -> None:
    assert run("audit", "verify", "--strict").exit_code == 2
    signed = run("audit", "checkpoint")
    assert (signed.exit_code, signed.output.strip().endswith(".checkpoint")) == (0, True)
    assert run("audit", "verify", "--strict").exit_code == 0
    assert (data / "checkpoint.key").stat().st_mode & 0o777 == 0o600


def test_a_changed_event_is_named(run: Run, data: Path) -> None:
    change(data / "svcqa.db", "UPDATE audit_event SET body = replace(body, 'role', 'rule') WHERE seq = 3")
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "TAMPERED at event 3: edited body" in result.output
    assert run("audit", "checkpoint").exit_code == 1


def test_a_changed_row_is_named_with_both_values(run: Run, data: Path) -> None:
    change(data / "svcqa.db", "UPDATE complaint SET late = 1")
    result = run("audit", "verify", "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert told["fault"] is None
    assert [(d["table"], d["column"], d["stored"], d["folded"]) for d in told["deviations"]] == [
        ("complaint", "late", 1, False)
    ]


def test_a_sealed_text_that_was_taken_away_is_named_where_the_secret_lies(
    run: Run, data: Path, tmp_path: Path
) -> None:
    change(data / "svcqa.db", "UPDATE complaint SET narrative_sealed = 'gone'")
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "narrative_sealed" in result.output
    (data / "secret.key").rename(tmp_path / "elsewhere.key")
    assert run("audit", "verify").exit_code == 0


def test_an_older_copy_is_found_by_the_checkpoint(run: Run, data: Path) -> None:
    run("audit", "checkpoint")
    change(
        data / "svcqa.db",
        "DELETE FROM audit_event WHERE seq > 5",
        "UPDATE audit_head SET size = 5, chain = (SELECT chain FROM audit_event WHERE seq = 5)",
    )
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "older than its checkpoint" in result.output


def test_what_cannot_be_read_is_no_verdict(run: Run, data: Path, tmp_path: Path) -> None:
    assert run("audit", "verify", "--database", f"sqlite:///{tmp_path / 'none.db'}").exit_code == 3
    (tmp_path / "noise.db").write_bytes(b"no database at all, only some bytes" * 100)
    assert run("audit", "verify", "--database", f"sqlite:///{tmp_path / 'noise.db'}").exit_code == 3
    run("audit", "checkpoint")
    (data / "checkpoint.pub").write_text("no key")
    assert run("audit", "verify").exit_code == 3


def test_verifying_changes_no_byte(run: Run, data: Path) -> None:
    before = (data / "svcqa.db").read_bytes()
    run("audit", "verify")
    assert (data / "svcqa.db").read_bytes() == before
