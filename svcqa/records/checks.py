"""What a mapping says of one column, as an expression for its value and the checks that reject a line.

The file's cells stand in the frame under `cell(column)`, values under the names of the table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from svcqa.records import reading
from svcqa.records.facts import Column
from svcqa.records.mapping import CellRule, TimeRule

CELL = " c "
"""Marks the file's own cells: no name of a table begins with a blank."""

SHAPES = {
    "text": "长度应为 {low} 到 {high} 个字",
    "count": "应为 {low} 到 {high} 的整数",
    "points": "应为不小于 0、最多两位小数的数",
    "truth": "应为 true 或 false",
    "moment": "无法识别，或当地没有这个时刻",
    "day": "无法识别",
    "sealed": "不能用来寄信",
}
REMEDIES = {
    "text": "请补全或缩短",
    "count": "请更正，或在映射文件的 missing 中写明缺失值的写法",
    "points": "请更正分数",
    "truth": "请更正，或在映射文件的 words 中说明这个词",
    "moment": "请更正时间，或在映射文件的 time_formats 中增加格式",
    "day": "请写作 2026-01-31 的形式，或在映射文件中增加格式",
    "sealed": "请更正或清空这一格",
}


@dataclass(frozen=True)
class Check:
    """Something that makes a line unfit; `column` is where the file says it."""

    bad: pl.Expr
    column: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Value:
    """A column of the table: how it is read, and what must hold."""

    name: str
    read: pl.Expr
    checks: tuple[Check, ...]


def cell(column: str) -> pl.Expr:
    """Return the file's cell of a column: trimmed text, or null."""
    return pl.col(CELL + column)


def by_cell(column: Column, rule: CellRule | None, formats: Sequence[str]) -> Value:
    """Return a column that one cell gives, or that every line has alike."""
    if rule is None:
        return Value(column.name, pl.lit(column.filled, reading.TYPES[column.form]), ())
    said = cell(rule.column) if rule.column else pl.lit(rule.always)
    if column.form in {"text", "sealed"}:
        said = reading.visible(said)
    text = reading.translated(said, rule.words) if rule.words else said
    value = reading.day(text, formats) if column.form == "day" else reading.READ[column.form](text)
    checks = [*_unknown_words(rule, said, text), *_shaped(column, rule.column, text, value)]
    return Value(column.name, _filled(value, column), tuple(checks))


def _unknown_words(rule: CellRule, said: pl.Expr, text: pl.Expr) -> Iterator[Check]:
    if rule.words:
        bad = said.is_not_null() & text.is_null()
        yield Check(bad, rule.column, "映射文件没有说明这个词", "请在映射文件的 words 中补上这个词")


def _shaped(column: Column, where: str, text: pl.Expr, value: pl.Expr) -> Iterator[Check]:
    if column.required:
        yield _absent(column, where, text)
    bounds = {"low": column.low, "high": column.high}
    bad = text.is_not_null() & value.is_null()
    if column.form == "text":
        length = value.str.len_chars()
        bad = (length < column.low) | (length > column.high)
    elif column.form == "sealed":
        bad = ~value.str.contains(column.pattern) | (value.str.len_chars() > column.high)
    elif column.form in {"count", "points"}:
        bad |= value < column.low
        bad |= (value > column.high) if column.high else pl.lit(value=False)
    yield Check(bad, where, f"{column.label}{SHAPES[column.form].format(**bounds)}", REMEDIES[column.form])


def _absent(column: Column, where: str, text: pl.Expr) -> Check:
    return Check(text.is_null(), where, f"没有{column.label}", "请补上")


def _filled(value: pl.Expr, column: Column) -> pl.Expr:
    return value if column.filled is None else value.fill_null(pl.lit(column.filled))


def by_time(column: Column, rule: TimeRule | None, formats: Sequence[str], zone: str) -> Value:
    """Return a moment that columns write, or that lies some seconds after another moment of the line."""
    if rule is None:
        return Value(column.name, pl.lit(None, pl.Datetime("us", "UTC")), ())
    if rule.after:
        return _later(column, rule)
    where = rule.columns[0]
    parts = [cell(part) for part in rule.columns]
    text = pl.concat_str(parts, separator=" ") if len(parts) > 1 else parts[0]
    value = reading.moment(text, formats, zone)
    half = pl.any_horizontal(part.is_not_null() for part in parts) & text.is_null()
    checks = [
        Check(half, where, f"{column.label}只写了一部分", "请补全日期和时间"),
        *_shaped(column, where, text, value),
    ]
    return Value(
        column.name, value.fill_null(pl.col(rule.otherwise)) if rule.otherwise else value, tuple(checks)
    )


def _later(column: Column, rule: TimeRule) -> Value:
    text = cell(rule.seconds)
    length = reading.seconds(text)
    value = pl.col(rule.after) + pl.duration(seconds=length)
    bad = Check(
        text.is_not_null() & length.is_null(),
        rule.seconds,
        f"{column.label}的时长应为整秒数或 时:分:秒",
        "请更正时长",
    )
    return Value(column.name, value.fill_null(pl.col(rule.otherwise)) if rule.otherwise else value, (bad,))
