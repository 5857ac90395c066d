"""What a deadline says about itself: intervals, skipped days, pauses, rule and calendar."""

from datetime import UTC, datetime, timedelta

from svcqa.kernel.calendar import SHANGHAI, Term, local, published_calendar
from svcqa.kernel.explanation import explain

CALENDAR = published_calendar()


def at(text):
    """Read a moment as clocks in China show it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def test_an_explanation_names_intervals_skipped_days_pauses_rule_and_version():
    pauses = [(at("2026-09-30 17:00"), at("2026-10-09 16:00"))]
    told = explain(CALENDAR, at("2026-09-30 16:00"), Term(6, "working_hours"), pauses=pauses)
    assert [(f"{local(c.from_at):%m-%d %H:%M}", c.minutes, c.label) for c in told.counted] == [
        ("09-30 16:00", 60, "工作日"),
        ("10-09 16:00", 90, "工作日"),
        ("10-10 08:30", 210, "调休上班（国庆节）"),
    ]
    assert [(s.on.day, s.reason) for s in told.skipped] == [
        *((day, "国庆节") for day in range(1, 8)),
        (8, "全天暂停"),
    ]
    assert [(p.from_at, p.to_at, p.working) for p in told.pauses] == [(*pauses[0], timedelta(hours=13))]
    assert (
        told.rule
        == "6 个工作小时：自起算时起只计工作日的工作时间（08:30-12:00, 14:00-17:30），暂停期间不计。"
    )
    assert told.calendar_version == CALENDAR.version


def test_the_minutes_of_a_term_that_began_between_two_minutes_add_up_to_it():
    began = at("2026-11-23 09:30") + timedelta(seconds=36)
    told = explain(CALENDAR, began, Term(16, "working_hours"))
    assert [c.minutes for c in told.counted] == [150, 210, 210, 210, 180]
    assert sum(c.minutes for c in told.counted) == 16 * 60


def test_an_explanation_of_working_days_leaves_out_the_day_it_began_and_the_weekend():
    told = explain(CALENDAR, at("2026-11-20 10:00"), Term(2, "working_days"))
    assert [(s.on.day, s.reason) for s in told.skipped] == [(20, "起算当日不计"), (21, "周末"), (22, "周末")]
    assert "第 2 个工作日 17:30 届满" in told.rule


def test_an_explanation_of_calendar_days_counts_holidays_and_unloaded_years():
    told = explain(
        CALENDAR,
        at("2026-12-30 10:00"),
        Term(3, "calendar_days"),
        pauses=[(at("2026-12-31 09:00"), at("2027-01-05 09:00"))],
    )
    assert [(local(c.from_at).day, c.minutes, c.label) for c in told.counted] == [
        (31, 1440, "工作日"),
        (1, 1440, ""),
        (2, 1440, ""),
    ]
    assert told.counted[-1].to_at == told.due_at
    assert [(s.on.day, s.reason) for s in told.skipped] == [(30, "起算当日不计")]
    assert told.pauses == ()
    assert "不因暂停顺延" in told.rule


def test_a_pause_on_the_day_a_term_of_working_days_began_takes_nothing_out():
    pauses = [(at("2026-11-23 10:00"), at("2026-11-23 17:00"))]
    told = explain(CALENDAR, at("2026-11-23 09:00"), Term(2, "working_days"), pauses=pauses)
    assert told.pauses == ()
    assert local(told.due_at) == local(at("2026-11-25 17:30"))
