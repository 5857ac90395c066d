"""A year that no package carries is kept from a file, and only that decides what the calendar knows."""

from datetime import date, timedelta

import pytest

from svcqa.kernel import loaded_years
from svcqa.kernel.calendar import YearMissing, published_calendar
from svcqa.kernel.database import open_engine
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import SYSTEM

NEW_YEAR = date(2027, 1, 1)


def year_file(year, *, holidays=()):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    rows = [
        f"{on},{int(on.isoweekday() < 6 and on not in holidays)},{'元旦' if on in holidays else ''}"
        for on in days
    ]
    return "\n".join(["date,is_workday,name", *rows])


def calendar_now(place):
    with place.engine.connect() as connection:
        return loaded_years.with_loaded(published_calendar(), connection)


def load(place, text, source="2027.csv"):
    with place.transaction(SYSTEM) as tx:
        return loaded_years.load(tx, text, source=source)


def test_a_loaded_year_is_known_with_its_holidays(empty_place):
    assert load(empty_place, year_file(2027, holidays=[NEW_YEAR])) == 2027
    calendar = calendar_now(empty_place)
    assert not calendar.is_workday(NEW_YEAR)
    assert calendar.day(NEW_YEAR).label == "元旦"
    assert calendar.is_workday(date(2027, 1, 4))
    assert "2027.csv" in calendar.version


def test_without_it_the_year_stays_unknown(empty_place):
    with pytest.raises(YearMissing):
        calendar_now(empty_place).day(NEW_YEAR)


def test_loading_a_year_again_replaces_it(empty_place):
    load(empty_place, year_file(2027, holidays=[NEW_YEAR]))
    load(empty_place, year_file(2027), source="corrected.csv")
    calendar = calendar_now(empty_place)
    assert calendar.is_workday(NEW_YEAR)
    assert "corrected.csv" in calendar.version


def test_a_year_that_leaves_a_gap_is_refused_and_nothing_is_kept(empty_place):
    with pytest.raises(Invalid, match="前后衔接"):
        load(empty_place, year_file(2029))
    assert calendar_now(empty_place).version == published_calendar().version


def test_a_database_without_the_table_keeps_no_year(tmp_path):
    with open_engine(f"sqlite:///{tmp_path / 'new.db'}").connect() as connection:
        assert loaded_years.with_loaded(published_calendar(), connection) is published_calendar()
