"""The CSV file by which an administrator brings in the working days of one year. Reads text, never a disk."""

import csv
from datetime import date

from svcqa.kernel.errors import Invalid
from svcqa.kernel.workdays import Day, dates_of


def parse_year_file(text: str, name: str) -> tuple[int, dict[date, Day]]:
    """Read `date,is_workday[,name]` with a row for every day of one year; other columns are passed over.

    Raises Invalid with file, line and remedy.
    """
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    absent = {"date", "is_workday"} - set(reader.fieldnames or [])
    if absent:
        raise _invalid(name, 1, f"缺少列 {'、'.join(sorted(absent))}。请把首行写作 date,is_workday,name。")
    days: dict[date, Day] = {}
    for row in reader:
        on, day = _read_row(row, name, reader.line_num)
        if on in days:
            raise _invalid(name, reader.line_num, f"日期 {on} 重复。请只保留一行。")
        first = next(iter(days), on)
        if on.year != first.year:
            raise _invalid(name, reader.line_num, f"日期 {on} 不在 {first.year} 年。请每个文件只写一年。")
        days[on] = day
    if not days:
        raise _invalid(name, 2, "没有日期。请为该年的每一天写一行。")
    _require_whole_year(days, name, reader.line_num)
    return next(iter(days)).year, days


def _read_row(row: dict[str, str | None], name: str, line: int) -> tuple[date, Day]:
    written = (row["date"] or "").strip()
    try:
        on = date.fromisoformat(written)
    except ValueError as error:
        raise _invalid(name, line, f"日期“{written}”无法识别。请写作 2027-01-31 这样的形式。") from error
    flag = (row["is_workday"] or "").strip()
    if flag not in ("0", "1"):
        raise _invalid(name, line, f"is_workday 为“{flag}”。请写 1（上班）或 0（休息）。")
    return on, Day.of(on, is_workday=flag == "1", name=(row.get("name") or "").strip())


def _require_whole_year(days: dict[date, Day], name: str, last_line: int) -> None:
    year = next(iter(days)).year
    missing = [on for on in dates_of(year) if on not in days]
    if missing:
        raise _invalid(name, last_line, f"缺少 {missing[0]} 等 {len(missing)} 天。请补齐 {year} 年的每一天。")


def _invalid(name: str, line: int, remedy: str) -> Invalid:
    return Invalid("file", f"{name} 第 {line} 行：{remedy}")
