"""What every mapping of a foreign table says first: its source, its time zone, how it writes times. Reads no table."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from svcqa.kernel.calendar import SHANGHAI
from svcqa.rulebook.notation import Text
from svcqa.rulebook.reading import RulebookError

SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
SAMPLE = datetime(2026, 1, 31, 15, 4, 5, tzinfo=UTC)
"""Shows whether a format can be read back; only its day counts."""


def text_of(path: Path) -> str:
    """Read a mapping file from the disk; raises RulebookError with file and remedy."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise RulebookError(path.name, 1, f"读不到这个映射文件（{error.strerror}）。请检查路径。") from error
    except UnicodeDecodeError as error:
        raise RulebookError(path.name, 1, "不是 UTF-8 编码。请另存为 UTF-8 后再用。") from error


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"不认识时区“{name}”。请写作 {SHANGHAI.key} 这样的名称。") from error
    return name


def _source(name: str) -> str:
    if not SOURCE.fullmatch(name):
        raise ValueError(f"来源“{name}”写法不对。请用 2 到 40 个小写字母、数字或短横线，例如 nyc311。")
    return name


def _time_formats(patterns: tuple[str, ...]) -> tuple[str, ...]:
    if not patterns:
        raise ValueError("至少要写一种时间格式，例如 %Y-%m-%d %H:%M:%S。")
    return tuple(map(_time_format, patterns))


def _time_format(pattern: str) -> str:
    try:
        read_back = datetime.strptime(SAMPLE.strftime(pattern), pattern)  # noqa: DTZ007 - only its day counts
    except ValueError as error:
        raise ValueError(f"时间格式“{pattern}”无法使用。请写作 %Y-%m-%d %H:%M:%S 这样的形式。") from error
    if read_back.date() != SAMPLE.date():
        raise ValueError(f"时间格式“{pattern}”没有写全年、月、日。请写作 %Y-%m-%d %H:%M:%S 这样的形式。")
    return pattern


Source = Annotated[Text, AfterValidator(_source)]
Zone = Annotated[Text, AfterValidator(_zone)]
TimeFormats = Annotated[tuple[Text, ...], AfterValidator(_time_formats)]
