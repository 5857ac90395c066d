"""Making an installation from an archive: everything is read and proven first, then put in, then proven again.

A restore that was cut off goes on where it was: each file is placed whole, and the database in one piece.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from svcqa import migrating, schema
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.clock import clock_from
from svcqa.kernel.database import libpq, open_engine, open_to_read
from svcqa.kernel.errors import Invalid
from svcqa.kernel.settings import Settings
from svcqa.safekeeping import archive, copying, manifest, placing, programs, proving, reopening, target
from svcqa.safekeeping.archive import BLOB, DATABASE, NOTE, SECRET, Archive, Hashing, Progress
from svcqa.safekeeping.manifest import Manifest, Part
from svcqa.safekeeping.proving import Proof
from svcqa.safekeeping.target import Standing


@dataclass(frozen=True)
class Wish:
    """What the operator asked for: the archive, the auditor's checkpoints and key, and whether to migrate."""

    source: Path
    newer: Path | None
    key: Path | None
    migrate: bool


@dataclass(frozen=True)
class Restored:
    """What came of it; `behind` where the database is older than this program and was not migrated."""

    manifest: Manifest
    proof: Proof
    resumed: bool
    behind: bool


def restore(settings: Settings, wish: Wish, *, version: str, progress: Progress) -> Restored:
    """Restore an archive into an empty installation; raises Invalid before anything is touched, or OSError."""
    opened = archive.opened(wish.source, progress=progress)
    told = opened.manifest
    manifest.demand_fit(
        told, database=copying.kind_of(settings.database), migrations=schema.revisions(), version=version
    )
    _demand_secret(settings, opened)
    anchors = proving.anchors(opened, newer=wish.newer, key=wish.key, kept=settings.checkpoint_folder)
    found = programs.found(told.server) if told.database == "postgresql" else None
    at = clock_from(settings.clock).now()
    with target.marked(settings, opened, at) as standing, copying.understood(), _with_room(settings):
        _put_in(settings, opened, found, standing, progress)
        behind = _brought_up(settings, wish, progress)
        progress("proving", 0, 0)
        proof = proving.prove(settings, anchors, until=told.chain.size, compares=not behind)
        _reopen(settings, opened)
        target.unmark(settings)
    return Restored(told, proof, standing.begun, behind)


def _reopen(settings: Settings, opened: Archive) -> None:
    engine = open_engine(settings.database)
    try:
        reopening.reopen(settings, engine, opened)
    finally:
        engine.dispose()


@contextmanager
def _with_room(settings: Settings) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in placing.FULL:
            raise Invalid(
                "data_dir",
                f"{settings.data_dir} 的空间不够，恢复没有完成。请腾出空间，再运行一次 svcqa restore，它会接着做。",
            ) from error
        raise


def _put_in(
    settings: Settings,
    opened: Archive,
    found: programs.Programs | None,
    standing: Standing,
    progress: Progress,
) -> None:
    total, done = sum(part.size for part in opened.manifest.parts), 0
    database = DATABASE[opened.manifest.database]
    waiting = settings.data_dir / "svcqa.pgdump"
    _sweep_out(settings)
    for part, source in opened.parts():
        progress("restoring", done, total)
        if part.name != database:
            _place(settings, part, source)
        elif not standing.filled:
            path = waiting if found else copying.file_of(settings.database)
            placing.place(path, _proven(part, source))
        done += part.size
    if found and not standing.filled:
        progress("database", 0, 0)
        _load(settings.database, waiting, found, lock=standing.lock)
    waiting.unlink(missing_ok=True)
    with open_to_read(settings.database) as tx:
        if not target.is_same_chain(tx, opened.manifest):
            raise Invalid(
                "archive",
                "恢复出的数据库与备份的清单不符，已停下，系统不会启动。请清空数据目录和数据库，换一份备份。",
            )


def _sweep_out(settings: Settings) -> None:
    """Remove what a killed try was writing."""
    folders = (settings.data_dir, settings.checkpoint_folder, copying.file_of(settings.database).parent)
    left = [path for folder in folders for path in folder.glob(f"{placing.INCOMING}*")]
    for path in (*left, *settings.blob_dir.glob("incoming-*")):
        path.unlink(missing_ok=True)


def _place(settings: Settings, part: Part, source: Hashing) -> None:
    if part.name.startswith(BLOB):
        Blobs(settings.blob_dir).put(_proven(part, source))
        return
    if part.name.startswith(NOTE):
        path = settings.checkpoint_folder / part.name.removeprefix(NOTE)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():  # a folder outside of the data folder outlived what was lost, and is believed
            return
    else:
        path = settings.data_dir / part.name.removeprefix(SECRET)
    placing.place(path, _proven(part, source))
    if not part.name.startswith(SECRET):
        path.chmod(0o644)  # for the auditor to take away


def _proven(part: Part, source: Hashing) -> Iterator[bytes]:
    """Yield the bytes of a part; raises Invalid at its end when they are others than were read before."""
    yield from source.chunks()
    if (source.size, source.sha256) != (part.size, part.sha256):
        raise Invalid("archive", "备份文件在恢复时被改动了，已停下。请用完好的备份再运行一次。")


def _load(url: str, path: Path, found: programs.Programs, *, lock: int) -> None:
    """Let pg_restore fill the empty database in one transaction, and PostgreSQL learn what it holds."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-acl")
    found.run("pg_restore", *options, path, url=url, lock=lock)
    with psycopg.connect(libpq(url), autocommit=True) as driver:
        driver.execute("ANALYZE")


def _brought_up(settings: Settings, wish: Wish, progress: Progress) -> bool:
    """Migrate where that was asked for; tell whether the database is older than this program."""
    engine = open_engine(settings.database)
    try:
        if wish.migrate:
            progress("migrating", 0, 0)
            migrating.migrate(engine)
        return not schema.is_current(engine)
    finally:
        engine.dispose()


def _demand_secret(settings: Settings, opened: Archive) -> None:
    given, inside = settings.secret_key.get_secret_value(), opened.small.get(f"{SECRET}secret.key")
    if given and inside is not None and inside.strip() != given.encode():
        raise Invalid(
            "secret_key", "SVCQA_SECRET_KEY 与备份里的密钥不是同一个。请去掉这项设置，或填入原来的密钥。"
        )
