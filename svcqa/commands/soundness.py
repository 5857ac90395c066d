"""What makes an installation unsound, as rules over what was seen of it. Pure: values in, findings out.

`ANY` holds for every installation, also at a desk; `DEPLOYED` for one that people rely on.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from svcqa.kernel.settings import Settings


@dataclass(frozen=True)
class Finding:
    """What is wrong: the setting or place it is about, and a sentence that says what to do."""

    about: str
    sentence: str


@dataclass(frozen=True)
class Entry:
    """A file or folder as the system shows it; `mode` are its permission bits."""

    path: Path
    exists: bool = False
    is_dir: bool = False
    mode: int = 0
    writable: bool = False

    def open_to(self, bits: int) -> bool:
        """Tell whether it is there and somebody beyond its owner may do something with it."""
        return self.exists and bool(self.mode & bits)


@dataclass(frozen=True)
class Database:
    """What the database says. `fault` is why it cannot be read; what was not looked at is empty or None."""

    fault: str = ""
    revision: str = ""
    head: str = ""
    dialect: str = "sqlite"
    version: tuple[int, ...] = ()
    journal: str = ""
    safe_journal: str = ""
    durable: Mapping[str, str] = field(default_factory=dict)
    collation: str = "C"
    may_rewrite: tuple[str, ...] = ()
    regulation: str = ""
    examples: tuple[str, ...] = ()
    unknown_units: tuple[str, ...] = ()
    administrators: int | None = None
    years: tuple[int, ...] | None = None
    newest_event_at: datetime | None = None

    @property
    def current(self) -> bool:
        """Whether it can be read and stands at this version, so that the rest was looked at."""
        return not self.fault and self.revision == self.head


@dataclass(frozen=True)
class Seen:
    """All that was seen of an installation. `secret` is never shown."""

    settings: Settings
    now: datetime
    today: date
    secret: str = field(repr=False)
    folder: Entry
    secret_file: Entry
    signing_key: Entry
    database_file: Entry
    env_file: Entry
    demo_mark: Entry
    half_restored: Entry
    free_bytes: int
    file_system: str
    is_root: bool
    clock_fault: str
    hours_fault: str
    prefect_auth: bool
    prefect_api: str
    database: Database


Rule = Callable[[Seen], Iterator[Finding]]

GROUP_OR_OTHERS, OTHERS = 0o077, 0o007
LEAST_FREE = 200_000_000
CLOCK_MAY_DIFFER = timedelta(minutes=5)


def clock(seen: Seen) -> Iterator[Finding]:
    """Refuse a clock that stands still, under which no deadline passes, and one that is moved for a rehearsal."""
    setting = seen.settings.clock
    if seen.clock_fault:
        yield Finding("SVCQA_CLOCK", f"SVCQA_CLOCK 的值 {setting} 不能识别，请改为 system。")
    elif setting.startswith("frozen:"):
        yield Finding("SVCQA_CLOCK", "SVCQA_CLOCK 让时钟停住，任何时限都不会到期，请改为 system。")
    elif setting != "system" and not seen.settings.development:
        yield Finding("SVCQA_CLOCK", "SVCQA_CLOCK 移动了时钟，所有时间都不真实，请改为 system。")


def machine_time(seen: Seen) -> Iterator[Finding]:
    """See that the newest event lies in the past: else the machine's clock was set back."""
    newest = seen.database.newest_event_at
    if newest and not seen.clock_fault and newest > seen.now + CLOCK_MAY_DIFFER:
        yield Finding(
            "本机时间", "本机时间早于最后一条审计记录，时钟被调慢了，请校准本机时间（NTP）后再启动。"
        )


def working_hours(seen: Seen) -> Iterator[Finding]:
    """See that deadlines in hours have their hours."""
    if seen.hours_fault:
        value = seen.settings.working_hours
        yield Finding(
            "SVCQA_WORKING_HOURS",
            f"SVCQA_WORKING_HOURS 的值 {value} 不能识别，请写成 08:30-12:00,14:00-17:30 的样子。",
        )


def data_folder(seen: Seen) -> Iterator[Finding]:
    """See that there is a folder to keep everything in, and room."""
    folder, path = seen.folder, seen.folder.path
    if not folder.exists:
        yield Finding(
            "SVCQA_DATA_DIR", f"SVCQA_DATA_DIR 指的目录 {path} 不存在，请先运行 svcqa init，或改正这项设置。"
        )
    elif not folder.is_dir or not folder.writable:
        yield Finding(
            "SVCQA_DATA_DIR", f"SVCQA_DATA_DIR 指的 {path} 不能写入，请让运行 svcqa 的账号拥有这个目录。"
        )
    elif seen.free_bytes < LEAST_FREE:
        free = seen.free_bytes // 1_000_000
        yield Finding("SVCQA_DATA_DIR", f"SVCQA_DATA_DIR 所在的磁盘只剩 {free} MB，请先腾出 200 MB 以上。")


def secret(seen: Seen) -> Iterator[Finding]:
    """See that there is a secret and that nobody else can read it."""
    if not seen.secret:
        yield Finding(
            "SVCQA_SECRET_KEY",
            "SVCQA_SECRET_KEY 没有设置，数据目录里也没有 secret.key，请运行 svcqa init，或填入原来的密钥。",
        )
    if seen.secret_file.open_to(GROUP_OR_OTHERS):
        yield Finding(
            "SVCQA_SECRET_KEY",
            f"SVCQA_SECRET_KEY 的文件 {seen.secret_file.path} 别人也能读，请运行 chmod 600 {seen.secret_file.path}。",
        )


def signing_key(seen: Seen) -> Iterator[Finding]:
    """Keep the key private with which a rewritten chain could be vouched for."""
    if seen.signing_key.open_to(GROUP_OR_OTHERS):
        path = seen.signing_key.path
        yield Finding(
            "SVCQA_DATA_DIR",
            f"SVCQA_DATA_DIR 里检查点的签名密钥 {path} 别人也能读，请运行 chmod 600 {path}。",
        )


def restored(seen: Seen) -> Iterator[Finding]:
    """See that no restore stopped halfway: nothing starts in what it left."""
    if seen.half_restored.exists:
        yield Finding(
            "SVCQA_DATA_DIR",
            f"SVCQA_DATA_DIR 指的 {seen.folder.path} 正在恢复，或恢复中断了，请再运行一次 svcqa restore，完成后再启动。",
        )


def database(seen: Seen) -> Iterator[Finding]:
    """See that the database answers and stands at this version."""
    found = seen.database
    if found.fault:
        yield Finding(
            "SVCQA_DATABASE_URL",
            f"SVCQA_DATABASE_URL 指的数据库不能使用（{found.fault}），请检查地址、权限，或先运行 svcqa init。",
        )
    elif not found.revision:
        yield Finding("SVCQA_DATABASE_URL", "SVCQA_DATABASE_URL 指的数据库里还没有表，请运行 svcqa init。")
    elif found.revision > found.head:
        yield Finding(
            "SVCQA_DATABASE_URL",
            f"SVCQA_DATABASE_URL 的数据库版本 {found.revision} 比本程序的 {found.head} 新，请安装与它相符的程序。",
        )
    elif found.revision != found.head:
        yield Finding(
            "SVCQA_DATABASE_URL",
            f"SVCQA_DATABASE_URL 的数据库版本 {found.revision} 比本程序的 {found.head} 旧，请运行 svcqa migrate。",
        )


def journal(seen: Seen) -> Iterator[Finding]:
    """Refuse the write-ahead log of an older SQLite, which can corrupt the database."""
    found = seen.database
    if found.journal and found.journal == "wal" != found.safe_journal:
        version = ".".join(map(str, found.version))
        yield Finding(
            "SVCQA_DATABASE_URL",
            f"SVCQA_DATABASE_URL 的数据库用着 WAL 日志，而 SQLite {version} 低于 3.51.3，可能损坏数据，请安装 pysqlite3 后再启动。",
        )


def file_system(seen: Seen) -> Iterator[Finding]:
    """Refuse SQLite over a network, where its locks do not hold."""
    if seen.database.dialect == "sqlite" and seen.file_system in NETWORKED:
        yield Finding(
            "SVCQA_DATA_DIR",
            f"SVCQA_DATA_DIR 在网络文件系统（{seen.file_system}）上，锁不可靠，请改用本机磁盘。",
        )


def regulation(seen: Seen) -> Iterator[Finding]:
    """See that new complaints find the rules they are handled by."""
    if seen.database.regulation:
        yield Finding("SVCQA_REGULATION", seen.database.regulation)


def assessed_units(seen: Seen) -> Iterator[Finding]:
    """See that the schedule finds the units whose cycles it opens."""
    if seen.database.unknown_units:
        codes = "、".join(seen.database.unknown_units)
        yield Finding(
            "SVCQA_ASSESSED_UNITS",
            f"SVCQA_ASSESSED_UNITS 中的单位 {codes} 不在花名册里，请改正代码，或先载入花名册。",
        )


def administrator(seen: Seen) -> Iterator[Finding]:
    """See that somebody answers when the house asks."""
    if seen.database.administrators == 0:
        yield Finding("管理员", "现在没有在职的管理员，系统的提醒无人处理，请运行 svcqa init 指定一人。")


def calendar_years(seen: Seen) -> Iterator[Finding]:
    """See that deadlines can be computed: with this year, and from December with the next one too."""
    wanted = [seen.today.year, *([seen.today.year + 1] if seen.today.month == 12 else [])]
    for year in wanted:
        if seen.database.years is not None and year not in seen.database.years:
            yield Finding(
                "工作日历",
                f"{year} 年的工作日历还没有，时限算不出来，请在放假安排公布后运行 svcqa calendar load。",
            )


NETWORKED = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.glusterfs", "ceph"})

ANY: tuple[Rule, ...] = (
    clock, machine_time, working_hours, data_folder, secret, signing_key, restored, database, journal,
    file_system, regulation, assessed_units, administrator, calendar_years,
)  # fmt: skip


def findings(seen: Seen, rules: tuple[Rule, ...]) -> tuple[Finding, ...]:
    """Return what the rules find, in their order."""
    return tuple(found for rule in rules for found in rule(seen))
