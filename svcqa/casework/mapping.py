"""How a foreign table becomes complaints: which column says what, in which words and which time.

Read from one YAML file; every error names file and line. Reads no table itself.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from svcqa.kernel.calendar import SHANGHAI
from svcqa.rulebook.loading import build
from svcqa.rulebook.model import Frozen
from svcqa.rulebook.notation import Text
from svcqa.rulebook.reading import Lines, Place, RulebookError, line_of, read

SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
SAMPLE = datetime(2026, 1, 31, 15, 4, 5)  # noqa: DTZ001 - only shows whether a format can be read back


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


class ChannelRule(Frozen):
    """The channel of every line, or one by the word in a column."""

    always: Text = ""
    column: Text = ""
    words: dict[str, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> "ChannelRule":
        if bool(self.always) == bool(self.column and self.words):
            raise ValueError("请只写一种：always（固定渠道），或 column 和 words（按列中的词）。")
        return self


class UnitRule(Frozen):
    """The unit by a column: a table of words to codes, or the codes themselves. An import makes no units."""

    column: Text
    codes: dict[str, Text] = Field(default_factory=dict)
    unknown: Literal["reject", "leave_empty"] = "reject"


class StatusRule(Frozen):
    """Which words of a column say that a line is open or closed. The date of closing decides."""

    column: Text
    open: tuple[Text, ...]
    closed: tuple[Text, ...]


class Columns(Frozen):
    """Everything a mapping file says; `subject` and `narrative` are texts with {columns} in braces."""

    source: Annotated[Text, AfterValidator(_source)]
    attribution: Text = ""
    encoding: Literal["", "utf-8", "gb18030"] = ""
    time_zone: Annotated[Text, AfterValidator(_zone)]
    time_formats: Annotated[tuple[Text, ...], AfterValidator(_time_formats)]
    external_id: Text
    subject: Text
    narrative: str = ""
    channel: ChannelRule
    unit: UnitRule | None = None
    occurred_at: str = ""
    received_at: Text
    due_at: str = ""
    closed_at: str = ""
    status: StatusRule | None = None


class Mapping(Columns):
    """A mapping file that was read; `lines` tell where everything is written."""

    file: str
    sha256: str
    lines: Lines = Field(repr=False)

    def require_columns(self, header: Iterable[str], *, table: str) -> None:
        """Refuse a table that lacks a column this mapping names (RulebookError with the mapping's line)."""
        known = set(header)
        for place, column in self._named():
            if column not in known:
                sentence = f"{table} 中没有列“{column}”。请核对列名（大小写和空格须一致），或换一个映射文件。"
                raise RulebookError(self.file, line_of(self.lines, place), sentence)

    def _named(self) -> Iterator[tuple[Place, str]]:
        for name in ("external_id", "occurred_at", "received_at", "due_at", "closed_at"):
            if getattr(self, name):
                yield (name,), getattr(self, name)
        for name in ("subject", "narrative"):
            for column in PLACEHOLDER.findall(getattr(self, name)):
                yield (name,), column
        rules: dict[str, Any] = {"channel": self.channel, "unit": self.unit, "status": self.status}
        for name, rule in rules.items():
            if rule and rule.column:
                yield (name, "column"), rule.column


def load(path: Path) -> Mapping:
    """Read a mapping file from the disk; raises RulebookError with file, line and remedy."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise RulebookError(path.name, 1, f"读不到这个映射文件（{error.strerror}）。请检查路径。") from error
    except UnicodeDecodeError as error:
        raise RulebookError(path.name, 1, "不是 UTF-8 编码。请另存为 UTF-8 后再用。") from error
    return parse(text, name=path.name)


def parse(text: str, *, name: str) -> Mapping:
    """Read a mapping from its text; raises RulebookError with file, line and remedy."""
    page = read(name, text)
    # The columns are validated; their values are taken over as they stand.
    return Mapping.model_construct(
        **dict(build(Columns, page)),
        file=name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        lines=page.lines,
    )
