"""What an archive says of itself: its parts with their hashes, the state of its database. Pure: reads no file."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from svcqa.kernel.errors import Invalid

FORMAT = 1
Kind = Literal["sqlite", "postgresql"]
KINDS: dict[str, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
NOT_OURS = "这个文件不是 svcqa 的备份，或已损坏。请换一份备份。"


class Part(BaseModel):
    """One file of an archive."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int
    sha256: str


class Chain(BaseModel):
    """How far the audit chain had come: its number of events and its last link."""

    model_config = ConfigDict(frozen=True)

    size: int
    link: str


class Manifest(BaseModel):
    """The last file of an archive; without it the archive was cut off. `server` is PostgreSQL's major version.

    `missing` and `damaged` are files that the database names and the store did not have as they were put in.
    """

    model_config = ConfigDict(frozen=True)

    format: int
    svcqa: str
    migration: str
    database: Kind
    server: int
    taken_at: datetime
    chain: Chain
    secrets: bool
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether every file that the database names is in the archive."""
        return not self.missing and not self.damaged


def written(manifest: Manifest) -> bytes:
    """Write a manifest as it lies in the archive."""
    return f"{manifest.model_dump_json(indent=1)}\n".encode()


def read(data: bytes) -> Manifest:
    """Read a manifest; raises Invalid for one of a later format, or none at all."""
    found = re.search(rb'^\{\s*"format":\s*(\d+)', data)
    if found and int(found[1]) > FORMAT:
        raise Invalid("archive", _newer(f"格式 {int(found[1])}"))
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        raise Invalid("archive", NOT_OURS) from error


def demand_fit(manifest: Manifest, *, database: str, migrations: Collection[str], version: str) -> None:
    """Refuse an archive of the other database, or of a later version than this program; raises Invalid."""
    if manifest.database != database:
        raise Invalid(
            "archive",
            f"这份备份来自 {KINDS[manifest.database]}，而设置的数据库是 {KINDS[database]}。备份只能恢复到同一种数据库，"
            f"请改正 SVCQA_DATABASE_URL。",
        )
    if manifest.migration not in migrations or _numbers(manifest.svcqa) > _numbers(version):
        raise Invalid("archive", _newer(f"{manifest.svcqa}（数据库版本 {manifest.migration}）"))


def _newer(what: str) -> str:
    return f"这份备份由更新的版本 {what} 写成，本程序读不了。请安装那个版本或更新的版本，再恢复。"


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()
