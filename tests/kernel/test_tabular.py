"""A table is read line by line, or refused with its line and what to do."""

import gzip

import pytest

from svcqa.kernel import tabular
from svcqa.kernel.errors import Invalid

PLAIN = '工单,日期\n1, 2026-01-05 \n\n2,"两行\n文字"\n3,终\n'


def lines(content, **more):
    return list(tabular.parse(content, name="cases.csv", **more))


def refusal(content, **more):
    with pytest.raises(Invalid) as caught:
        lines(content, **more)
    assert caught.value.sentence.endswith("。")
    return caught.value.sentence


def test_lines_carry_the_number_they_begin_on_and_trimmed_cells():
    assert lines(PLAIN.encode()) == [
        (2, {"工单": "1", "日期": "2026-01-05"}, True),
        (4, {"工单": "2", "日期": "两行\n文字"}, True),
        (6, {"工单": "3", "日期": "终"}, True),
    ]


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030")]
)
def test_the_encoding_is_found_out(encoding, found):
    table = tabular.parse(PLAIN.encode(encoding), name="cases.csv")
    assert (table.encoding, table.header) == (found, ("工单", "日期"))


def test_windows_line_ends_and_gzip_change_nothing_but_the_hash():
    windows = PLAIN.replace("\n", "\r\n").encode()
    assert [line.number for line in lines(windows)] == [2, 4, 6]
    packed = gzip.compress(PLAIN.encode())
    assert lines(packed) == lines(PLAIN.encode())
    first, second = (tabular.parse(content, name="cases.csv").sha256 for content in (packed, PLAIN.encode()))
    assert first != second


@pytest.mark.parametrize("row", ["1", "1,2,3"])
def test_a_line_with_too_few_or_too_many_cells_is_not_whole(row):
    assert [line.whole for line in lines(f"a,b\n{row}\n5,6\n".encode())] == [False, True]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "第 1 行：没有表头"),
        (b"\n\n", "第 1 行：没有表头"),
        (b"a,b,a\n1,2,3\n", "第 1 行：表头第 3 列列名“a”写了两次"),
        (b"a,,c\n1,2,3\n", "第 1 行：表头第 2 列没有列名"),
        (b'a,b\n1,2\n3,"4\n', "第 3 行：这里不是正确的 CSV"),
        (b'a,b\n1,"2"x\n', "第 2 行：这里不是正确的 CSV"),
        (b"a,b\n1,2\n3,\x00\n", "第 3 行：含有空字符"),
        (b"PK\x03\x04rest", "不是 CSV"),
        (b"a\n" + b"\xff\xff\n", "第 2 行：不是 utf-8-sig、gb18030 编码"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-9], "gzip 压缩不完整"),
        (b"\x1f\x8bnot gzip at all", "gzip 压缩不完整"),
        (("," * 600).encode(), "没有表头"),
        (",".join(f"c{n}" for n in range(501)).encode(), "超过 500 列"),
    ],
)
def test_a_broken_file_is_refused_with_place_and_remedy(content, said):
    assert said in refusal(content)


def test_a_named_encoding_is_the_only_one_tried():
    assert "不是 utf-8 编码" in refusal(PLAIN.encode("gb18030"), encoding="utf-8")
    assert "不认识编码“klingon”" in refusal(PLAIN.encode(), encoding="klingon")


def test_the_limits_hold(monkeypatch):
    monkeypatch.setattr(tabular, "MOST_LINES", 2)
    assert "第 4 行：超过 2 行" in refusal(b"a\n1\n2\n3\n")
    monkeypatch.setattr(tabular, "LARGEST_BYTES", 100)
    assert "超过" in refusal(gzip.compress(b"a\n" + b"1\n" * 100))


def test_a_file_on_the_disk_is_read_or_named(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes(PLAIN.encode())
    assert len(list(tabular.read(path))) == 3
    path.write_bytes(b"")
    with pytest.raises(Invalid, match=r"cases\.csv 是空文件"):
        tabular.read(path)
    with pytest.raises(Invalid, match="读不到文件"):
        tabular.read(tmp_path / "absent.csv")
