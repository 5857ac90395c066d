"""PostgreSQL's own programs: the right pg_dump and pg_restore of this machine, run with the password unseen."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from svcqa.kernel.database import libpq
from svcqa.kernel.errors import Invalid

PACKAGED = Path("/usr/lib/postgresql")
BOTH = ("pg_dump", "pg_restore")


@dataclass(frozen=True)
class Programs:
    """A folder with PostgreSQL's client programs, and their major version."""

    folder: Path
    version: int

    def run(self, program: str, *arguments: str | Path, url: str = "", lock: int | None = None) -> str:
        """Run one to its end and return what it wrote; raises Invalid with what it said when it failed.

        It holds the descriptor `lock`, too: should we be killed, the lock lasts until it ends by itself.
        """
        command: list[str | Path] = [self.folder / program, *arguments]
        environment = {**os.environ, "LC_ALL": "C"}
        if url:
            known = conninfo_to_dict(libpq(url))
            password = known.pop(
                "password", None
            )  # others see the arguments of a program, not its environment
            environment |= {"PGPASSWORD": str(password)} if password else {}
            command.append(f"--dbname={make_conninfo('', **known)}")
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
            command,
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=() if lock is None else (lock,),
        )
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"信号 {-done.returncode}"]
            raise Invalid(
                "postgresql", f"{program} 失败：{said[0]}。请按提示处理（如磁盘空间、权限）后再试。"
            )
        return done.stdout


def found(server: int) -> Programs:
    """Return the programs for a server: of its own version where there are any, else the newest; raises Invalid."""
    known = sorted(_installed(), key=lambda one: (one.version == server, one.version))
    if not known:
        raise Invalid(
            "postgresql",
            f"找不到 pg_dump 和 pg_restore。请安装 PostgreSQL {server} 的客户端程序（postgresql-client），"
            f"或把它们所在的目录加入 PATH。",
        )
    best = known[-1]
    if best.version < server:
        raise Invalid(
            "postgresql",
            f"{best.folder} 的 pg_dump 是 {best.version} 版，低于服务器的 {server} 版。"
            f"请安装 PostgreSQL {server} 或更新的客户端程序。",
        )
    return best


def _installed() -> Iterator[Programs]:
    on_path = shutil.which("pg_dump")
    folders = [*([Path(on_path).parent] if on_path else []), *PACKAGED.glob("*/bin")]
    for folder in folders:
        if all((folder / name).is_file() for name in BOTH):
            with suppress(Invalid, OSError):  # a name that leads nowhere is no program
                version = re.search(r"\d+", Programs(folder, 0).run("pg_dump", "--version"))
                if version:
                    yield Programs(folder, int(version[0]))
