"""How a foreign table becomes complaints: which column says what, in which words and which time.

Read from one YAML file; every error names file and line. Reads no table itself.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from svcqa.rulebook.loading import build
from svcqa.rulebook.model import Frozen
from svcqa.rulebook.notation import Text
from svcqa.rulebook.reading import Lines, Place, RulebookError, line_of, read
from svcqa.rulebook.sources import Source, TimeFormats, Zone, text_of

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


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

    source: Source
    attribution: Text = ""
    encoding: Literal["", "utf-8", "gb18030"] = ""
    time_zone: Zone
    time_formats: TimeFormats
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
    return parse(text_of(path), name=path.name)


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
