"""How times are written, and what rendering refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from jinja2 import UndefinedError

from notifications import notices, rendering
from notifications.rendering import english_time, legal_time, long_date, long_day, short_day, short_time

EVENING = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


def test_times_are_written_in_local_time():
    assert legal_time(EVENING) == "2026 年 11 月 30 日 18:00"
    assert short_time(EVENING) == "11 月 30 日 18:00"
    assert english_time(EVENING) == "30 Nov 2026, 18:00 (UTC+8)"
    assert long_date(date(2026, 1, 5)) == "2026 年 1 月 5 日"


def test_midnight_is_the_end_of_the_day_before():
    assert legal_time(MIDNIGHT) == "2026 年 12 月 31 日 24:00"
    assert long_day(MIDNIGHT) == "2026 年 12 月 31 日"
    assert short_day(MIDNIGHT) == "12 月 31 日"
    assert english_time(MIDNIGHT) == "31 Dec 2026, 24:00 (UTC+8)"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        legal_time(datetime(2026, 11, 30, 18, 0))  # noqa: DTZ001 - the very thing that must not pass


def test_a_subject_of_two_lines_is_refused():
    broken = replace(notices.CaseAssigned.sample(), step="核实\r\nBcc: eve@evil.example")
    with pytest.raises(ValueError, match="not one printable line"):
        rendering.render(broken)


def test_a_template_that_names_what_the_notice_does_not_carry_fails():
    with pytest.raises(UndefinedError):
        rendering._fill("penalty_notice/body.txt", {"label": "考核处理通知"})


def test_the_same_notice_renders_to_the_same_words():
    assert rendering.render(notices.PenaltyNotice.sample()) == rendering.render(
        notices.PenaltyNotice.sample()
    )
