"""At the end of the last published year: nothing is guessed, intake goes on, only legal windows wait."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from svcqa.casework import forms
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.errors import Invalid
from svcqa.kernel.workdays import dates_of
from tests.casework.life import Life
from tests.casework.refusing import act_refused
from tests.conftest import opened
from tests.databases import copied


@pytest.fixture
def december(tmp_path: Path, ruled_database: Path) -> Iterator[Life]:
    """Return the life on Friday 2026-12-25, 09:30: four workdays are left of the last published year."""
    clock = FrozenClock(datetime(2026, 12, 25, 1, 30, tzinfo=UTC))
    with opened(copied(ruled_database, tmp_path / "december"), clock) as place:
        yield Life(place)


def loaded(life: Life) -> Life:
    """Return the same life with 2027 loaded: 1 January is free, all other weekdays are worked."""
    days = {on: on.isoweekday() < 6 and on != date(2027, 1, 1) for on in dates_of(2027)}
    calendar = life.place.calendar.with_year(2027, days, "a test's file")
    return Life(replace(life.place, calendar=calendar))


def missing(life: Life, number: str) -> tuple[object, ...]:
    row = life.case(number).row
    return row["state"], row["due_at"], row["due_missing_year"]


def test_a_deadline_beyond_the_calendar_is_not_computable_until_the_year_is_loaded(december):
    december.clock.at = datetime(2026, 12, 31, 7, 0, tzinfo=UTC)
    number = december.registered(channel="daily_inspection", email="")
    assert missing(december, number) == ("received", None, 2027)
    clock = december.deadline(number, "verify")
    assert (clock["due_at"], clock["missing_year"], clock["next_at"]) == (None, 2027, None)
    assert december.sweep().computed == 0
    after = loaded(december)
    assert after.sweep().computed == 1
    assert missing(after, number) == ("received", datetime(2027, 1, 5, 9, 0, tzinfo=UTC), None)
    assert after.deadline(number, "verify")["next_at"] is not None
    assert after.sweep().computed == 0
    after.demand_sound()


def test_what_was_left_of_a_returned_step_is_what_is_computed_after_loading(december):
    number = december.verified(finding="not_responsible", channel="daily_inspection", email="")
    december.clock.at = datetime(2026, 12, 31, 7, 0, tzinfo=UTC)  # 2.5 hours of work are left of the year
    december.act("liumin", number, forms.Return(text="请补充"))
    assert missing(december, number) == ("received", None, 2027)
    after = loaded(december)
    after.sweep()
    due = after.deadline(number, "verify")["due_at"]
    assert after.place.calendar.working_time(after.now, due) == timedelta(hours=16)


def test_alarms_after_the_last_published_day_come_when_the_year_is_loaded(december):
    number = december.registered(channel="daily_inspection", email="", occurred_at=december.now)
    december.clock.at = datetime(2026, 12, 29, 6, 0, tzinfo=UTC)
    december.verify(number, finding="not_responsible")  # due on 31 December, pushed up in January
    clock = december.deadline(number, "classify")
    assert (clock["due_at"].date(), clock["missing_year"]) == (date(2026, 12, 31), 2027)
    assert missing(december, number)[2] is None
    december.clock.at = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    mark = december.mark()
    assert december.sweep().alarms == 1
    assert december.mails_since(mark) == [("deadline_passed", "许文静"), ("calendar_year_missing", "罗文博")]
    assert december.sweep().alarms == 0
    after = loaded(december)
    after.clock.at = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
    mark = after.mark()
    done = after.sweep()
    assert (done.computed, done.alarms) == (1, 1)
    assert [slug for slug, _ in after.mails_since(mark)] == ["case_expedited"] * 5
    assert after.sweep().alarms == 0
    after.demand_sound()


def test_a_hearing_that_cannot_be_timed_makes_the_finding_wait(december):
    december.clock.at = datetime(2026, 12, 31, 1, 30, tzinfo=UTC)
    number = december.registered()
    form = forms.Verify(
        finding="responsible", text="属实", respondents=("10220",), no_evidence_reason="已过期"
    )
    assert "2027 年" in act_refused(december, "xuwenjing", number, form, Invalid)
    assert december.verify(number, finding="not_responsible").state == "verified"


def test_a_notice_waits_for_the_year_and_goes_when_it_is_loaded(december):
    number = december.classified()
    mark = december.mark()
    december.penalize(number, points="4", yuan="300")
    assert december.penalty(number)["letter_id"] is None
    assert december.mails_since(mark) == [("penalty_copy", "冯建军")]
    form = forms.Serve(penalty=december.penalty(number)["id"], how="paper")
    december.clock.advance(timedelta(days=3))
    assert "2027 年的工作日历尚未载入" in act_refused(december, "xuwenjing", number, form, Invalid)
    after = loaded(december)
    mark = after.mark()
    assert after.sweep().announced == 1
    assert after.mails_since(mark) == [("penalty_notice", "王建国")]
    assert after.penalty(number)["promised_until_at"] == datetime(2027, 1, 7, 9, 30, tzinfo=UTC)
    assert after.sweep().announced == 0
    after.demand_sound()


def test_mail_service_waits_for_the_year(december):
    number = december.penalized()
    after = loaded(december)
    after.sweep()
    after.deliver(number)
    december.clock.advance(timedelta(days=3))
    assert december.sweep().served == 0
    assert after.sweep().served == 1


def test_moves_that_start_no_window_go_on_in_an_unpublished_year(december):
    number = december.verified(finding="not_responsible")
    december.clock.at = datetime(2027, 1, 6, 2, 0, tzinfo=UTC)
    december.sweep()
    december.act("liumin", number, forms.Return(text="请补充"))
    december.verify(number, finding="not_responsible")
    december.reply(number)
    december.act("xuwenjing", number, forms.ProposeExoneration(text="没有条款适用"))
    assert december.act("liumin", number, forms.Exonerate(text="同意")).state == "closed"
    assert december.registered().startswith("TS-202701-")
    december.demand_sound()
