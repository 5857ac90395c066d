"""Years of working days that an administrator brought in by file, kept until a package carries them.

A deadline already set is never moved by a year loaded later; the sweep computes what waited for it.
"""

from collections import defaultdict
from datetime import date

from sqlalchemy import Connection, inspect

from svcqa.kernel import audit
from svcqa.kernel.calendar import Calendar
from svcqa.kernel.models import CalendarDay
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import Transaction
from svcqa.kernel.workdays import Day
from svcqa.kernel.year_file import parse_year_file

KEEP = insert("calendar_day", "day is_workday name source")
FORGET = Statement("DELETE FROM calendar_day WHERE day LIKE :year")


def load(tx: Transaction, text: str, *, source: str) -> int:
    """Keep the days of a year file and return the year; raises Invalid for a broken file or a gap."""
    year, days = parse_year_file(text, source)
    version = tx.calendar.with_year(year, days, source).version
    FORGET.run(tx, year=f"{year}-%")
    for on, day in days.items():
        KEEP.run(tx, day=on.isoformat(), is_workday=day.is_workday, name=day.name, source=source)
    audit.record(tx, "calendar.loaded", kind="calendar", id=str(year), facts={"version": version})
    return year


def with_loaded(calendar: Calendar, connection: Connection) -> Calendar:
    """Return the calendar with every year kept in the database; one without the table keeps none."""
    if not inspect(connection).has_table(CalendarDay.__tablename__):
        return calendar
    table = CalendarDay.metadata.tables[CalendarDay.__tablename__]
    years: dict[int, dict[date, Day]] = defaultdict(dict)
    sources: dict[int, str] = {}
    for row in connection.execute(table.select().order_by(table.c.day)):
        on = date.fromisoformat(row.day)
        years[on.year][on] = Day.of(on, is_workday=row.is_workday, name=row.name)
        sources[on.year] = row.source
    for year, days in years.items():
        calendar = calendar.with_year(year, days, sources[year])
    return calendar
