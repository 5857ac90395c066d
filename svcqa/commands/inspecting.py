"""Looking at an installation for `svcqa check`: files, secret, database, machine. Changes and judges nothing."""

import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from svcqa import schema
from svcqa.bootstrap import KEPT_IN, build
from svcqa.commands.soundness import Database, Entry, Seen
from svcqa.demo import site
from svcqa.kernel import logbook
from svcqa.kernel.calendar import WorkingHours, local_day
from svcqa.kernel.checkpoint import PRIVATE
from svcqa.kernel.clock import SystemClock, clock_from
from svcqa.kernel.database import Reading, journal_mode, open_to_read, sqlite_module
from svcqa.kernel.errors import HouseError, NotFound
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Transaction
from svcqa.rulebook import library

REVISION = Statement("SELECT version_num FROM alembic_version")
NEWEST = Statement("SELECT at FROM audit_event ORDER BY seq DESC LIMIT 1")
UNIT = Statement("SELECT 1 FROM unit WHERE code = :code")
ADMINISTRATORS = Statement(
    "SELECT count(*) FROM role_grant g JOIN person p ON p.id = g.person_id WHERE g.role = 'administrator'"
    " AND g.from_on <= :today AND (g.until_on IS NULL OR g.until_on >= :today)"
    " AND (p.left_on IS NULL OR p.left_on >= :today)"
)
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
PRIVILEGE = Statement(
    "SELECT has_table_privilege(current_user, :name, 'UPDATE') OR has_table_privilege(current_user, :name, 'DELETE')"
)
COLLATION = Statement("SELECT datcollate FROM pg_database WHERE datname = current_database()")
SETTING = Statement("SELECT current_setting(:name)")


def look(settings: Settings) -> Seen:
    """Look at everything once."""
    folder, secret_file = entry(settings.data_dir), entry(settings.data_dir / KEPT_IN)
    clock_fault, now = _clock(settings)
    seen, hours_fault, secret = _database(settings), _hours_fault(settings), _secret(settings, secret_file)
    half_restored = entry(settings.half_restored)
    openable = secret and folder.writable and not half_restored.exists
    if seen.current and openable and not clock_fault and not hours_fault:
        seen = _looked_into(settings, seen)
    return Seen(
        settings=settings,
        now=now,
        today=local_day(now),
        secret=secret,
        folder=folder,
        secret_file=secret_file,
        signing_key=entry(settings.data_dir / PRIVATE),
        database_file=entry(Path(settings.database.removeprefix("sqlite:///"))),
        env_file=entry(Path(".env")),
        demo_mark=entry(settings.data_dir / site.MARK),
        half_restored=half_restored,
        free_bytes=shutil.disk_usage(settings.data_dir).free if folder.exists else 0,
        file_system=file_system_of(settings.data_dir),
        is_root=os.geteuid() == 0,
        clock_fault=clock_fault,
        hours_fault=hours_fault,
        prefect_auth=all(
            os.environ.get(name) for name in ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING")
        ),
        prefect_api=os.environ.get("PREFECT_API_URL", ""),
        database=seen,
    )


def entry(path: Path) -> Entry:
    """Look at a file or folder; what cannot be reached does not exist for us."""
    try:
        found = path.stat()
    except OSError:
        return Entry(path)
    return Entry(
        path, exists=True, is_dir=path.is_dir(), mode=found.st_mode & 0o777, writable=os.access(path, os.W_OK)
    )


def file_system_of(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """Return the kind of file system a path lies on, empty where the machine does not say."""
    place, best, kind = path.absolute(), -1, ""
    try:
        lines = mounts.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        _, point, found, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if len(point) >= best and place.is_relative_to(point):
            best, kind = len(point), found
    return kind


def _clock(settings: Settings) -> tuple[str, datetime]:
    try:
        return "", clock_from(settings.clock).now()
    except ValueError as error:
        return str(error), SystemClock().now()


def _hours_fault(settings: Settings) -> str:
    try:
        WorkingHours.parse(settings.working_hours)
    except ValueError as error:
        return str(error)
    return ""


def _secret(settings: Settings, kept: Entry) -> str:
    given = settings.secret_key.get_secret_value()
    if given or not kept.exists:
        return given
    try:
        return kept.path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _database(settings: Settings) -> Database:
    """Read where the database stands, by a connection that cannot write."""
    try:
        with open_to_read(settings.database) as tx:
            return _standing(tx)
    except FileNotFoundError:
        return Database(fault="文件不存在")
    except (ArgumentError, ValueError):
        return Database(fault="地址写法不对")
    except (OSError, SQLAlchemyError, psycopg.Error, sqlite_module().Error) as error:
        return Database(fault=logbook.words_of(error) or type(error).__name__)


def _standing(tx: Reading) -> Database:
    told: dict[str, Any] = {"dialect": tx.dialect, "head": schema.head(), "revision": _revision(tx)}
    if tx.dialect == "sqlite":
        module = sqlite_module()
        told["version"] = tuple(module.sqlite_version_info)
        told["safe_journal"] = journal_mode(told["version"])
        told["journal"] = str(tx.driver.execute("PRAGMA journal_mode").fetchone()[0])
        return Database(**told)
    told["version"] = (int(SETTING.one(tx, name="server_version_num")[0]) // 10_000,)
    told["collation"] = str(COLLATION.one(tx)[0])
    told["durable"] = {name: str(SETTING.one(tx, name=name)[0]) for name in DURABLE}
    if told["revision"] == told["head"]:
        told["may_rewrite"] = tuple(
            name for name in sorted(schema.HISTORY) if PRIVILEGE.one(tx, name=name)[0]
        )
    return Database(**told)


def _revision(tx: Reading) -> str:
    """Return the migration the database stands at, empty for a database without tables."""
    known = (
        "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        if tx.dialect == "sqlite"
        else "SELECT 1 FROM pg_class WHERE oid = to_regclass('alembic_version')"
    )
    row = REVISION.one(tx) if Statement(known).one(tx) else None
    return str(row[0]) if row else ""


def _looked_into(settings: Settings, seen: Database) -> Database:
    """Read what only a database of this version can be asked."""
    # What is looked at is sound enough to be opened: nothing is made by that.
    place = build(settings.model_copy(update={"smtp_security": "starttls"})).place
    try:
        with place.reading(SYSTEM) as tx:
            return _told(tx, seen)
    finally:
        place.engine.dispose()


def _told(tx: Transaction, seen: Database) -> Database:
    today, newest = local_day(tx.now), NEWEST.one(tx)
    return replace(
        seen,
        regulation=(fault := _regulation_fault(tx)),
        examples=() if fault else tuple(library.with_examples(tx, on=today)),
        unknown_units=tuple(
            code for code in tx.settings.assessed_unit_codes if UNIT.one(tx, code=code) is None
        ),
        administrators=int(ADMINISTRATORS.one(tx, today=today.isoformat())[0]),
        years=tuple(tx.calendar.years),
        newest_event_at=datetime.fromisoformat(newest[0]) if newest else None,
    )


def _regulation_fault(tx: Transaction) -> str:
    """Say what keeps the regulation from being used today; it is read and parsed as it is stored."""
    name = tx.settings.regulation
    try:
        library.in_force(tx, name, on=local_day(tx.now))
    except NotFound:
        return f"SVCQA_REGULATION 指的制度 {name} 今天没有生效的版本，请运行 svcqa rulebook list 核对后发布。"
    except HouseError:
        return f"SVCQA_REGULATION 指的制度 {name} 与发布时不符，请运行 svcqa audit verify 并从备份恢复。"
    return ""
