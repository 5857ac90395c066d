"""A schedule opens the period just over, on a working day, once per unit."""

from datetime import date

import pytest

from svcqa.assessment import scheduled
from svcqa.assessment.scheduled import Opened, past_period
from svcqa.kernel.errors import Invalid
from tests.assessment.month import SCHEME


@pytest.mark.parametrize(
    ("cadence", "today", "begins"),
    [
        ("daily", date(2026, 3, 1), date(2026, 2, 28)),
        ("monthly", date(2026, 11, 1), date(2026, 10, 1)),
        ("monthly", date(2026, 1, 31), date(2025, 12, 1)),
        ("quarterly", date(2026, 10, 9), date(2026, 7, 1)),
        ("quarterly", date(2026, 2, 1), date(2025, 10, 1)),
        ("half_yearly", date(2026, 7, 1), date(2026, 1, 1)),
        ("half_yearly", date(2026, 1, 4), date(2025, 7, 1)),
        ("yearly", date(2026, 1, 4), date(2025, 1, 1)),
    ],
)
def test_the_period_that_was_over_last(cadence, today, begins):
    assert past_period(cadence, today) == begins


def test_an_unknown_cadence_is_refused():
    with pytest.raises(Invalid, match="weekly"):
        past_period("weekly", date(2026, 1, 1))


def opens(month, *codes):
    return month.act(
        "liumin", lambda tx: scheduled.open_past(tx, SCHEME, cadence="monthly", unit_codes=codes)
    )


def test_what_is_open_already_is_left_as_it_is(month):
    assert opens(month, "cd", "cx") == Opened(new=1, before=1)
    assert opens(month, "cd", "cx") == Opened(new=0, before=2)
    assert month.cycle.stage == "planning"


def test_on_a_day_off_nothing_is_opened(month):
    month.later(days=-1)
    assert opens(month, "cx") == Opened(holiday=True)


def test_an_unknown_unit_opens_nothing(month):
    with pytest.raises(Invalid, match="xx"):
        opens(month, "cx", "xx")
    month.later(minutes=1)
    assert opens(month, "cx") == Opened(new=1, before=0)
