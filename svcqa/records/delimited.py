"""The text of a CSV file, gzipped or not, read piece by piece: memory does not grow with the file.

Plain pieces go through Polars at once; from the first quote on each record is read by itself.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

import polars as pl

from svcqa.kernel import tabular
from svcqa.kernel.errors import Invalid
from svcqa.records.framing import LINE, WHOLE, framed

PIECE = 2 * 2**20
LONGEST_LINE = 2**20
MOST_LINES = 20_000_000


class Delimited:
    """A CSV file that was looked through once; it is opened anew for every reading."""

    def __init__(self, opened: Callable[[], BinaryIO], name: str, *, packed: bool, encoding: str) -> None:
        self._opened = opened
        self._name = name
        self._packed = packed
        self._encoding, self.lines = self._decoded((encoding,) if encoding else tabular.ENCODINGS)
        with self._stream(self._encoding) as stream:
            number, values = next(tabular.records(self._each(stream), name=name), (1, []))
        self.header = tabular.checked_header(values, name=name, number=number)

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the lines below the header, all columns or some; raises Invalid where the file breaks off."""
        names = list(columns or self.header)
        yield from (frame.select(*names, LINE, WHOLE) for frame in self._frames(names))

    def _frames(self, names: list[str]) -> Iterator[pl.DataFrame]:
        with self._stream(self._encoding) as stream:
            number = self._skip_header(stream)
            while piece := self._piece(stream, number):
                if '"' in piece:
                    rest = self._each(io.StringIO(piece, newline=""), stream)
                    yield from framed(tabular.records(rest, name=self._name, first=number), self.header)
                    return
                yield from self._plain(piece, number, names)
                number += _count(piece)

    def _plain(self, piece: str, number: int, names: list[str]) -> Iterator[pl.DataFrame]:
        """Read a piece without quotes: at once when every line has every column, else record by record."""
        count, commas = _count(piece), len(self.header) - 1
        ends = piece.count("\r")
        if commas and piece.count(",") == count * commas and ends in {0, piece.count("\r\n")}:
            frame = self._at_once(piece, names)
            if frame is not None and frame.height == count:
                lines = pl.int_range(number, number + count, dtype=pl.Int64, eager=True)
                yield frame.with_columns(lines.alias(LINE), pl.lit(value=True).alias(WHOLE))
                return
        lines_of = io.StringIO(piece, newline="")
        yield from framed(tabular.records(lines_of, name=self._name, first=number), self.header)

    def _at_once(self, piece: str, names: list[str]) -> pl.DataFrame | None:
        try:
            return pl.read_csv(
                piece.encode(),
                has_header=False,
                schema=dict.fromkeys(self.header, pl.String),
                columns=[self.header.index(name) for name in names],
                quote_char=None,
            )
        except pl.exceptions.PolarsError:
            return None  # one line has too many cells and another too few

    def _piece(self, stream: io.TextIOWrapper, number: int) -> str:
        """Read some whole lines."""
        piece = stream.read(PIECE)
        if piece:
            piece += next(self._each(stream), "")
        if "\0" in piece:
            where = number + piece.partition("\0")[0].count("\n")
            raise tabular.invalid(self._name, where, "含有空字符。请另存为“CSV UTF-8”后再导入。")
        return piece

    def _each(self, *streams: io.TextIOBase) -> Iterator[str]:
        """Yield the lines of streams one after the other; one without an end is refused."""
        for stream in streams:
            while line := stream.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
                    raise Invalid(
                        "file", f"{self._name} 中有一行超过 {LONGEST_LINE} 个字符。请检查换行后再导入。"
                    )
                yield line

    def _skip_header(self, stream: io.TextIOWrapper) -> int:
        """Read past the header and return the number of the line that follows."""
        reader = csv.reader(self._each(stream), strict=True)
        while not next(reader):
            pass
        return reader.line_num + 1

    def _decoded(self, encodings: Sequence[str]) -> tuple[str, int]:
        """Return the encoding that reads the whole file, and about how many lines stand below the first."""
        furthest = 0
        for encoding in encodings:
            lines = 0
            try:
                with self._stream(encoding) as stream:
                    while piece := stream.read(PIECE):
                        lines += max(piece.count("\n"), piece.count("\r"))
            except UnicodeDecodeError:
                furthest = max(furthest, lines)
                continue
            if lines > MOST_LINES:
                raise Invalid("file", f"{self._name} 超过 {MOST_LINES} 行。请拆开，分几次导入。")
            return encoding, lines
        tried = "、".join(encodings)
        remedy = f"起有不是 {tried} 编码的文字。请另存为“CSV UTF-8”后再导入。"
        raise tabular.invalid(self._name, furthest + 1, remedy)

    @contextmanager
    def _stream(self, encoding: str) -> Iterator[io.TextIOWrapper]:
        try:
            with self._opened() as raw:
                plain = gzip.GzipFile(fileobj=raw) if self._packed else raw
                yield io.TextIOWrapper(plain, encoding, newline="")
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            sentence = f"{self._name} 的 gzip 压缩不完整或已损坏。请重新取得文件后再导入。"
            raise Invalid("file", sentence) from error


def _count(piece: str) -> int:
    return piece.count("\n") + (not piece.endswith("\n"))
