"""Times, sums and names as pages write them."""

from datetime import UTC, datetime, timedelta

import pytest

from svcqa.web import views

NOW = datetime(2026, 11, 23, 7, 20, tzinfo=UTC)  # 15:20 in China


def test_times_are_written_as_clocks_in_china_show_them():
    evening = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert views.short_time(evening) == "11-24 01:30"
    assert views.full_time(evening) == "2026-11-24 01:30"
    assert views.legal_time(datetime(2026, 11, 30, 10, 0, tzinfo=UTC)) == "2026 年 11 月 30 日 18:00"


def test_the_end_of_a_day_is_written_with_that_day():
    assert views.legal_time(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == "2026 年 11 月 30 日 24:00"
    assert views.legal_time(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "2026 年 12 月 31 日 24:00"


@pytest.mark.parametrize("filter_", [views.short_time, views.full_time, views.legal_time])
def test_a_time_without_offset_is_refused(filter_):
    with pytest.raises(ValueError, match="offset"):
        filter_(datetime(2026, 11, 23, 7, 20))  # noqa: DTZ001 - the naive time is what is tested


@pytest.mark.parametrize(
    ("fen", "text"),
    [(8000, "80.00"), (0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89"), (-2000, "−20.00")],
)
def test_sums_have_two_decimals(fen, text):
    assert views.yuan(fen) == text


@pytest.mark.parametrize(
    ("hundredths", "text"),
    [(240, "2.4"), (200, "2.0"), (0, "0.0"), (9375, "93.75"), (5, "0.05"), (-60, "−0.6"), (-5, "−0.05")],
)
def test_points_have_one_decimal_and_two_where_needed(hundredths, text):
    assert views.points(hundredths) == text


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(0), "刚刚"),
        (timedelta(seconds=59), "刚刚"),
        (timedelta(seconds=-30), "刚刚"),
        (timedelta(minutes=18), "18 分钟前"),
        (timedelta(hours=3, minutes=59), "3 小时前"),
        (timedelta(hours=15, minutes=20), "15 小时前"),
        (timedelta(hours=15, minutes=21), "昨天"),
        (timedelta(hours=39, minutes=20), "昨天"),
        (timedelta(hours=39, minutes=21), "11-21"),
        (timedelta(days=365), "2025-11-23"),
        (timedelta(days=-1), "11-24 15:20"),
    ],
)
def test_ago_is_said_in_the_coarsest_words_that_help(before, text):
    assert views.ago(NOW - before, NOW) == text


def test_minutes_across_midnight_are_still_minutes():
    half_past_midnight = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert views.ago(half_past_midnight - timedelta(minutes=40), half_past_midnight) == "40 分钟前"


@pytest.mark.parametrize(
    ("phone", "text"),
    [
        ("13812342210", "138****2210"),
        ("+86 138-1234-2210", "861****2210"),
        ("010-12345678", "010****5678"),
        ("10050", "****50"),
        ("", ""),
    ],
)
def test_a_phone_keeps_only_its_ends(phone, text):
    assert views.masked_phone(phone) == text


@pytest.mark.parametrize(
    ("name", "title", "text"),
    [
        ("沈小娟", "女士", "沈女士"),
        ("沈强", "先生", "沈先生"),
        ("沈强", "", "沈**"),
        ("欧阳若兰", "女士", "欧阳女士"),
        ("欧", "", "欧**"),
        ("林女士", "", "林女士"),
        ("欧阳先生", "", "欧阳先生"),
        ("", "", "匿名"),
    ],
)
def test_a_name_keeps_only_the_surname(name, title, text):
    assert views.masked_name(name, title) == text


@pytest.mark.parametrize(
    ("size", "text"), [(10, "1 KB"), (212_400, "212 KB"), (999_999, "1000 KB"), (6_100_000, "6.1 MB")]
)
def test_a_file_has_a_size_people_can_compare(size, text):
    assert views.file_size(size) == text


def test_the_day_of_a_moment_is_the_day_in_china():
    assert views.long_day(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)) == "2026 年 11 月 24 日"


def test_templates_get_every_filter_under_its_name():
    assert set(views.FILTERS) == {
        "short_time",
        "full_time",
        "legal_time",
        "long_day",
        "yuan",
        "points",
        "ago",
        "masked_phone",
        "masked_name",
        "file_size",
    }
