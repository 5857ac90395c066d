"""How a foreign table becomes facts: which column says what, in which words, in which time, about whom.

Read from one YAML file; every error names file and line. Reads no table itself.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from svcqa.kernel.calendar import SHANGHAI
from svcqa.rulebook.loading import build
from svcqa.rulebook.model import Frozen
from svcqa.rulebook.notation import Day, Text, Yes
from svcqa.rulebook.reading import Page, Place, RulebookError, line_of, read
from svcqa.rulebook.sources import SAMPLE, Source, TimeFormats, Zone, text_of

PATTERN = re.compile(r"([0-9A-Z-]*)\{value(?::0>(\d))?\}([0-9A-Z-]*)")
DIRECTIVES = frozenset("YmdHMSIpybzf")


def _pattern(text: str) -> str:
    if not PATTERN.fullmatch(text):
        raise ValueError(f"工号写法“{text}”无法使用。请写作 {{value}} 或 IM{{value:0>4}} 这样的形式。")
    return text


def readable(pattern: str) -> str:
    """Return a time format of Python's as Polars spells it."""
    return pattern.replace(".%f", "%.f")


def _formats(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        try:
            known = set(re.findall(r"%(.)", pattern)) <= DIRECTIVES
            said = pl.Series([SAMPLE.strftime(pattern)])
            as_read = readable(pattern)
            fits = known and said.str.to_datetime(as_read, strict=False)[0].date() == SAMPLE.date()
        except (pl.exceptions.PolarsError, AttributeError) as error:
            raise ValueError(f"时间格式“{pattern}”无法使用。请写到分或秒。") from error
        if not fits:
            raise ValueError(f"时间格式“{pattern}”无法使用。请用 %Y %m %d %H %M %S 等写法。")
    return patterns


def _named(key: str) -> BeforeValidator:
    """Let a plain word stand for a rule that has nothing else to say."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class CellRule(Frozen):
    """A value by a column, in the file's own words or translated; or the same one always."""

    column: str = ""
    always: str = ""
    words: dict[str, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> "CellRule":
        if bool(self.column) == bool(self.always) or (self.words and self.always):
            raise ValueError("请只写一种：列名，或 always（固定值）。words 只能和 column 一起用。")
        return self


class TimeRule(Frozen):
    """A moment by columns that are joined by a blank, or so many seconds after another moment of the line."""

    columns: tuple[Text, ...] = ()
    after: Literal["", "opened_at", "responded_at", "started_at"] = ""
    seconds: str = ""
    otherwise: Literal["", "opened_at", "responded_at", "started_at"] = ""

    @model_validator(mode="after")
    def _one_way(self) -> "TimeRule":
        if bool(self.columns) == bool(self.after) or bool(self.after) != bool(self.seconds):
            raise ValueError("请只写一种：列名，或 after 和 seconds（从哪个时间起、多少秒）。")
        return self


class PersonRule(Frozen):
    """Whom a line is about: the cell within a pattern, or a table of words, gives the staff number."""

    column: Text
    pattern: Annotated[Text, AfterValidator(_pattern)] = "{value}"
    codes: dict[str, Text] = Field(default_factory=dict)
    unknown: Literal["reject", "leave_empty"] = "reject"


class UnitRule(Frozen):
    """Which unit: by a column; else the person's own on that day; else `otherwise`."""

    column: str = ""
    codes: dict[str, Text] = Field(default_factory=dict)
    unknown: Literal["reject", "leave_empty"] = "reject"
    otherwise: str = ""


class Only(Frozen):
    """The lines that count: those whose moment or day lies within these days, in local time."""

    field: Literal["opened_at", "resolved_at", "answered_at", "started_at", "taken_on"]
    from_on: Day
    until_on: Day


Cell = Annotated[CellRule, _named("column")]
Time = Annotated[
    TimeRule, BeforeValidator(lambda said: {"columns": (said,)} if isinstance(said, str) else said)
]
Person = Annotated[PersonRule, _named("column")]
Unit = Annotated[UnitRule, _named("column")]


class Rules(Frozen):
    """What a mapping says whatever the facts are. `keep`: of lines with one reference, which counts."""

    kind: Text
    source: Source
    attribution: str = ""
    example: Yes = False
    encoding: Literal["", "utf-8", "gb18030"] = ""
    time_zone: Zone = SHANGHAI.key
    time_formats: Annotated[TimeFormats, AfterValidator(_formats)] = ("%Y-%m-%d %H:%M:%S",)
    missing: tuple[Text, ...] = ()
    keep: Literal["", "first", "last"] = ""
    only: Only | None = None
    reference: Text


class InteractionRules(Rules):
    """Contacts with customers; `topic` is what it was about. Name and address of a customer are sealed."""

    person: Person | None = None
    unit: Unit | None = None
    channel: Cell | None = None
    topic: Cell | None = None
    urgency: Cell | None = None
    opened_at: Time
    responded_at: Time | None = None
    resolved_at: Time | None = None
    answered: Cell | None = None
    reopened: Cell | None = None
    met_target: Cell | None = None
    satisfaction: Cell | None = None
    customer_name: Cell | None = None
    customer_email: Cell | None = None


class ExamRules(Rules):
    """Exams, of a person."""

    person: Person
    title: Cell
    taken_on: Cell
    points: Cell
    full: Cell


class OutageRules(Rules):
    """Services that were down, of a unit."""

    unit: Unit
    service: Cell
    started_at: Time
    ended_at: Time | None = None


class SurveyRules(Rules):
    """What customers answered."""

    person: Person | None = None
    unit: Unit | None = None
    satisfaction: Cell
    solved: Cell | None = None
    comment: Cell | None = None
    answered_at: Time


KINDS: dict[str, type[Rules]] = {
    "interactions": InteractionRules,
    "exams": ExamRules,
    "outages": OutageRules,
    "surveys": SurveyRules,
}


@dataclass(frozen=True)
class Mapping:
    """A mapping file that was read, with its text as it came."""

    rules: Rules
    file: str
    sha256: str
    text: str

    def require_columns(self, header: Iterable[str], *, table: str) -> None:
        """Refuse a table that lacks a column this mapping names (RulebookError with the mapping's line)."""
        known = set(header)
        for place, column in self._columns():
            if column not in known:
                sentence = f"{table} 中没有列“{column}”。请核对列名（大小写和空格须一致），或换一个映射文件。"
                raise RulebookError(self.file, line_of(read(self.file, self.text).lines, place), sentence)

    @property
    def columns(self) -> list[str]:
        """The columns it names, each once."""
        return list(dict.fromkeys(column for _, column in self._columns()))

    def _columns(self) -> Iterator[tuple[Place, str]]:
        yield ("reference",), self.rules.reference
        for name, rule in self.rules:
            for part in ("column", "seconds"):
                if column := getattr(rule, part, ""):
                    yield (name, part), column
            for column in getattr(rule, "columns", ()):
                yield (name,), column


def load(path: Path) -> Mapping:
    """Read a mapping file from the disk; raises RulebookError with file, line and remedy."""
    return parse(text_of(path), name=path.name)


def parse(text: str, *, name: str) -> Mapping:
    """Read a mapping from its text; raises RulebookError with file, line and remedy."""
    page = read(name, text)
    tree: Any = page.tree if isinstance(page.tree, dict) else {}
    kind = tree.get("kind", "interactions")
    if not isinstance(kind, str) or kind not in KINDS:
        place = line_of(page.lines, ("kind",))
        raise RulebookError(name, place, f"不认识数据种类“{kind}”。请改为 {'、'.join(KINDS)} 之一。")
    rules = build(KINDS[kind], page)
    _require_moments(rules, page)
    return Mapping(rules, name, hashlib.sha256(text.encode()).hexdigest(), text)


def _require_moments(rules: Rules, page: Page) -> None:
    """Refuse a moment that is told from one of another kind, or from one that is read after it."""
    known: set[str] = set()
    for name, rule in rules:
        for part in ("after", "otherwise") if isinstance(rule, TimeRule) else ():
            if (other := getattr(rule, part)) and other not in known:
                sentence = f"{part} 不能是 {other}。请改为写在 {name} 之前的时间，或直接写列名。"
                raise RulebookError(page.file, line_of(page.lines, (name, part)), sentence)
        known |= {name} if name.endswith(("_at", "_on")) else set()
    if rules.only and rules.only.field not in known:
        sentence = f"这类数据没有 {rules.only.field}。请改为 {'、'.join(sorted(known))} 之一。"
        raise RulebookError(page.file, line_of(page.lines, ("only", "field")), sentence)
