"""Which days are worked: the published years, years from a file, and the refusal of all others."""

import csv
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel.calendar import (
    Day,
    DayKind,
    YearMissing,
    local,
    local_day,
    midnight,
    parse_year_file,
    published_calendar,
)
from svcqa.kernel.errors import Invalid
from svcqa.kernel.workdays import dates_of

CALENDAR = published_calendar()
COVERED_DAYS = st.dates(date(2011, 1, 1), date(2025, 12, 31))


def year_file(year, *, holidays=(), makeups=()):
    rows = ["date,is_workday,name"]
    for on in dates_of(year):
        worked = on in makeups or (on.isoweekday() < 6 and on not in holidays)
        rows.append(f"{on},{int(worked)},{'春节' if on in holidays or on in makeups else ''}")
    return "\n".join(rows)


SPRING_FESTIVAL = [date(2027, 2, 5) + timedelta(days=n) for n in range(8)]
FILE_2027 = year_file(2027, holidays=SPRING_FESTIVAL, makeups=[date(2027, 2, 14)])


@pytest.mark.parametrize("name", ["cn_workdays_2011_2023.csv", "cn_workdays_2024_2026.csv"])
def test_the_published_calendar_equals_the_shared_table_day_for_day(shared_data, name):
    chinese = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    with (shared_data / "cn_workdays" / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 1000
    for row in rows:
        day = CALENDAR.day(date.fromisoformat(row["date"]))
        expected = (row["is_workday"] == "1", row["kind"], chinese.get(row["name"], ""))
        assert (day.is_workday, day.kind.value, day.name) == expected, row


def test_every_published_day_is_what_the_package_answers_for_it():
    names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    for on in chain.from_iterable(map(dates_of, CALENDAR.years)):
        rests, holiday = chinese_calendar.get_holiday_detail(on)
        assert CALENDAR.day(on) == Day.of(on, is_workday=not rests, name=names.get(holiday, "")), on


def test_the_calendar_covers_2004_to_2026_and_names_its_source():
    assert CALENDAR.years == range(2004, 2027)
    assert CALENDAR.version.startswith("chinesecalendar 1.")


@pytest.mark.parametrize(
    ("on", "worked", "label"),
    [
        (date(2026, 10, 9), True, "工作日"),
        (date(2026, 10, 1), False, "国庆节"),
        (date(2026, 10, 10), True, "调休上班（国庆节）"),
        (date(2026, 10, 11), False, "周末"),
    ],
)
def test_each_kind_of_day_says_what_it_is(on, worked, label):
    assert CALENDAR.is_workday(on) is worked
    assert CALENDAR.day(on).label == label


def test_a_make_up_saturday_is_the_next_workday():
    assert CALENDAR.next_workday(date(2026, 10, 9)) == date(2026, 10, 10)
    assert CALENDAR.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)


def test_workdays_are_counted_backwards_too():
    assert CALENDAR.add_workdays(date(2026, 10, 5), -1) == date(2026, 9, 30)
    assert CALENDAR.add_workdays(date(2026, 10, 5), 0) == date(2026, 10, 5)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CALENDAR.is_workday(date(2027, 1, 1)),
        lambda: CALENDAR.add_workdays(date(2027, 1, 4), 0),
        lambda: CALENDAR.next_workday(date(2026, 12, 31)),
        lambda: CALENDAR.add_workdays(date(2026, 12, 30), 2),
        lambda: CALENDAR.workdays_between(date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_question_that_touches_2027_is_refused_and_never_guessed(ask):
    with pytest.raises(YearMissing, match=r"2027 年的工作日安排尚未公布.*请管理员载入") as refusal:
        ask()
    assert refusal.value.year == 2027


def test_a_question_before_the_first_year_is_refused():
    with pytest.raises(YearMissing) as refusal:
        CALENDAR.add_workdays(date(2004, 1, 2), -2)
    assert refusal.value.year == 2003


@given(COVERED_DAYS, st.integers(-200, 200))
def test_days_added_are_the_days_between(on, count):
    # Going back from a day of rest, the workday arrived at is itself not behind the start.
    itself = count < 0 and not CALENDAR.is_workday(on)
    assert CALENDAR.workdays_between(on, CALENDAR.add_workdays(on, count)) == count + itself


@given(COVERED_DAYS, st.integers(1, 100))
def test_adding_workdays_equals_walking_the_published_table(on, count):
    walked, left = on, count
    while left:
        walked += timedelta(days=1)
        left -= chinese_calendar.is_workday(walked)
    assert CALENDAR.add_workdays(on, count) == walked


def test_a_year_loaded_from_a_file_is_answered():
    year, days = parse_year_file(FILE_2027, "2027.csv")
    loaded = CALENDAR.with_year(year, days, "2027.csv")
    assert loaded.years == range(2004, 2028)
    assert loaded.next_workday(date(2027, 2, 4)) == date(2027, 2, 15) - timedelta(days=1)
    assert loaded.day(date(2027, 2, 14)).label == "调休上班（春节）"
    assert loaded.day(date(2027, 2, 8)).label == "春节"
    assert loaded.next_workday(date(2026, 12, 31)) == date(2027, 1, 1)
    assert CALENDAR.years.stop == 2027


def test_plain_booleans_load_a_year_too():
    days = {on: on.isoweekday() < 6 and on not in SPRING_FESTIVAL for on in dates_of(2027)}
    loaded = CALENDAR.with_year(2027, days, "notice")
    assert loaded.day(date(2027, 2, 8)).label == "节假日"
    assert loaded.day(date(2027, 2, 14)).kind is DayKind.WEEKEND


def test_the_version_names_the_file_and_tells_two_contents_apart():
    year, days = parse_year_file(FILE_2027, "2027.csv")
    first = CALENDAR.with_year(year, days, "2027.csv")
    plain = CALENDAR.with_year(2027, {on: on.isoweekday() < 6 for on in dates_of(2027)}, "2027.csv")
    assert first.version.startswith(f"{CALENDAR.version}; 2027 2027.csv ")
    assert len({CALENDAR.version, first.version, plain.version}) == 3
    assert plain.with_year(year, days, "2027.csv") == first


def test_a_covered_year_can_be_replaced_when_the_state_council_amends_it():
    days = {on: CALENDAR.day(on) for on in dates_of(2026)}
    days[date(2026, 10, 8)] = days[date(2026, 10, 11)]
    amended = CALENDAR.with_year(2026, days, "notice")
    assert not amended.is_workday(date(2026, 10, 8))
    assert amended.years == CALENDAR.years
    assert amended.day(date(2025, 10, 9)) == CALENDAR.day(date(2025, 10, 9))


def test_a_published_year_survives_the_way_through_a_file(shared_data):
    text = (shared_data / "cn_workdays" / "cn_workdays_2024_2026.csv").read_text(encoding="utf-8")
    header, *rows = text.splitlines()
    year, days = parse_year_file("\n".join([header, *(r for r in rows if r.startswith("2026"))]), "2026.csv")
    assert year == 2026
    assert {on: day.kind for on, day in days.items()} == {on: CALENDAR.day(on).kind for on in dates_of(2026)}


def test_a_gap_between_years_is_refused():
    with pytest.raises(Invalid, match="请先载入 2027 年"):
        CALENDAR.with_year(2028, {}, "2028.csv")


def test_a_year_with_a_day_missing_or_strange_is_refused():
    days = dict.fromkeys(dates_of(2027), True)
    with pytest.raises(Invalid, match="缺少 2027-05-01 等 1 天"):
        CALENDAR.with_year(2027, {on: w for on, w in days.items() if on != date(2027, 5, 1)}, "2027.csv")
    with pytest.raises(Invalid, match="不属于 2027 年的 2028-01-01"):
        CALENDAR.with_year(2027, days | {date(2028, 1, 1): True}, "2027.csv")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "2027.csv 第 1 行：缺少列 date、is_workday。请"),
        ("date,name\n2027-01-01,", "第 1 行：缺少列 is_workday。请"),
        ("date,is_workday\n", "第 2 行：没有日期。请"),
        ("date,is_workday\n2027/1/1,0", "第 2 行：日期“2027/1/1”无法识别。请"),
        ("date,is_workday\n2027-01-01,0\n2027-02-30,0", "第 3 行：日期“2027-02-30”无法识别。请"),
        ("date,is_workday\n2027-01-01,yes", "第 2 行：is_workday 为“yes”。请"),
        ("date,is_workday\n2027-01-01", "第 2 行：is_workday 为“”。请"),
        ("date,is_workday\n2027-01-01,0\n2027-01-01,0", "第 3 行：日期 2027-01-01 重复。请"),
        ("date,is_workday\n2027-01-01,0\n2028-01-01,0", "第 3 行：日期 2028-01-01 不在 2027 年。请"),
        ("date,is_workday\n2027-01-01,0", "第 2 行：缺少 2027-01-02 等 364 天。请"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_remedy(text, sentence):
    with pytest.raises(Invalid) as refusal:
        parse_year_file(text, "2027.csv")
    assert sentence in refusal.value.sentence


def test_a_file_saved_by_a_spreadsheet_is_read():
    year, days = parse_year_file("\ufeff" + FILE_2027.replace("\n", "\r\n"), "2027.csv")
    assert (year, len(days)) == (2027, 365)


def test_a_day_in_china_begins_at_sixteen_utc():
    assert local_day(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == date(2026, 11, 30)
    assert local_day(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == date(2026, 12, 1)
    assert midnight(date(2026, 12, 1)) == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert midnight(date(2026, 12, 1)).tzinfo is UTC


def test_no_covered_day_has_summer_time():
    offsets = {local(midnight(on)).utcoffset() for year in CALENDAR.years for on in dates_of(year)}
    assert offsets == {timedelta(hours=8)}


def test_a_moment_without_offset_is_refused():
    with pytest.raises(ValueError, match="no offset"):
        local(datetime(2026, 11, 30, 9, 0))  # noqa: DTZ001 - the naive moment is the point
