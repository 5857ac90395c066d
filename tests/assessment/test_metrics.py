"""Every metric by hand: what it counts, over how many rows, and what it leaves out."""

from typing import Any

import pytest

from svcqa.assessment.frames import TABLES
from svcqa.assessment.measuring import Figure, measure
from svcqa.assessment.metrics import REGISTRY, Source
from svcqa.statistics.means import nearest_rank
from tests.assessment.snapshots import RATING_FORM, frames, interactions, scheme, shipped, table

HOUR = 3600
BY_BAND = "targets: [{band: office, hours: 1}, {band: night, hours: 8}]"
BY_URGENCY = "targets: [{urgency: 1, hours: 1}, {urgency: 2, band: night, hours: 4}, {hours: 10}]"
LINEAR = "scoring: {linear: {floor: 0, full: 1}}"


def figure(words: str, *rows, rest: str = "", **tables) -> Figure | None:
    """Measure one metric for person a of unit u."""
    rules = scheme({"x": (100, f"{words}, {LINEAR}")}, rest)
    inputs = frames(*rows, **tables)
    [[found]] = measure(inputs, rules.indicators, subjects=inputs.subjects.collect(), rating=rules.rating)
    return found


def value(found: Figure | None) -> Any:
    assert found is not None
    return found.total / found.parts, found.n


def test_within_target_by_band_counts_rows_with_a_time_and_a_target():
    rows = [
        *interactions("a", 3, response_seconds=HOUR),
        *interactions("a", 2, response_seconds=HOUR + 1),
        *interactions("a", 1, response_seconds=8 * HOUR, band="night"),
        *interactions("a", 4, band="office"),
        *interactions("a", 5, response_seconds=1, band="holiday"),
    ]
    found = figure(f"metric: within_target_share, of: response, {BY_BAND}", *rows)
    assert found is not None
    assert found[:3] == (4, 6, 6)


def test_the_first_target_that_fits_counts():
    rows = [
        *interactions("a", resolve_seconds=2 * HOUR, urgency=1),
        *interactions("a", resolve_seconds=2 * HOUR, urgency=2, band="night"),
        *interactions("a", resolve_seconds=5 * HOUR, urgency=2, band="night"),
        *interactions("a", resolve_seconds=5 * HOUR, urgency=2),
        *interactions("a", resolve_seconds=5 * HOUR),
    ]
    found = figure(f"metric: within_target_share, of: resolve, {BY_URGENCY}", *rows)
    assert found is not None
    assert found[:3] == (3, 5, 5)


@pytest.mark.parametrize(
    ("metric", "column"), [("target_met_share", "met_target"), ("answered_share", "answered")]
)
def test_a_share_of_a_flag_leaves_out_what_is_unknown(metric, column):
    rows = [row | {column: flag} for flag in (True, True, False, None) for row in interactions("a")]
    assert value(figure(f"metric: {metric}", *rows)) == (pytest.approx(2 / 3), 3)


def test_the_reopen_rate_counts_interactions_not_reopenings():
    rows = [*interactions("a", 3), *interactions("a", 1, reopened=4)]
    assert value(figure("metric: reopen_rate", *rows)) == (0.25, 4)


def test_mean_times_are_in_hours_and_keep_their_seconds():
    rows = [
        *interactions("a", response_seconds=HOUR),
        *interactions("a", response_seconds=2 * HOUR),
        *interactions("a"),
    ]
    found = figure("metric: mean_seconds, of: response", *rows)
    assert found is not None
    assert found[:3] == (3 * HOUR, 2 * HOUR, 2)
    assert (found.low, found.high) == (1_500_000 - 6_353_000, 1_500_000 + 6_353_000), (
        "t of one degree is 12.706"
    )


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 19, 20, 30, 70, 101, 110])
def test_p90_is_the_nearest_rank(count):
    rows = [row for number in range(count) for row in interactions("a", resolve_seconds=number * 977 % 1000)]
    expected = nearest_rank([row["resolve_seconds"] for row in rows], 90)
    found = figure("metric: p90_seconds, of: resolve", *rows)
    assert found is not None
    assert found[:3] == (expected, HOUR, count)


def test_count_is_the_number_of_interactions():
    assert value(figure("metric: count", *interactions("a", 7))) == (7, 7)


@pytest.mark.parametrize("source", ["surveys", "interactions"])
def test_the_top_two_boxes_are_four_and_five(source):
    answers = [row for given in (5, 4, 3, 1, None) for row in interactions("a", satisfaction=given)]
    surveys = table("surveys", *({"subject": "a", "satisfaction": given} for given in (5, 4, 3, 1)))
    found = figure(f"metric: top_two_share, of: {source}", *answers, surveys=surveys)
    assert value(found) == (0.5, 4)
    assert value(figure(f"metric: mean_satisfaction, of: {source}", *answers, surveys=surveys)) == (3.25, 4)


def test_exams_count_by_their_full_marks():
    exams = table(
        "exams",
        {"subject": "a", "points_hundredths": 4000, "full_hundredths": 5000},
        {"subject": "a", "points_hundredths": 5000, "full_hundredths": 10000},
    )
    assert value(figure("metric: exam_mean", exams=exams)) == (0.6, 2)


def test_an_outage_counts_for_everybody_of_its_unit_and_none_is_zero():
    outages = table(
        "outages",
        {"unit": "u", "seconds": HOUR},
        {"unit": "u", "seconds": HOUR // 2},
        {"unit": "v", "seconds": 9},
    )
    assert value(figure("metric: outage_seconds", outages=outages)) == (1.5, 2)
    assert figure("metric: outage_seconds") == Figure(0, 1, 0)


def test_complaints_count_and_cost_points_and_none_is_zero():
    complaints = table(
        "complaints",
        {"subject": "a", "class_id": "II", "points_hundredths": 350},
        {"subject": "a", "class_id": "III", "points_hundredths": 200},
    )
    assert value(figure("metric: complaint_count", complaints=complaints)) == (2, 2)
    assert value(figure("metric: complaint_points", complaints=complaints)) == (5.5, 2)
    assert figure("metric: complaint_points") == Figure(0, 1, 0)


def ratings(**given: list[int]):
    rows = [
        {
            "subject": "a",
            "rater": f"{direction} {number}",
            "direction": direction,
            "item": "one",
            "value": points,
        }
        for direction, values in given.items()
        for number, points in enumerate(values)
    ]
    return figure("metric: mean_rating", rest=f"rating: {RATING_FORM}", ratings=table("ratings", *rows))


def test_ratings_weigh_the_perspectives_not_the_raters():
    assert value(ratings(superior=[5], peer=[2, 3, 4])) == (pytest.approx(0.6 * 5 + 0.4 * 3), 4)


def test_a_perspective_with_too_few_raters_or_none_drops_out():
    assert value(ratings(superior=[4], peer=[1, 1])) == (4, 1)
    assert value(ratings(peer=[2, 3, 4])) == (3, 3)
    assert ratings(peer=[2, 3]) is None
    assert ratings() is None


def test_without_a_rating_form_nobody_is_rated():
    given = table(
        "ratings", {"subject": "a", "rater": "r", "direction": "superior", "item": "one", "value": 3}
    )
    assert figure("metric: mean_rating", ratings=given) is None


@pytest.mark.parametrize(
    "words",
    [
        f"metric: within_target_share, of: resolve, {BY_URGENCY}",
        "metric: target_met_share",
        "metric: reopen_rate",
        "metric: mean_seconds, of: resolve",
        "metric: p90_seconds, of: response",
        "metric: count",
        "metric: top_two_share, of: surveys",
        "metric: exam_mean",
    ],
)
def test_without_rows_of_that_kind_a_metric_does_not_apply(words):
    others = interactions("b", 3, resolve_seconds=1, met_target=True)
    assert figure(words, *others) is None


def test_a_metric_reads_only_columns_of_its_table():
    sources: list[Source] = [*shipped().indicators, *shipped().deductions]
    for source in sources:
        metric = REGISTRY[source.metric]
        assert metric.columns(source) <= set(TABLES[metric.reads(source)])


def test_all_metrics_of_a_table_are_taken_in_one_pass_and_kept_apart():
    inputs = frames(
        *interactions("a", 3, met_target=True, reopened=1),
        *interactions("a", 1, met_target=False),
        people="ab",
    )
    rules = scheme(
        {"kept": (50, f"metric: target_met_share, {LINEAR}"), "again": (50, f"metric: reopen_rate, {LINEAR}")}
    )
    kept, again = measure(inputs, rules.indicators, subjects=inputs.subjects.collect(), rating=None)
    assert [each and each[:3] for each in kept] == [(3, 4, 4), None]
    assert [each and each[:3] for each in again] == [(3, 4, 4), None]
