"""A table is read in frames whose lines have their number, fast or record by record, or refused with what to do."""

import gzip
import io
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter

from svcqa.kernel.errors import Invalid
from svcqa.records import delimited, sheets
from svcqa.records.framing import LINE, WHOLE

MOMENT = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - a workbook's moments have no zone


def rows(content, **more):
    sheet = sheets.parse(content, name="facts.csv", **more)
    names = [*sheet.header, LINE, WHOLE]
    return [row for frame in sheet.frames() for row in frame.select(names).rows()]


def refusal(content, **more):
    with pytest.raises(Invalid) as caught:
        rows(content, **more)
    assert caught.value.sentence.endswith("。")
    return caught.value.sentence


def workbook(fill):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    fill(book, book.add_worksheet())
    book.close()
    return content.getvalue()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_every_kind_of_line_end_gives_the_same_lines(end, last):
    content = end.join(["a,b", "1,2", "3,4"]) + (end if last else "")
    assert rows(content.encode()) == [("1", "2", 2, True), ("3", "4", 3, True)]


def test_a_line_that_is_too_short_or_too_long_is_not_whole():
    assert rows(b"a,b,c\n1,2,3\n4,5\n6,7,8\n") == [
        ("1", "2", "3", 2, True),
        ("4", "5", "", 3, False),
        ("6", "7", "8", 4, True),
    ]
    # One too short and one too long: as many commas as two whole lines have.
    assert [row[3:] for row in rows(b"a,b,c\n4,5\n1,2,3,4\n")] == [(2, False), (3, False)]


def test_quotes_and_blank_lines_keep_the_numbers_right():
    content = b'a,b\n1,2\n\n3,"two\nlines"\n5,"""said"""\n'
    assert rows(content) == [("1", "2", 2, True), ("3", "two\nlines", 4, True), ("5", '"said"', 6, True)]


def test_a_quote_far_down_changes_nothing_above_it(monkeypatch):
    monkeypatch.setattr(delimited, "PIECE", 8)
    lines = [f"{n},x{n}" for n in range(50)]
    content = "a,b\n" + "\n".join([*lines, '50,"x,50"', "51,x"])
    found = rows(content.encode())
    assert [row[2] for row in found] == list(range(2, 54))
    assert found[50:] == [("50", "x,50", 52, True), ("51", "x", 53, True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_is_found_out_also_in_a_packed_file(encoding):
    content = "编号,名\n1,王\n".encode(encoding)
    assert rows(content) == rows(gzip.compress(content)) == [("1", "王", 2, True)]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "是空文件"),
        (b"\n\n", "没有表头"),
        (b"a,a\n1,2\n", "列名“a”写了两次"),
        (b"a,b\n1,\0\n", "第 2 行：含有空字符"),
        (b"\xff\xfe\xfd\xff,b\n", "编码的文字"),
        (b'a,b\n1,2\n3,"4\n', "第 3 行：这里不是正确的 CSV"),
        (gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:30], "gzip 压缩不完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "旧版 Excel"),
        (b"PK\x03\x04 no workbook", "不是可以读取的 Excel 工作簿"),
        (b"a,b\n" + b"x" * (delimited.LONGEST_LINE * 5), "有一行超过"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content, part):
    assert part in refusal(content)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Invalid, match="读不到文件"):
        sheets.read(tmp_path / "absent.csv")


def test_a_file_on_the_disk_reads_like_its_bytes(tmp_path):
    (tmp_path / "facts.csv").write_bytes(b"a,b\n1,2\n")
    read = sheets.read(tmp_path / "facts.csv")
    parsed = sheets.parse(b"a,b\n1,2\n", name="facts.csv")
    assert (read.sha256, read.header, read.lines) == (parsed.sha256, parsed.header, parsed.lines)
    assert [frame.rows() for frame in read.frames()] == [frame.rows() for frame in parsed.frames()]


def test_a_workbook_gives_texts_and_a_formula_is_what_was_stored_with_it():
    def fill(book, page):
        page.write_row(0, 0, ["n", "x", "when", "day", "clock", "long", "sure"])
        page.write(2, 0, 7)
        page.write_formula(2, 1, "=1+1", None, 3)
        page.write_datetime(2, 2, MOMENT, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        page.write_datetime(2, 3, date(2026, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_datetime(2, 4, time(9, 5), book.add_format({"num_format": "hh:mm:ss"}))
        page.write_datetime(2, 5, timedelta(hours=30), book.add_format({"num_format": "[h]:mm:ss"}))
        page.write_boolean(2, 6, True)
        page.write(3, 0, 2.5)

    content = workbook(fill)
    assert sheets.parse(content, name="facts.xlsx").time_formats
    assert rows(content) == [
        ("7", "3", "2026-01-02 03:04:05", "2026-01-02", "09:05:00", "30:00:00", "true", 3, True),
        ("2.5", "", "", "", "", "", "", 4, True),
    ]
