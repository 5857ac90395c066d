"""Working time: the laws of adding and measuring, pauses, deadlines and warnings."""

import random
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel.calendar import (
    SHANGHAI,
    Calendar,
    Term,
    WorkingHours,
    YearMissing,
    local,
    merged,
    midnight,
    published_calendar,
)
from svcqa.kernel.explanation import explain

CALENDAR = published_calendar()
MINUTE = timedelta(minutes=1)

MOMENTS = st.datetimes(datetime(2011, 1, 1), datetime(2026, 9, 1), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.timedeltas(timedelta(0), timedelta(hours=200))
WORKING_TERMS = st.builds(
    Term, st.integers(1, 80), st.sampled_from(["working_minutes", "working_hours", "working_days"])
)
TERMS = st.builds(
    Term,
    st.integers(1, 40),
    st.sampled_from(["working_minutes", "working_hours", "working_days", "calendar_days"]),
)


@st.composite
def pauses_near(draw, start):
    """Draw up to four pauses, in any order and overlapping, from two days before to 30 after a moment."""
    offsets = st.timedeltas(timedelta(days=-2), timedelta(days=30))
    spans = st.timedeltas(timedelta(0), timedelta(days=5))
    begins = draw(st.lists(st.tuples(offsets, spans), max_size=4))
    return [(start + offset, start + offset + span) for offset, span in begins]


def at(text):
    """Read a moment as clocks in China show it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def due(start, term, *pauses):
    found = CALENDAR.due_at(at(start), Term.parse(term), [(at(a), at(b)) for a, b in pauses])
    assert found.tzinfo is UTC
    return f"{local(found):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "term", "expected"),
    [
        ("2026-11-23 09:00", "2 working hours", "2026-11-23 11:00"),
        ("2026-11-23 11:00", "2 working hours", "2026-11-23 15:00"),
        ("2026-11-23 11:00", "60 working minutes", "2026-11-23 12:00"),
        ("2026-11-23 12:30", "30 working minutes", "2026-11-23 14:30"),
        ("2026-11-23 17:30", "1 working minute", "2026-11-24 08:31"),
        ("2026-11-27 16:00", "16 working hours", "2026-12-02 09:00"),
        ("2026-09-30 16:30", "2 working hours", "2026-10-08 09:30"),
        ("2026-10-09 16:30", "2 working hours", "2026-10-10 09:30"),
        ("2026-10-09 10:00", "1 working day", "2026-10-10 17:30"),
        ("2026-10-09 23:59", "2 working days", "2026-10-12 17:30"),
        ("2026-11-21 10:00", "1 working day", "2026-11-23 17:30"),
        ("2026-11-23 00:00", "5 working days", "2026-11-30 17:30"),
        ("2026-11-01 09:00", "15 calendar days", "2026-11-17 00:00"),
        ("2026-11-01 23:59", "15 calendar days", "2026-11-17 00:00"),
        ("2026-12-25 09:00", "15 calendar days", "2027-01-10 00:00"),
    ],
)
def test_a_term_ends_when_the_regulation_says(start, term, expected):
    assert due(start, term) == expected


@pytest.mark.parametrize(
    ("term", "pauses", "expected"),
    [
        ("4 working hours", [("2026-11-23 10:00", "2026-11-23 11:00")], "2026-11-23 16:00"),
        ("4 working hours", [("2026-11-23 12:10", "2026-11-23 13:50")], "2026-11-23 15:00"),
        ("4 working hours", [("2026-11-23 15:00", "2026-11-23 16:00")], "2026-11-23 15:00"),
        ("4 working hours", [("2026-11-20 15:00", "2026-11-23 09:00")], "2026-11-23 15:00"),
        ("4 working hours", [("2026-11-20 15:00", "2026-11-23 10:00")], "2026-11-23 16:00"),
        ("4 working hours", [("2026-11-23 14:30", "2026-11-24 20:00")], "2026-11-25 09:00"),
        (
            "4 working hours",
            [("2026-11-23 10:30", "2026-11-23 11:30"), ("2026-11-23 10:00", "2026-11-23 11:00")],
            "2026-11-23 16:30",
        ),
        ("2 working days", [("2026-11-23 10:00", "2026-11-23 17:00")], "2026-11-25 17:30"),
        ("2 working days", [("2026-11-24 08:30", "2026-11-24 17:30")], "2026-11-26 17:30"),
        ("2 working days", [("2026-11-24 10:00", "2026-11-24 12:00")], "2026-11-26 10:30"),
        ("15 calendar days", [("2026-11-24 10:00", "2026-11-28 12:00")], "2026-12-09 00:00"),
    ],
)
def test_a_pause_takes_nothing_and_gives_nothing(term, pauses, expected):
    assert due("2026-11-23 09:00", term, *pauses) == expected


def test_a_pause_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="ends before it starts"):
        due("2026-11-23 09:00", "1 working day", ("2026-11-24 10:00", "2026-11-24 09:00"))


@given(MOMENTS, LENGTHS)
def test_the_time_up_to_a_sum_is_what_was_added(start, length):
    assert CALENDAR.working_time(start, CALENDAR.add_working(start, length)) == length


@given(MOMENTS, LENGTHS, LENGTHS)
def test_adding_twice_is_adding_the_sum(start, first, second):
    once = CALENDAR.add_working(CALENDAR.add_working(start, first), second)
    assert once == CALENDAR.add_working(start, first + second)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=20)), TERMS)
def test_who_starts_later_is_never_due_earlier(start, later, term):
    assert CALENDAR.add(start, term) <= CALENDAR.add(start + later, term)


@given(MOMENTS, TERMS)
def test_a_longer_term_is_never_due_earlier(start, term):
    assert start < CALENDAR.add(start, term) < CALENDAR.add(start, Term(term.amount + 1, term.unit))


@given(MOMENTS, MOMENTS, MOMENTS)
def test_measuring_is_additive_and_signed(a, b, c):
    assert CALENDAR.working_time(a, b) + CALENDAR.working_time(b, c) == CALENDAR.working_time(a, c)
    assert CALENDAR.working_time(a, b) == -CALENDAR.working_time(b, a)


@given(st.data(), MOMENTS, WORKING_TERMS)
def test_pauses_leave_the_counted_time_as_it_was(data, start, term):
    pauses = data.draw(pauses_near(start))
    begins, length = CALENDAR.clock(start, term)
    ends = CALENDAR.due_at(start, term, pauses)
    assert CALENDAR.working_time(begins, ends) - CALENDAR.paused_time(begins, ends, pauses) == length
    assert ends >= CALENDAR.add(start, term)


@given(st.data(), MOMENTS, WORKING_TERMS)
def test_an_explanation_adds_up_to_the_term(data, start, term):
    pauses = data.draw(pauses_near(start))
    told = explain(CALENDAR, start, term, pauses=pauses)
    _, length = CALENDAR.clock(start, term)
    assert sum((stretch.length for stretch in told.counted), timedelta(0)) == length
    assert told.counted[-1].to_at == told.due_at == CALENDAR.due_at(start, term, pauses)
    stops = [moment for stretch in told.counted for moment in (stretch.from_at, stretch.to_at)]
    assert stops == sorted(stops)
    assert all(stretch.day and stretch.day.is_workday for stretch in told.counted)


FIRST = date(2011, 1, 1)
LAST = date(2026, 12, 31)


def minute_table():
    """Build one byte per minute from 2011 to 2026 in China: 1 where the office is open."""
    closed = bytes(1440)
    opened = bytes(1 if 510 <= minute < 720 or 840 <= minute < 1050 else 0 for minute in range(1440))
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return b"".join(opened if chinese_calendar.is_workday(on) else closed for on in days)


def walk(table, start, minutes):
    """Step over open minutes one by one and return the minute at which so many are over."""
    position = start
    for _ in range(minutes):
        position = table.index(1, position) + 1
    return position


def random_case(chance):
    """Draw a start, a term and pauses, all on whole minutes since 2011."""
    start = chance.randrange((date(2026, 9, 1) - FIRST).days * 1440)
    unit, most = chance.choice([("working_minutes", 900), ("working_hours", 40), ("working_days", 6)])
    pauses = []
    for _ in range(chance.choice([0, 0, 1, 2, 3])):
        begins = max(0, start + chance.randrange(-2_000, 12_000))
        pauses.append((begins, begins + chance.randrange(6_000)))
    return start, Term(chance.randint(1, most), unit), pauses


def brute_force(table, start, term, pauses):
    """Find the minute a term ends by walking a copy of the table from which the pauses are blotted out."""
    if term.unit == "working_days":
        start += 1440 - start % 1440
    window = bytearray(table[start : start + 100 * 1440])
    for begins, ends in pauses:
        begins, ends = (min(max(edge - start, 0), len(window)) for edge in (begins, ends))  # noqa: PLW2901
        window[begins:ends] = bytes(ends - begins)
    each = {"working_minutes": 1, "working_hours": 60, "working_days": 420}[term.unit]
    return start + walk(window, 0, term.amount * each)


def test_2000_random_deadlines_equal_a_walk_over_a_table_of_minutes():
    table = minute_table()
    zero = midnight(FIRST)
    chance = random.Random(20261123)
    for case in (random_case(chance) for _ in range(2_000)):
        start, term, pauses = case
        moments = [(zero + a * MINUTE, zero + b * MINUTE) for a, b in pauses]
        found = CALENDAR.due_at(zero + start * MINUTE, term, moments)
        assert (found - zero) / MINUTE == brute_force(table, start, term, pauses), case


def test_2000_random_spans_equal_the_sum_over_a_table_of_minutes():
    table = minute_table()
    zero = midnight(FIRST)
    chance = random.Random(20261124)
    for _ in range(2_000):
        start = chance.randrange(len(table))
        end = min(start + chance.randrange(60 * 1440), len(table))
        measured = CALENDAR.working_time(zero + start * MINUTE, zero + end * MINUTE)
        assert measured == table.count(1, start, end) * MINUTE, (start, end)


def test_a_working_deadline_in_a_missing_year_is_refused():
    with pytest.raises(YearMissing) as refusal:
        due("2026-12-31 17:00", "1 working hour")
    assert refusal.value.year == 2027
    with pytest.raises(YearMissing):
        due("2027-01-04 09:00", "1 working minute")
    with pytest.raises(YearMissing):
        due("2026-12-31 09:00", "1 working day")


def test_the_last_minute_of_the_last_covered_day_is_still_answered():
    assert due("2026-12-31 17:00", "30 working minutes") == "2026-12-31 17:30"
    assert CALENDAR.remaining(at("2026-12-31 16:30"), at("2027-01-01 00:00")) == timedelta(hours=1)


def test_other_hours_are_counted_and_may_reach_midnight():
    hotline = Calendar(
        CALENDAR.first_year, CALENDAR.days, CALENDAR.origin, hours=WorkingHours.parse("00:00-24:00")
    )
    start = at("2026-11-27 12:00")
    assert local(hotline.add(start, Term(12, "working_hours"))) == local(at("2026-11-28 00:00"))
    assert local(hotline.add(start, Term(13, "working_hours"))) == local(at("2026-11-30 01:00"))
    assert hotline.hours.length == timedelta(hours=24)


def test_the_warning_comes_when_three_quarters_of_the_working_time_are_used():
    start, term = at("2026-11-23 08:30"), Term(8, "working_hours")
    assert local(CALENDAR.warn_at(start, CALENDAR.add(start, term))) == local(at("2026-11-23 16:30"))
    pauses = [(at("2026-11-23 09:00"), at("2026-11-23 10:00"))]
    paused_due = CALENDAR.due_at(start, term, pauses)
    warned = CALENDAR.warn_at(start, paused_due, pauses=pauses)
    assert local(warned) == local(at("2026-11-23 17:30"))
    assert CALENDAR.warn_at(start, paused_due, fraction=1, pauses=pauses) == paused_due


def test_remaining_turns_negative_after_the_deadline():
    ends = at("2026-11-27 17:30")
    assert CALENDAR.remaining(at("2026-11-27 12:30"), ends) == timedelta(hours=3, minutes=30)
    assert CALENDAR.remaining(at("2026-11-28 10:00"), ends) == timedelta(0)
    assert CALENDAR.remaining(at("2026-11-30 09:30"), ends) == timedelta(hours=-1)


def test_overlapping_pauses_are_joined_once():
    a, b, c, d = (at(f"2026-11-23 {hour}:00") for hour in ("09", "10", "11", "12"))
    assert merged([(b, d), (a, c)]) == [(a, d)]
    assert merged([(a, b), (c, d)]) == [(a, b), (c, d)]
