"""A workbook holds what was put in, byte for byte the same, and never a formula."""

import io
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings, strategies
from python_calamine import CalamineWorkbook

from svcqa.reporting.workbook import LONGEST, Column, Drawing, Sheet, Stamp, risky, written

STAMP = Stamp("刘敏", datetime(2026, 11, 23, 1, 30, tzinfo=UTC))
COLUMNS = (Column("文字"), Column("数", "count"), Column("分", "points"), Column("日", "day"))
FORMULAS = [
    '=HYPERLINK("http://evil.example","x")',
    "+86 10050",
    "-1+1",
    "@SUM(1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\t=1",
    "\n=1",
    "  =1",
    "\u3000=1",
    "{=1}",
    "http://evil.example",
    "12345",
    "DDE(1)",
]


def book(*rows, **rest):
    return written("标题", [Sheet("表", COLUMNS, rows, **rest)], stamp=STAMP)


def parts(content, pattern):
    """Return the XML parts whose names match."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name)}


def cells(content, sheet="表"):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def test_each_kind_of_cell_reads_back_as_it_was():
    content = book(("王建国", 8, 8625, date(2026, 12, 18)), (None, None, None, None))
    head, first = cells(content)
    assert head == ["文字", "数", "分", "日"]
    assert first == ["王建国", 8, 86.25, date(2026, 12, 18)]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_stays_a_text_whatever_it_begins_with(text):
    content = book((text, 1, 1, None))
    assert cells(content)[1][0] == text
    (sheet,) = parts(content, r"worksheets/sheet1\.xml$").values()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert 't="inlineStr"' in sheet


@settings(max_examples=15)
@given(strategies.lists(strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=40)))
def test_no_text_at_all_becomes_a_formula_or_a_link(texts):
    content = book(*((text, None, None, None) for text in texts))
    (sheet,) = parts(content, r"worksheets/sheet1\.xml$").values()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert sheet.count('t="inlineStr"') == len(COLUMNS) + len(texts)
    assert len(cells(content)) >= 1


@pytest.mark.parametrize("text", [one for one in FORMULAS if one.lstrip(" \u3000")[0] in "=+-@\t\n＝＋－＠"])
def test_what_would_turn_into_a_formula_when_edited_is_marked_as_quoted(text):
    assert risky(text)
    (styles,) = parts(book((text, None, None, None)), r"styles\.xml$").values()
    assert 'quotePrefix="1"' in styles


@pytest.mark.parametrize("text", ["王建国", "10220", "", "2026-10 月度考核", "a=b"])
def test_an_ordinary_text_is_not_marked(text):
    assert not risky(text)


def test_the_same_input_gives_the_same_bytes():
    rows = tuple((f"第 {n} 行", n, n * 7, date(2026, 1, 1)) for n in range(50))
    drawing = Drawing("图", 0, (1, 2))
    assert book(*rows, drawing=drawing) == book(*rows, drawing=drawing)


def test_who_and_when_stand_in_the_footer_of_every_page():
    (sheet,) = parts(book(("x", 1, 1, None)), r"worksheets/sheet1\.xml$").values()
    footer = re.search("<oddFooter>(.*)</oddFooter>", sheet)
    assert footer
    assert "刘敏 导出于 2026-11-23 09:30" in footer[1]


def test_a_name_with_an_ampersand_is_no_code_of_the_footer():
    content = written("标题", [Sheet("表", (Column("a"),), [])], stamp=Stamp("A&D", STAMP.at))
    (sheet,) = parts(content, r"worksheets/sheet1\.xml$").values()
    assert "A&amp;&amp;D" in sheet


def test_a_chart_is_native_and_reads_the_cells():
    content = book(("a", 1, 100, None), ("b", 2, 200, None), drawing=Drawing("人数", 0, (1,), stacked=True))
    (chart,) = parts(content, r"charts/chart1\.xml$").values()
    assert "<c:barChart>" in chart
    assert "表!$B$2:$B$3" in chart
    assert "人数" in chart


def test_a_sheet_without_rows_has_no_chart_and_opens():
    content = book(drawing=Drawing("人数", 0, (1,)))
    assert parts(content, "charts/") == {}
    assert cells(content)[0][0] == "文字"


def test_a_text_too_long_for_a_cell_is_cut():
    assert len(cells(book(("长" * (LONGEST + 5), None, None, None)))[1][0]) == LONGEST
