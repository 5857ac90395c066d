"""Frames of texts into frames of facts, by what a mapping says; a line that cannot be one is named with its reason.

Checks run over whole columns. Compares nothing with what is stored, writes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from polars import selectors as cs

from svcqa.kernel.calendar import local_day
from svcqa.records import reading
from svcqa.records.checks import CELL, Check, Value, by_cell, by_time, cell
from svcqa.records.facts import Fact
from svcqa.records.framing import LINE, WHOLE
from svcqa.records.mapping import Mapping, PersonRule, UnitRule, readable
from svcqa.records.people import HOME, Roll
from svcqa.records.repeats import FIRST
from svcqa.rulebook.reading import RulebookError, line_of, read

FIRST_DAY = date(1970, 1, 1)
LONGEST_REFERENCE, LONGEST_SHOWN = 64, 80


@dataclass(frozen=True)
class Rejected:
    """A line that is not taken over: where, what stands there, why not, and what to do."""

    line: int
    column: str
    value: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Sorted:
    """A frame sorted out: good rows as the table has them, lines with a reason, and how many do not count."""

    good: pl.DataFrame
    rejected: tuple[Rejected, ...]
    superseded: int
    outside: int


class Checking:
    """The checks of one mapping, ready for any number of frames."""

    def __init__(
        self, mapping: Mapping, fact: Fact, roll: Roll, *, now: datetime, time_formats: Sequence[str] = ()
    ) -> None:
        self.mapping = mapping
        self.fact = fact
        self.roll = roll
        self.now = now
        self.formats = [readable(each) for each in (*mapping.rules.time_formats, *time_formats)]
        self.values = [self._reference(), *map(self._value, fact.names)]
        shape = Check(~pl.col(WHOLE), "", "这一行的列数和表头不同", "请核对逗号和引号")
        self.checks = [shape, *(check for value in self.values for check in value.checks)]
        self.checks += [*self._times(), *self._whom(), *self._where()]

    def sort_out(self, frame: pl.DataFrame) -> Sorted:
        """Read the lines of a frame that has the file's columns, LINE, WHOLE and FIRST."""
        rules = self.mapping.rules
        counted = frame.filter(pl.col(FIRST).is_null()) if rules.keep else frame
        read = counted.select(
            *(reading.given(column, rules.missing).alias(CELL + column) for column in self.mapping.columns),
            *(LINE, WHOLE, FIRST),
        )
        for value in self.values:  # one after the other: a moment may lie some seconds after an earlier one
            read = read.with_columns(value.read.alias(value.name))
        inside = read.filter(self._inside())
        if self.fact.has_unit:
            inside = self._with_unit(inside)
        return self._split(
            inside, superseded=frame.height - counted.height, outside=read.height - inside.height
        )

    def _split(self, rows: pl.DataFrame, *, superseded: int, outside: int) -> Sorted:
        failing = [pl.when(check.bad).then(pl.lit(index)) for index, check in enumerate(self.checks)]
        judged = rows.with_columns(pl.coalesce(failing).alias(" failing"))
        fine = pl.col(" failing").is_null()
        good = judged.filter(fine).select("reference", *self.fact.stored)
        bad = judged.filter(~fine).select(LINE, FIRST, " failing", cs.starts_with(CELL))
        return Sorted(good, tuple(self._rejected(bad)), superseded, outside)

    def _rejected(self, bad: pl.DataFrame) -> Iterator[Rejected]:
        for row in bad.iter_rows(named=True):
            check = self.checks[row[" failing"]]
            value = row.get(CELL + check.column) or ""
            reason = check.reason.replace("{first}", str(row[FIRST]))
            yield Rejected(row[LINE], check.column, value[:LONGEST_SHOWN], reason, check.remedy)

    def _reference(self) -> Value:
        column = self.mapping.rules.reference
        text = cell(column)
        absent = f"编号为空或超过 {LONGEST_REFERENCE} 个字符"
        bad = text.is_null() | (text.str.len_chars() > LONGEST_REFERENCE)
        checks = [Check(bad, column, absent, "请补上原系统的编号")]
        if not self.mapping.rules.keep:
            twice = pl.col(FIRST).is_not_null()
            remedy = "请只保留一行，或在映射文件的 keep 中说明以哪一行为准"
            checks.append(Check(twice, column, "编号与第 {first} 行相同", remedy))
        return Value("reference", text, tuple(checks))

    def _value(self, name: str) -> Value:
        if name == "person_id":
            rule: PersonRule | None = getattr(self.mapping.rules, "person", None)
            return Value(
                name, self.roll.person(cell(rule.column), rule) if rule else pl.lit(None, pl.String), ()
            )
        column = self.fact.column(name)
        said = getattr(self.mapping.rules, column.said, None)
        if column.form == "moment":
            return by_time(column, said, self.formats, self.mapping.rules.time_zone)
        return by_cell(column, said, self.formats)

    def _times(self) -> Iterator[Check]:
        """Yield what must hold between the moments of a line, and between them and now."""
        for column in self.fact.columns:
            if column.form in {"moment", "day"}:
                limit = pl.lit(self.now) if column.form == "moment" else pl.lit(local_day(self.now))
                late = pl.col(column.name) > limit
                early = pl.col(column.name) < pl.lit(FIRST_DAY)
                where = self._said_in(column.name)
                yield Check(late, where, f"{column.label}晚于现在", "请更正时间")
                yield Check(early, where, f"{column.label}早于 {FIRST_DAY.year} 年", "请更正时间")
        for first, second in self.fact.orders:
            one, other = self.fact.column(first), self.fact.column(second)
            reason = (
                f"{other.label}早于{one.label}" if one.form == "moment" else f"{one.label}高于{other.label}"
            )
            yield Check(pl.col(first) > pl.col(second), self._said_in(second), reason, "请更正其中一个")

    def _whom(self) -> Iterator[Check]:
        rule: PersonRule | None = getattr(self.mapping.rules, "person", None)
        if rule and rule.unknown == "reject":
            unknown = cell(rule.column).is_not_null() & pl.col("person_id").is_null()
            remedy = "请先把此人载入花名册，或改正映射文件的 person"
            yield Check(unknown, rule.column, "没有这个工号的人员", remedy)
        if rule and self.fact.person_required:
            yield Check(pl.col("person_id").is_null(), rule.column, "没有写明是谁", "请补上工号")

    def _where(self) -> Iterator[Check]:
        if not self.fact.has_unit:
            return
        rule: UnitRule | None = getattr(self.mapping.rules, "unit", None)
        if rule and rule.column and rule.unknown == "reject":
            unknown = cell(rule.column).is_not_null() & pl.col(" unit").is_null()
            remedy = "请先载入含有该单位的花名册，或改正映射文件的 unit"
            yield Check(unknown, rule.column, "没有这个编码的单位", remedy)
        reason = "不知道属于哪个单位：没有写单位，当天也没有任职的人员"
        column = rule.column if rule else ""
        yield Check(
            pl.col("unit_id").is_null(), column, reason, "请补上单位，或在映射文件的 unit 中写 otherwise"
        )

    def _with_unit(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the unit of each line: what it says, else where its person was that day, else the mapping's."""
        rule: UnitRule = getattr(self.mapping.rules, "unit", None) or UnitRule()
        said = self.roll.unit(cell(rule.column), rule) if rule.column else pl.lit(None, pl.String)
        rows = rows.with_columns(said.alias(" unit"))
        rows = (
            self.roll.with_home(rows, self._day())
            if self.fact.has_person
            else rows.with_columns(pl.lit(None, pl.String).alias(HOME))
        )
        otherwise = pl.lit(self._otherwise(rule), pl.String)
        return rows.with_columns(pl.coalesce(" unit", HOME, otherwise).alias("unit_id"))

    def _otherwise(self, rule: UnitRule) -> str | None:
        """Return the id of the unit for lines that name none; raises RulebookError where there is no such unit."""
        if rule.otherwise and rule.otherwise not in self.roll.units:
            page = read(self.mapping.file, self.mapping.text)
            line = line_of(page.lines, ("unit", "otherwise"))
            sentence = f"没有编码为 {rule.otherwise} 的单位。请先载入含有该单位的花名册，或改正 otherwise。"
            raise RulebookError(self.mapping.file, line, sentence)
        return self.roll.units.get(rule.otherwise)

    def _day(self) -> pl.Expr:
        """Return the local day a line is about."""
        return pl.coalesce(self._local_day(name) for name in self.fact.days)

    def _local_day(self, name: str) -> pl.Expr:
        at = pl.col(name)
        if self.fact.column(name).form == "day":
            return at
        return at.dt.convert_time_zone(reading.LOCAL).dt.date()

    def _inside(self) -> pl.Expr:
        """Tell which lines lie within the days that count."""
        only = self.mapping.rules.only
        if only is None:
            return pl.lit(value=True)
        return self._local_day(only.field).is_between(only.from_on, only.until_on).fill_null(value=False)

    def _said_in(self, name: str) -> str:
        """Return the file's column that gives a column of the table."""
        rule = getattr(self.mapping.rules, self.fact.column(name).said, None)
        columns = getattr(rule, "columns", ()) or (
            getattr(rule, "seconds", "") or getattr(rule, "column", ""),
        )
        return str(columns[0])
