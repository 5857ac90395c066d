"""A table in a file, CSV (gzipped or not) or XLSX, as frames of texts with their line. Knows no column's meaning."""

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import polars as pl

from svcqa.kernel import tabular
from svcqa.kernel.errors import Invalid
from svcqa.records import workbooks
from svcqa.records.delimited import Delimited
from svcqa.records.framing import framed


@dataclass(frozen=True)
class Sheet:
    """A file that was looked through once: its hash, its header, and about how many lines stand below.

    `frames` reads it again, all columns or those named: frames of texts, with LINE and WHOLE beside them.
    `time_formats` are those of the file itself (a workbook's moments), beside the mapping's.
    """

    name: str
    sha256: str
    header: tuple[str, ...]
    lines: int
    time_formats: tuple[str, ...]
    frames: Callable[..., Iterator[pl.DataFrame]] = field(repr=False)


def read(path: Path, *, encoding: str = "") -> Sheet:
    """Look through a file on the disk; raises Invalid with what to do."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return _sheet(lambda: path.open("rb"), path.name, digest, encoding)
    except OSError as error:
        raise Invalid("file", f"读不到文件 {path}（{error.strerror}）。请检查路径和读取权限。") from error


def parse(content: bytes, *, name: str, encoding: str = "") -> Sheet:
    """Look through a file's bytes; raises Invalid with what to do."""
    return _sheet(lambda: io.BytesIO(content), name, hashlib.sha256(content).hexdigest(), encoding)


def _sheet(opened: Callable[[], BinaryIO], name: str, sha256: str, encoding: str) -> Sheet:
    with opened() as file:
        start = file.read(8)
    if not start:
        raise Invalid("file", f"{name} 是空文件。请检查后重新选择文件。")
    if start.startswith(tabular.OLD_EXCEL):
        raise Invalid("file", f"{name} 是旧版 Excel 工作簿。请另存为 .xlsx 或“CSV UTF-8”后再导入。")
    if start.startswith(tabular.ZIP):
        return _workbook(opened, name, sha256)
    text = Delimited(opened, name, packed=start.startswith(tabular.GZIP), encoding=encoding)
    return Sheet(name, sha256, text.header, text.lines, (), text.frames)


def _workbook(opened: Callable[[], BinaryIO], name: str, sha256: str) -> Sheet:
    with opened() as file:
        found = list(workbooks.rows(file, name=name))
    number, titles = found[0] if found else (1, [])
    header = tabular.checked_header(titles, name=name, number=number)

    def frames(_columns: Sequence[str] = ()) -> Iterator[pl.DataFrame]:
        return framed(iter(found[1:]), header)

    return Sheet(name, sha256, header, len(found) - 1, workbooks.TIME_FORMATS, frames)
