"""Workbooks: sheets of plain columns with native charts, written row by row. The same input gives the same bytes.

No cell is ever a formula or a link: a text is written as a text, whatever it begins with.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter

from svcqa.kernel.calendar import local

Kind = Literal["text", "count", "points", "day"]
Value = str | int | date | None
FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "count": {"num_format": "0", "valign": "top"},
    "points": {"num_format": "0.00", "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
}
HEAD = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#F5F6F8", "bottom": 1}
RISKY = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−")
"""What makes a spreadsheet take a text for a formula once somebody edits the cell, half and full width."""
LONGEST = 32_767
"""So many characters fit into a cell."""
TONES = ("#14704A", "#1D5BD0", "#B92A1C", "#875100", "#7346D0")
SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


@dataclass(frozen=True)
class Column:
    """A column; `points` are given in hundredths."""

    label: str
    kind: Kind = "text"
    width: int = 12


@dataclass(frozen=True)
class Drawing:
    """A native chart of one sheet: the columns drawn, by their place, over the labels of another."""

    title: str
    labels: int
    values: tuple[int, ...]
    stacked: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name on the tab, its columns, its rows, and a chart of them."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    drawing: Drawing | None = None


@dataclass(frozen=True)
class Stamp:
    """Who took a workbook out of the house, and when: in the footer of every printed page."""

    who: str
    at: datetime

    @property
    def words(self) -> str:
        """The stamp as people read it."""
        return f"{self.who} 导出于 {local(self.at):%Y-%m-%d %H:%M}"


def written(title: str, sheets: Iterable[Sheet], *, stamp: Stamp) -> bytes:
    """Write a workbook and return its bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as book:
        book.set_properties(
            {"title": title, "author": stamp.who, "created": stamp.at.astimezone(UTC).replace(tzinfo=None)}
        )
        looks = {kind: book.add_format(look) for kind, look in FORMATS.items()}
        quoted = book.add_format({**FORMATS["text"], "quote_prefix": True})
        head = book.add_format(HEAD)
        for sheet in sheets:
            page = _page(book, sheet, stamp, title)
            page.write_row(0, 0, [column.label for column in sheet.columns], head)
            for number, row in enumerate(sheet.rows, 1):
                for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                    look = quoted if isinstance(value, str) and risky(value) else looks[column.kind]
                    put(page, number, place, value, kind=column.kind, look=look)
            if sheet.drawing and sheet.rows:
                _draw(book, page, sheet, sheet.drawing)
    return out.getvalue()


def risky(text: str) -> bool:
    """Tell whether a spreadsheet would read a text as a formula if it were typed in."""
    return text.lstrip(" \u3000\ufeff")[:1] in RISKY


def put(page: Any, row: int, place: int, value: Value, *, kind: Kind, look: Any) -> None:
    """Write one cell by its type: a text stays a text, a missing value stays empty."""
    if value is None:
        page.write_blank(row, place, None, look)
    elif isinstance(value, str):
        page.write_string(row, place, value[:LONGEST], look)
    elif isinstance(value, date):
        page.write_datetime(row, place, value, look)
    else:
        page.write_number(row, place, Decimal(value) / 100 if kind == "points" else value, look)


def _page(book: Any, sheet: Sheet, stamp: Stamp, title: str) -> Any:
    page = book.add_worksheet(sheet.name)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header(f"&L{_plain(title)}&R{_plain(sheet.name)}")
    page.set_footer(f"&L{_plain(stamp.words)}，仅限内部使用&R&P / &N")
    return page


def _plain(text: str) -> str:
    """Return a text in which & is no code of headers and footers; they hold 255 characters."""
    return text.replace("&", "&&")[:100]


def _draw(book: Any, page: Any, sheet: Sheet, drawing: Drawing) -> None:
    kind = {"type": "column", "subtype": "stacked"} if drawing.stacked else {"type": "column"}
    chart = book.add_chart(kind)
    last = len(sheet.rows)
    for tone, place in zip(TONES, drawing.values, strict=False):
        chart.add_series(
            {
                "name": [sheet.name, 0, place],
                "categories": [sheet.name, 1, drawing.labels, last, drawing.labels],
                "values": [sheet.name, 1, place, last, place],
                "fill": {"color": tone},
                "gap": 60,
            }
        )
    chart.set_title({"name": drawing.title, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"} if len(drawing.values) > 1 else {"none": True})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#E4E7EC"}}})
    page.insert_chart(
        1, len(sheet.columns) + 1, chart, {"description": drawing.title, "x_scale": 1.3, "y_scale": 1.2}
    )
