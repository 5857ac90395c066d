"""The composition root: settings in, a workplace out. Called by the doors and by tests; nothing is built at import."""

import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, make_url

from notifications.transport import Transport
from svcqa import schema
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.calendar import Calendar, WorkingHours, published_calendar
from svcqa.kernel.clock import Clock, clock_from
from svcqa.kernel.database import checked_address, open_engine
from svcqa.kernel.errors import Invalid
from svcqa.kernel.links import Links
from svcqa.kernel.loaded_years import with_loaded
from svcqa.kernel.sealing import Seal
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import Workplace

KEPT_IN = "secret.key"
NOT_SET_UP = (
    "还没有建立数据库，或数据库的版本低于本程序。第一次使用请运行 svcqa init，升级后请运行 svcqa migrate。"
)


@dataclass(frozen=True)
class Runtime:
    """A workplace with its way out for mail."""

    place: Workplace
    transport: Transport


def build(settings: Settings, *, clock: Clock | None = None) -> Runtime:
    """Open the database and put together everything a process needs; raises Invalid in a half restored folder."""
    _demand_whole(settings)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = secret_of(settings)
    engine = open_engine(settings.database)
    place = Workplace(
        engine=engine,
        clock=clock or clock_from(settings.clock),
        calendar=calendar_of(settings, engine),
        settings=settings,
        links=Links(secret, settings.base_url),
        blobs=Blobs(settings.blob_dir),
        seal=Seal(secret),
    )
    return Runtime(place, transport_of(settings))


def build_current(settings: Settings) -> Runtime:
    """Build on a database of this version; raises Invalid with what to run when it is none, and leaves nothing then."""
    _demand_whole(settings)
    for read in (lambda one: clock_from(one.clock), hours_of, transport_of):
        read(settings)  # what is set wrongly is said first
    if not _is_current(settings.database):
        where = "SVCQA_DATABASE_URL 所指之处" if settings.database_url else f"{settings.data_dir} 中"
        raise Invalid("database", where + NOT_SET_UP)
    if known_secret(settings) is None:
        raise Invalid(
            "secret_key",
            f"数据库已经在用，它的密钥却不在：没有 {settings.data_dir / KEPT_IN}，也没有设置 SVCQA_SECRET_KEY。"
            "请把原来的密钥放回去；换成新的，旧的邮件和个人信息就打不开了。",
        )
    return build(settings)


def _demand_whole(settings: Settings) -> None:
    """Refuse an installation that a restore has not finished."""
    if settings.half_restored.exists():
        raise Invalid(
            "data_dir",
            f"{settings.data_dir} 正在恢复，或恢复中断了。请再运行一次 svcqa restore，完成后再启动。",
        )


def _is_current(database: str) -> bool:
    """Tell whether a database is of this version, without making the file of one that is not there."""
    url = make_url(checked_address(database))
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False
    engine = open_engine(database)
    try:
        return schema.is_current(engine)
    finally:
        engine.dispose()


def calendar_of(settings: Settings, engine: Engine) -> Calendar:
    """Return the published calendar with the years loaded from files and the working hours that are set."""
    published = replace(published_calendar(), hours=hours_of(settings))
    with engine.connect() as connection:
        return with_loaded(published, connection)


def hours_of(settings: Settings) -> WorkingHours:
    """Return the working hours that are set; raises ValueError."""
    return WorkingHours.parse(settings.working_hours)


def with_years_of_today(place: Workplace) -> Workplace:
    """Return the workplace with the years loaded by now: a process that runs for months looks again."""
    return replace(place, calendar=calendar_of(place.settings, place.engine))


def seal_at_hand(settings: Settings) -> Seal | None:
    """Return the installation's seal where its secret is set or was made; a verifier elsewhere has none."""
    secret = known_secret(settings)
    return Seal(secret) if secret else None


def known_secret(settings: Settings) -> bytes | None:
    """Return the installation's secret where it is set or was made, and make none."""
    known = settings.secret_key.get_secret_value() or (settings.data_dir / KEPT_IN).is_file()
    return secret_of(settings) if known else None


def secret_of(settings: Settings) -> bytes:
    """Return the installation's secret: the one set, or one kept in the data folder, readable by its owner only.

    Makes one at the first call, but not where a backup was restored that needs its old one; raises Invalid there.
    """
    given = settings.secret_key.get_secret_value()
    if given:
        return given.encode()
    path = settings.data_dir / KEPT_IN
    if settings.secret_wanted.exists() and not path.is_file():
        raise Invalid(
            "secret_key",
            f"这里是从备份恢复的，还缺原来的密钥。请把它放回 {path}，或写进 SVCQA_SECRET_KEY；新的密钥打不开原来的内容。",
        )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _stored(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return _stored(path)


def _stored(path: Path) -> bytes:
    try:
        return path.read_text("ascii").strip().encode()
    except UnicodeDecodeError as error:
        raise Invalid("secret_key", f"密钥文件 {path} 已损坏。请从备份放回原来的文件。") from error


def transport_of(settings: Settings) -> Transport:
    """Return the way to the mail relay."""
    return Transport(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        username=settings.smtp_username or None,
        password=settings.smtp_password.get_secret_value() or None,
        development=settings.development,
    )
