"""Charts as SVG text: pure functions of integers. What is read from a colour or a length is also said in words.

Scores are hundredths of a point. A chart that has no room for a name cuts it and keeps it whole in its title.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from svcqa.reporting import axes, strokes
from svcqa.reporting.strokes import WIDE, points

GRADES = ("A", "B", "C")
TONES = {"A": "a", "B": "b", "C": "c"}
SERIES = ("first", "second", "third")


@dataclass(frozen=True)
class Stack:
    """How many of a group fell into each part."""

    label: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Series:
    """One line of a trend; None where there is no figure."""

    label: str
    values: Sequence[int | None]


@dataclass(frozen=True)
class Fall:
    """One column of a waterfall: a level from the ground, or a change from where the last one ended."""

    label: str
    hundredths: int
    kind: Literal["level", "change"] = "change"


@dataclass(frozen=True)
class Interval:
    """A figure with the range it may really lie in, and how many observations it rests on."""

    label: str
    hundredths: int
    low: int
    high: int
    n: int | None = None
    tone: str = ""


def stacked(
    rows: Sequence[Stack],
    *,
    title: str,
    width: int = WIDE,
    keys: Sequence[str] = GRADES,
    unit: str = "人",
    of: str = "级",
) -> Markup:
    """Draw each group as one full bar, divided by shares; the number stands in each part."""
    left, right, step, thick = _left([row.label for row in rows], width), 48, 34, 18
    drawn: list[Markup] = []
    for place, row in enumerate(rows):
        y, total, x = 6 + place * step, sum(row.counts.values()), float(left)
        drawn.append(strokes.label(left - 10, y + 14, strokes.fitted(row.label, left - 10), anchor="end"))
        for key in keys:
            count = row.counts.get(key, 0)
            if not count:
                continue
            size = (width - left - right) * count / total
            drawn += _part(
                x, y, size, thick, TONES.get(key, "none"), count, f"{row.label} {key} {of} {count} {unit}"
            )
            x += size
        drawn.append(strokes.label(width - right + 8, y + 14, f"{total} {unit}"))
    words = "；".join(
        f"{row.label}：" + "，".join(f"{key} {of} {row.counts.get(key, 0)} {unit}" for key in keys)
        for row in rows
    )
    return strokes.framed(width, 6 + len(rows) * step, title, words, drawn)


def _part(x: float, y: float, size: float, thick: int, tone: str, count: int, title: str) -> list[Markup]:
    part = [strokes.bar(x, y, max(size - 1.5, 1), thick, f"chart-{tone}", title=title)]
    if size > strokes.width_of(str(count)) + 10:
        part.append(
            strokes.label(x + size / 2 - 0.75, y + 14, str(count), anchor="middle", look=f"chart-on-{tone}")
        )
    return part


def trend(series: Sequence[Series], labels: Sequence[str], *, title: str, width: int = WIDE) -> Markup:
    """Draw lines over periods; the last figure of each stands beside it."""
    height, left, right, top, bottom = 200, 34, 84, 12, 26
    known = [value for one in series for value in one.values if value is not None]
    low, high = axes.tens(known)

    def x(place: int) -> float:
        return left + (width - left - right) * place / max(len(labels) - 1, 1)

    def y(value: int) -> float:
        return top + (height - top - bottom) * (high - value) / (high - low)

    drawn = axes.grid(low, high, y, left, width - right)
    drawn += [strokes.label(x(i), height - 8, text, anchor="middle") for i, text in enumerate(labels)]
    for one, tone in zip(series, SERIES, strict=False):
        drawn += _line(one, labels, tone, x, y)
    words = "；".join(
        f"{one.label}："
        + "、".join(
            f"{when} {points(v) if v is not None else '无'}"
            for when, v in zip(labels, one.values, strict=True)
        )
        for one in series
    )
    return strokes.framed(width, height, title, words, drawn)


def _line(
    one: Series, labels: Sequence[str], tone: str, x: Callable[[int], float], y: Callable[[int], float]
) -> list[Markup]:
    known = [(place, value) for place, value in enumerate(one.values) if value is not None]
    drawn = [strokes.path([(x(i), y(v)) for i, v in known], f"chart-line-{tone}")]
    for place, value in known:
        last = (place, value) == known[-1]
        drawn.append(
            strokes.dot(
                x(place),
                y(value),
                4 if last else 3,
                f"chart-dot-{tone}",
                title=f"{labels[place]} {one.label} {points(value)}",
            )
        )
    if known:
        place, value = known[-1]
        drawn.append(
            strokes.label(x(place) + 9, y(value) + 4, f"{one.label} {points(value)}", look="chart-strong")
        )
    return drawn


def waterfall(columns: Sequence[Fall], *, title: str, width: int = WIDE) -> Markup:
    """Draw how a level becomes another by changes; the axis begins at `ground` of the same columns."""
    left, top, plot = 34, 20, 162
    low, high = ground(columns), _ceiling(columns)
    broad = (width - left - 8) / len(columns)
    below = [_broken(column.label, broad) for column in columns]
    height = top + plot + 10 + 14 * max(len(lines) for lines in below)

    def y(value: int) -> float:
        return top + plot * (high - value) / (high - low)

    drawn, level = axes.grid(low, high, y, left, width), 0
    for place, column in enumerate(columns):
        x = left + place * broad
        start = low if column.kind == "level" else level
        level = column.hundredths if column.kind == "level" else level + column.hundredths
        upper, lower = y(max(start, level)), y(min(start, level))
        text = strokes.exact(column.hundredths, signed=column.kind == "change")
        drawn.append(
            strokes.bar(
                x + broad * 0.16,
                upper,
                broad * 0.68,
                max(lower - upper, 2),
                _tone(column),
                title=f"{column.label} {text}",
            )
        )
        drawn.append(strokes.label(x + broad / 2, upper - 5, text, anchor="middle", look="chart-strong"))
        for row, words in enumerate(below[place], 1):
            drawn.append(strokes.label(x + broad / 2, top + plot + 2 + 14 * row, words, anchor="middle"))
        if place + 1 < len(columns):
            drawn.append(strokes.line(x + broad * 0.84, y(level), x + broad * 1.16, y(level), "chart-step"))
    said = "；".join(f"{c.label} {strokes.exact(c.hundredths, signed=c.kind == 'change')}" for c in columns)
    return strokes.framed(width, height, title, said, drawn)


def _tone(column: Fall) -> str:
    if column.kind == "level":
        return "chart-level"
    return "chart-loss" if column.hundredths < 0 else "chart-gain"


def _broken(text: str, broad: float) -> list[str]:
    """Break a name into at most three even lines of what has room below a column."""
    most = max(int(broad // strokes.IDEOGRAPH), 2)
    rows = -(-len(text) // most)
    even = -(-len(text) // rows)
    lines = [text[at : at + even] for at in range(0, len(text), even)]
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2][:-1]}.."]


def ground(columns: Sequence[Fall]) -> int:
    """Return where the axis of a waterfall begins: the tens below the lowest level it passes."""
    low = min(_levels(columns)) // axes.TEN * axes.TEN
    return low - axes.TEN if low > 0 else low


def _ceiling(columns: Sequence[Fall]) -> int:
    return max(-(-max(_levels(columns)) // axes.TEN) * axes.TEN, ground(columns) + axes.TEN)


def _levels(columns: Sequence[Fall]) -> list[int]:
    passed, level = [], 0
    for column in columns:
        level = column.hundredths if column.kind == "level" else level + column.hundredths
        passed.append(level)
    return passed


def intervals(rows: Sequence[Interval], *, title: str, width: int = WIDE) -> Markup:
    """Draw each figure as a dot on the range it may lie in."""
    left, right, step, top = _left([row.label for row in rows], width), 92, 28, 8
    low, high = axes.tens([value for row in rows for value in (row.low, row.high)])
    bottom = top + len(rows) * step

    def x(value: int) -> float:
        return left + (width - left - right) * (value - low) / (high - low)

    drawn: list[Markup] = []
    for tick in axes.ticks(low, high):
        drawn.append(strokes.line(x(tick), top, x(tick), bottom, "chart-grid"))
        drawn.append(strokes.label(x(tick), bottom + 16, points(tick), anchor="middle"))
    for place, row in enumerate(rows):
        y = top + place * step + step / 2
        drawn.append(strokes.label(left - 10, y + 4, strokes.fitted(row.label, left - 10), anchor="end"))
        drawn.append(strokes.line(x(row.low), y, x(row.high), y, "chart-range"))
        drawn.append(strokes.dot(x(row.hundredths), y, 4.5, f"chart-{row.tone or 'level'}", title=_said(row)))
        drawn.append(
            strokes.label(width - right + 10, y + 4, strokes.exact(row.hundredths), look="chart-strong")
        )
        if row.n is not None:
            drawn.append(strokes.label(width, y + 4, f"n={row.n}", anchor="end"))
    return strokes.framed(width, bottom + 24, title, "；".join(_said(row) for row in rows), drawn)


def _said(row: Interval) -> str:
    counted = f"，n={row.n}" if row.n is not None else ""
    return f"{row.label} {points(row.hundredths)}，区间 {points(row.low)} 至 {points(row.high)}{counted}"


def range_mark(
    hundredths: int, low: int, high: int, *, scale: tuple[int, int], tone: str = "level"
) -> Markup:
    """Draw one figure and its range in the width of a table's cell; the cell says both."""
    width, least, most = 96, *scale

    def x(value: int) -> float:
        return 5 + (width - 10) * (min(max(value, least), most) - least) / max(most - least, 1)

    return strokes.mark(
        width,
        12,
        [
            strokes.line(0, 6, width, 6, "chart-grid"),
            strokes.line(x(low), 6, x(high), 6, "chart-range"),
            strokes.dot(x(hundredths), 6, 4, f"chart-{tone}"),
        ],
    )


def progress(done: int, total: int, *, awaited: bool = True) -> Markup:
    """Draw how much of a whole there is, as wide as its place; where the rest is awaited, it looks so."""
    share = strokes.number(100 * done / total if total else 100)
    tone = "chart-waiting" if awaited and done < total else "chart-level"
    return Markup(
        '<svg class="chart-progress" width="100%" height="6" aria-hidden="true">'
        '<rect width="100%" height="6" rx="3" class="chart-track"/>'
        '<rect width="{}%" height="6" rx="3" class="{}"/></svg>'
    ).format(share, tone)


def spark(values: Sequence[int | None]) -> Markup:
    """Draw a short history beside the figure it ends with; less than two figures are no history."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return Markup()
    least, most = min(v for _, v in known), max(v for _, v in known)
    places = [
        (3 + 58 * place / (len(values) - 1), 15 - 12 * (value - least) / max(most - least, 1))
        for place, value in known
    ]
    return strokes.mark(
        64, 18, [strokes.path(places, "chart-line-first"), strokes.dot(*places[-1], 2, "chart-level")]
    )


def _left(labels: Sequence[str], width: int) -> int:
    """Return the room for names at the left: what they need, at most a third."""
    return min(max((strokes.width_of(text) for text in labels), default=0) + 14, width // 3)
