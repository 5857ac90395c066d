"""Hours, terms and spans as people write and read them."""

from datetime import timedelta

import pytest

from svcqa.kernel.calendar import Term, WorkingHours, describe

DAY = timedelta(hours=7)


@pytest.mark.parametrize(
    "text", ["", "8-12", "12:00-08:30", "08:30-12:00, 11:00-17:30", "22:00-24:01", "08:60-09:00"]
)
def test_hours_that_make_no_sense_are_refused_with_the_remedy(text):
    with pytest.raises(ValueError, match=r"工作时段.*请"):
        WorkingHours.parse(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("16 working hours", "16 个工作小时"),
        ("1 working day", "1 个工作日"),
        ("15 calendar_days", "15 个自然日"),
        ("90 working_minutes", "90 个工作分钟"),
    ],
)
def test_a_term_is_read_and_said(text, label):
    term = Term.parse(text)
    assert term.label == label
    assert Term.parse(str(term)) == term


@pytest.mark.parametrize(
    "text", ["", "0 working days", "-1 working days", "2 days", "2 calendar hours", "二 working days"]
)
def test_a_term_that_makes_no_sense_is_refused_with_the_remedy(text):
    with pytest.raises(ValueError, match="无法识别。请"):
        Term.parse(text)


def test_a_term_of_nothing_cannot_be_built():
    with pytest.raises(ValueError, match="不小于 1"):
        Term(0, "working_days")


@pytest.mark.parametrize(
    ("hours", "minutes", "said"),
    [
        (5, 0, "剩余 5 小时"),
        (5, 59, "剩余 5 小时"),
        (2, 59, "剩余 2 小时 59 分钟"),
        (2, 0, "剩余 2 小时"),
        (0, 45, "剩余 45 分钟"),
        (7, 0, "剩余 1 天"),
        (10, 30, "剩余 1 天 3 小时"),
        (14, 30, "剩余 2 天"),
        (0, 0, "时限已到"),
        (0, 0.5, "剩余不足 1 分钟"),
        (0, -0.5, "超期不足 1 分钟"),
        (-10, 0, "超期 1 天 3 小时"),
        (-2, -10, "超期 2 小时 10 分钟"),
    ],
)
def test_what_is_left_is_said_in_two_units_at_most(hours, minutes, said):
    assert describe(timedelta(hours=hours, minutes=minutes), day=DAY) == said
