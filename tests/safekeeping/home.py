"""An installation that has something to lose, and the empty one beside it that a backup goes back into."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from svcqa.bootstrap import build
from svcqa.casework import evidence
from svcqa.kernel import checkpoint
from svcqa.kernel.database import open_to_read
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.safekeeping import backing_up, restoring
from svcqa.safekeeping.backing_up import Written
from svcqa.safekeeping.restoring import Restored, Wish
from tests import databases
from tests.cast import Cast
from tests.web.cases import Cases

SECRET = "a secret of the tests"
VERSION = "0.1.0"
PDF = b"%PDF-1.4\n"
NUMBERS = Statement("SELECT number FROM complaint ORDER BY number")
EVENTS = Statement("SELECT seq, body, chain FROM audit_event WHERE seq <= :size ORDER BY seq")


def quiet(_what: str, _done: int, _of: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True)
class Home:
    """A workplace with cases, evidence, a frozen cycle, letters and a signed checkpoint."""

    place: Workplace

    @property
    def settings(self) -> Settings:
        """The settings under which its own commands run."""
        return self.place.settings.model_copy(
            update={"secret_key": SecretStr(SECRET), "development": True, "smtp_security": "none"}
        )

    @property
    def cases(self) -> Cases:
        """The maker of complaints."""
        return Cases(self.place, Cast(self.place))

    def attach(self, number: str, data: bytes) -> None:
        """Add a file to a case."""
        with self.place.transaction(Cast(self.place).actor("xuwenjing")) as tx:
            evidence.add(tx, number, name="a.pdf", data=PDF + data, kind="document")

    def sign(self) -> Path:
        """Sign a checkpoint and return it."""
        with self.place.reading(SYSTEM) as tx:
            return checkpoint.take(tx, data_dir=self.settings.data_dir)

    def back_up(self, to: Path, *, secrets: bool = False) -> Written:
        """Write an archive."""
        return back_up(self.settings, to, at=self.place.clock.now(), secrets=secrets)


def settings_of(folder: Path, home: Home) -> Settings:
    """Return the settings of an installation in a folder that holds nothing yet, on the same kind of database."""
    folder.mkdir()
    url = ""
    if not home.settings.database.startswith("sqlite"):
        url = databases.address(databases.on_postgres(folder))
    told: dict[str, Any] = {"data_dir": folder / "data", "database_url": url, "clock": "system"}
    return home.settings.model_copy(update=told)


def back_up(settings: Settings, to: Path, *, at: datetime, secrets: bool = False) -> Written:
    """Write an archive of an installation."""
    return backing_up.back_up(settings, to, at=at, version=VERSION, secrets=secrets, progress=quiet)


def restore(
    settings: Settings,
    source: Path,
    *,
    newer: Path | None = None,
    key: Path | None = None,
    migrate: bool = False,
) -> Restored:
    """Restore an archive into an installation."""
    wish = Wish(source, newer, key, migrate)
    return restoring.restore(settings, wish, version=VERSION, progress=quiet)


@contextmanager
def opened(settings: Settings) -> Any:
    """Open the workplace as the product does."""
    place = build(settings).place
    yield place
    place.engine.dispose()


def numbers(settings: Settings) -> list[str]:
    """Return the numbers of all cases."""
    with open_to_read(settings.database) as tx:
        return [str(row[0]) for row in NUMBERS.run(tx).fetchall()]


def events(settings: Settings, size: int) -> list[tuple[Any, ...]]:
    """Return the first `size` events."""
    with open_to_read(settings.database) as tx:
        return [tuple(row) for row in EVENTS.run(tx, size=size).fetchall()]


def terminal(
    settings: Settings, *words: str | Path, largest_file: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run a command of the product; no file it writes may grow beyond `largest_file` bytes where that is given."""
    return subprocess.run(
        [sys.executable, "-m", "svcqa.cli", *map(str, words)],
        check=False,
        capture_output=True,
        text=True,
        env=environment(settings),
        preexec_fn=limit(largest_file) if largest_file else None,
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a process of the installation."""
    repository = str(Path(__file__).parents[2])
    return {**os.environ, **settings.environment(), "PYTHONPATH": repository, "PYTHONDONTWRITEBYTECODE": "1"}


def limit(largest_file: int) -> Callable[[], None]:
    """Return what makes a disk full for a process."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
