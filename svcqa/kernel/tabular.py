"""Tables in files: CSV, also gzipped, into lines with their number; a broken file is refused with its line.

Knows no column's meaning; what a cell must hold is said by the rooms above.
"""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from svcqa.kernel.errors import Invalid

LARGEST_BYTES = 64 * 2**20
MOST_LINES = 200_000
MOST_COLUMNS = 500
GZIP, ZIP, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCODINGS = ("utf-8-sig", "gb18030")


class Line(NamedTuple):
    """One record: where it begins in the file, its trimmed cells, and whether it has every column."""

    number: int
    cells: dict[str, str]
    whole: bool


@dataclass(frozen=True)
class Table:
    """A file that was read. `sha256` is over the bytes as they came; iterating parses line by line."""

    name: str
    sha256: str
    encoding: str
    header: tuple[str, ...]
    text: str = field(repr=False)

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines below the header; raises Invalid where the file breaks off or runs on."""
        found = records(io.StringIO(self.text, newline=""), name=self.name)
        next(found)
        for count, (number, values) in enumerate(found, 1):
            if count > MOST_LINES:
                raise invalid(self.name, number, f"超过 {MOST_LINES} 行。请把文件拆开，分几次导入。")
            cells = dict(zip(self.header, (value.strip() for value in values), strict=False))
            yield Line(number, cells, whole=len(values) == len(self.header))


def read(path: Path, *, encoding: str = "") -> Table:
    """Read a CSV file from the disk; raises Invalid with what to do."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_BYTES else b""
    except OSError as error:
        raise Invalid("file", f"读不到文件 {path}（{error.strerror}）。请检查路径和读取权限。") from error
    if not content:
        raise Invalid(
            "file",
            f"{path.name} 是空文件或超过 {LARGEST_BYTES >> 20} MB。请检查后重新选择文件，过大的请拆开。",
        )
    return parse(content, name=path.name, encoding=encoding)


def parse(content: bytes, *, name: str, encoding: str = "") -> Table:
    """Make a table of a file's bytes; without an encoding UTF-8 and then GB 18030 are tried."""
    plain = _unpacked(content, name)
    used, text = _decoded(plain, name, (encoding,) if encoding else ENCODINGS)
    if "\0" in text:
        raise invalid(
            name, text[: text.index("\0")].count("\n") + 1, "含有空字符。请另存为“CSV UTF-8”后再导入。"
        )
    number, values = next(records(io.StringIO(text, newline=""), name=name), (1, []))
    header = checked_header(values, name=name, number=number)
    return Table(name, hashlib.sha256(content).hexdigest(), used, header, text)


def _unpacked(content: bytes, name: str) -> bytes:
    plain = _gunzipped(io.BytesIO(content), name) if content.startswith(GZIP) else content
    if plain.startswith((ZIP, OLD_EXCEL)):
        raise Invalid("file", f"{name} 是 Excel 工作簿或压缩包，不是 CSV。请另存为“CSV UTF-8”后再导入。")
    if len(plain) > LARGEST_BYTES:
        raise Invalid("file", f"{name} 解压后超过 {LARGEST_BYTES >> 20} MB。请拆开后分几次导入。")
    return plain


def _gunzipped(packed: BinaryIO, name: str) -> bytes:
    try:
        with gzip.open(packed) as file:
            return file.read(LARGEST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Invalid("file", f"{name} 的 gzip 压缩不完整或已损坏。请重新取得文件后再导入。") from error


def _decoded(plain: bytes, name: str, encodings: tuple[str, ...]) -> tuple[str, str]:
    place = 0
    for encoding in encodings:
        try:
            return encoding, plain.decode(encoding)
        except UnicodeDecodeError as error:
            place = max(place, error.start)
        except LookupError as error:
            raise Invalid("encoding", f"不认识编码“{encoding}”。请写 utf-8 或 gb18030。") from error
    line = plain.count(b"\n", 0, place) + 1
    raise invalid(name, line, f"不是 {'、'.join(encodings)} 编码的文字。请另存为“CSV UTF-8”后再导入。")


def checked_header(values: Sequence[str], *, name: str, number: int) -> tuple[str, ...]:
    """Return the trimmed titles of a header that stands in line `number`; raises Invalid."""
    header = tuple(value.strip() for value in values)
    if not any(header):
        raise invalid(name, number, "没有表头。请在第一行写各列的名称。")
    if len(header) > MOST_COLUMNS:
        raise invalid(name, number, f"超过 {MOST_COLUMNS} 列。请检查分隔符是否为逗号，或删去多余的列。")
    for place, title in enumerate(header, 1):
        if not title or title in header[: place - 1]:
            what = f"列名“{title}”写了两次" if title else "没有列名"
            raise invalid(name, number, f"表头第 {place} 列{what}。请给每一列一个不同的名称。")
    return header


def records(lines: Iterable[str], *, name: str, first: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on, counted from `first`; a quoted cell may span several."""
    reader = csv.reader(lines, strict=True)
    while True:
        number = first + reader.line_num
        try:
            values = next(reader, None)
        except csv.Error as error:
            problem = "引号没有成对，或一格的文字过长"
            raise invalid(name, number, f"这里不是正确的 CSV：{problem}。请改正这一行后再导入。") from error
        if values is None:
            return
        if values:
            yield number, values


def invalid(name: str, line: int, remedy: str) -> Invalid:
    """Return the refusal of a file that names its line."""
    return Invalid("file", f"{name} 第 {line} 行：{remedy}")
