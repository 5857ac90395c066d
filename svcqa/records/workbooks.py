"""The first sheet of an XLSX workbook as records of texts. A formula counts as the value last stored with it."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from svcqa.kernel.errors import Invalid

LARGEST_BYTES = 64 * 2**20
LARGEST_UNPACKED = 2**30
DAY, TIME = "%Y-%m-%d", "%H:%M:%S"
MOMENT = f"{DAY} {TIME}"
TIME_FORMATS = (MOMENT, DAY)
"""How what a workbook holds as a day, a time or both is written as text."""


def rows(file: BinaryIO, *, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds anything with its number; raises Invalid for what is no workbook."""
    _refuse_heavy(file, name)
    try:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        number = sheet.start[0] + 1 if sheet.start else 1
        found = sheet.to_python()
    except (CalamineError, IndexError) as error:
        raise _unreadable(name) from error
    for place, cells in enumerate(found):
        if any(cell != "" for cell in cells):
            yield number + place, [_text(cell) for cell in cells]


def _refuse_heavy(file: BinaryIO, name: str) -> None:
    """Refuse a file whose parts would unpack to more than is reasonable."""
    try:
        with zipfile.ZipFile(file) as parts:
            packed = sum(part.compress_size for part in parts.infolist())
            unpacked = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable(name) from error
    if packed > LARGEST_BYTES or unpacked > LARGEST_UNPACKED:
        limit = f"{LARGEST_BYTES >> 20} MB，或解压后超过 {LARGEST_UNPACKED >> 20} MB"
        raise Invalid("file", f"{name} 超过 {limit}。请另存为“CSV UTF-8”后再导入。")
    file.seek(0)


def _unreadable(name: str) -> Invalid:
    return Invalid("file", f"{name} 不是可以读取的 Excel 工作簿。请另存为 .xlsx 或“CSV UTF-8”后再导入。")


def _text(cell: Any) -> str:
    if isinstance(cell, timedelta):
        seconds = int(cell.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(cell, date | time):
        pattern = MOMENT if isinstance(cell, datetime) else DAY if isinstance(cell, date) else TIME
        return cell.strftime(pattern)
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
