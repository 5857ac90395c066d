"""Where a backup goes back to: an empty folder and an empty database, or what an earlier try left half done there.

While it is filled a mark stands in the folder, and no part of the product starts.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import psycopg

from svcqa.bootstrap import KEPT_IN, known_secret
from svcqa.kernel import checkpoint
from svcqa.kernel.database import POSTGRES_SESSION, libpq, open_to_read
from svcqa.kernel.errors import Invalid
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Driven, Statement
from svcqa.safekeeping import copying, placing
from svcqa.safekeeping.archive import SECRET, Archive
from svcqa.safekeeping.manifest import Manifest

OWN = frozenset({KEPT_IN, checkpoint.PRIVATE})
"""What an archive does not hold, and an operator may have put into the folder before."""
LINK = Statement("SELECT chain FROM audit_event WHERE seq = :size")
OBJECTS = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'svcqa' AND pid <> pg_backend_pid()"""
GONE_WITHIN_SECONDS = 2.0
VERSION = "SELECT current_setting('server_version_num')::int / 10000"


@dataclass(frozen=True)
class Standing:
    """What was found at the target: `begun` where a mark stood, `filled` where the database was put in already.

    `lock` is the descriptor by which it is held.
    """

    begun: bool
    filled: bool
    lock: int


def demand(settings: Settings, archive: Archive, *, lock: int = -1) -> Standing:
    """Refuse a target that holds anything but an earlier try with this archive; raises Invalid, and changes nothing."""
    begun = _begun(settings, archive)
    if not begun:
        _demand_empty_folder(settings, archive)
    with copying.understood():
        filled = _filled(settings, archive.manifest)
        if filled and not (begun and _is_ours(settings, archive.manifest)):
            raise Invalid(
                "database",
                "数据库不是空的，恢复从不覆盖数据。请换一个空的数据库（SVCQA_DATABASE_URL），或先把原来的移走。",
            )
    return Standing(begun, filled, lock)


@contextmanager
def marked(settings: Settings, archive: Archive, at: datetime) -> Iterator[Standing]:
    """Hold the target alone, say in it which archive is restored, and return how it stands; raises Invalid.

    The mark stays until `unmark`, however the restore ends.
    """
    demand(settings, archive)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = settings.half_restored
    with os.fdopen(os.open(mark, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        _hold(file, settings)
        if file.read():
            yield demand(settings, archive, lock=file.fileno())
            return
        try:
            standing = demand(settings, archive, lock=file.fileno())
        except Invalid:
            mark.unlink()
            raise
        told = {"archive": archive.path.name, "manifest": archive.sha256, "since": at.isoformat()}
        file.write(json.dumps(told).encode())
        file.flush()
        os.fsync(file.fileno())
        placing.settle(settings.data_dir)
        yield standing


def _hold(mark: IO[bytes], settings: Settings) -> None:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Invalid(
            "data_dir", f"另一个 svcqa restore 正在恢复到 {settings.data_dir}。请等它结束。"
        ) from error


def unmark(settings: Settings) -> None:
    """Say that the restore is done, and where there is no secret yet, that it wants its old one."""
    if known_secret(settings) is None:
        placing.place(settings.secret_wanted, [])
    settings.half_restored.unlink()
    placing.settle(settings.data_dir)


def is_same_chain(tx: Driven, manifest: Manifest) -> bool:
    """Tell whether the chain came through exactly the link at which the archive says it stood."""
    row = LINK.one(tx, size=manifest.chain.size)
    return manifest.chain.size == 0 or (row is not None and row[0] == manifest.chain.link)


def _begun(settings: Settings, archive: Archive) -> bool:
    mark = settings.half_restored.read_bytes() if settings.half_restored.exists() else b""
    if not mark:
        return False
    try:
        told = json.loads(mark)
        name, sha256 = told["archive"], told["manifest"]
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(
            "data_dir", f"{settings.half_restored} 读不懂。请清空数据目录和数据库后再恢复。"
        ) from error
    if sha256 != archive.sha256:
        raise Invalid(
            "archive",
            f"{settings.data_dir} 里有一次没有完成的恢复，用的是 {name}。请用那份备份再运行一次；"
            f"要改用别的备份，请先清空数据目录和数据库。",
        )
    return True


def _demand_empty_folder(settings: Settings, archive: Archive) -> None:
    folder = settings.data_dir
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set[str]()
    there -= {settings.half_restored.name}
    brought = {name.removeprefix(SECRET) for name in archive.small if name.startswith(SECRET)}
    if there - OWN:
        raise Invalid(
            "data_dir",
            f"数据目录 {folder} 不是空的（有 {min(there - OWN)}），恢复从不覆盖数据。请用 SVCQA_DATA_DIR 换一个空目录，或先把它移走。",
        )
    if there & brought:
        raise Invalid(
            "data_dir", f"备份里有 {min(there & brought)}，而 {folder} 里已经有一个。请移走其中一个再恢复。"
        )


def _filled(settings: Settings, manifest: Manifest) -> bool:
    if copying.kind_of(settings.database) == "sqlite":
        path = copying.file_of(settings.database)
        return any(path.with_name(f"{path.name}{end}").exists() for end in ("", "-wal", "-journal"))
    with psycopg.connect(libpq(settings.database), options=POSTGRES_SESSION) as driver:
        objects, version = (_count(driver, query) for query in (OBJECTS, VERSION))
        alone = _is_alone(driver)
    if not alone:
        raise Invalid(
            "database", "还有 svcqa 的进程连着这个数据库。请先停止网页、邮件投递和定时检查，再恢复。"
        )
    if version < manifest.server:
        raise Invalid(
            "database",
            f"这份备份来自 PostgreSQL {manifest.server}，服务器是 {version} 版。请换用 {manifest.server} 版或更新的服务器。",
        )
    return objects > 0


def _is_alone(driver: psycopg.Connection) -> bool:
    """Tell whether nobody else is connected; who has just gone is seen by the server for a moment more."""
    until = time.monotonic() + GONE_WITHIN_SECONDS
    while _count(driver, OTHERS):
        if time.monotonic() > until:
            return False
        driver.rollback()  # within one transaction the server shows the same picture of who is there
        time.sleep(0.05)
    return True


def _count(driver: Any, query: str) -> int:
    return int(driver.execute(query).fetchone()[0])


def _is_ours(settings: Settings, manifest: Manifest) -> bool:
    with open_to_read(settings.database) as tx:
        return is_same_chain(tx, manifest)
