"""How a result adds up on a page: to the hundredth, whatever was missing, taken off or added."""

from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from svcqa.assessment.composite import settle, weigh
from svcqa.assessment.outcome import ExtraResult, IndicatorResult, SubjectResult
from svcqa.reporting import strokes
from svcqa.rulebook import loading
from svcqa.rulebook.scheme import Scheme
from svcqa.web import composition

SCHEME = cast("Scheme", loading.parts(loading.read_folder(loading.SHIPPED / "telecom-service" / "v1")).scheme)
COUNT = len(SCHEME.indicators)
MARKS = st.lists(st.none() | st.integers(0, 10_000), min_size=COUNT, max_size=COUNT).filter(
    lambda marks: any(mark is not None for mark in marks)
)


def result(marks, *, deducted=0, added=0):
    """Return a result with these points per indicator, put together as an evaluation does it."""
    weights = [int(one.weight * 100) for one in SCHEME.indicators]
    whole = weigh(weights, [None if mark is None else (mark, 100) for mark in marks])
    assert whole is not None
    settled = settle(whole.hundredths, bonus=[added], deductions=[deducted])
    lines = zip(SCHEME.indicators, weights, marks, whole.shares, strict=True)
    return SubjectResult(
        subject="someone",
        unit="unit",
        composite_hundredths=settled.hundredths,
        grade="B",
        rank=1,
        rank_best=1,
        rank_worst=1,
        interval_low_hundredths=0,
        interval_high_hundredths=10_000,
        provisional=False,
        indicators=tuple(_line(*line) for line in lines),
        deductions=(ExtraResult("complaints", "投诉扣分", "第 4 条", 1, deducted, *settled.deductions),),
        bonus=(ExtraResult("review", "复核调整", "", 1, added, *settled.bonus),),
    )


def _line(indicator, weight, mark, contribution):
    return IndicatorResult(
        id=indicator.id,
        group=indicator.group,
        label=indicator.label,
        metric=indicator.metric,
        value=None if mark is None else (mark, 10_000),
        counted=None if mark is None else (mark, 10_000),
        trust=10_000,
        shown="无数据" if mark is None else f"{mark / 100:g}%",
        n=0 if mark is None else 40,
        target="不低于 95%",
        provisional=False,
        points_hundredths=mark,
        weight_hundredths=weight,
        contribution_hundredths=contribution,
    )


@given(
    MARKS.filter(lambda marks: any(mark is not None for mark in marks)),
    st.integers(0, 500),
    st.integers(0, 500),
)
def test_the_waterfall_falls_from_full_marks_to_the_composite(marks, deducted, added):
    found = result(marks, deducted=deducted, added=added)
    first, *changes, last = composition.falls(found, SCHEME)
    assert (first.hundredths, first.kind, last.kind) == (10_000, "level", "level")
    assert first.hundredths + sum(one.hundredths for one in changes) == last.hundredths
    assert last.hundredths == found.composite_hundredths


@given(MARKS)
def test_what_indicators_could_have_given_is_a_hundred_points_and_nobody_gave_more(marks):
    found = result(marks)
    could = composition.shares(found.indicators)
    assert sum(could.values()) == 10_000
    assert all(one.contribution_hundredths <= could[one.id] for one in found.indicators)
    full = [one for one in found.indicators if one.points_hundredths == 10_000]
    assert all(one.contribution_hundredths == could[one.id] for one in full)


@given(st.lists(st.none() | st.sampled_from([10_000, 9_999, 7_350]), min_size=COUNT, max_size=COUNT))
def test_no_quality_gains_over_full_marks_and_one_at_full_marks_loses_nothing(marks):
    if all(mark is None for mark in marks):
        return
    found = result(marks)
    _, *changes, _ = composition.falls(found, SCHEME)
    assert all(one.hundredths <= 0 for one in changes)
    for one in composition.parts(found, SCHEME):
        if one.points == "100.0":
            assert f"{float(one.weight):.2f}" == one.contribution


def test_an_indicator_without_data_could_not_have_given_anything():
    found = result([None, *[5_000] * (COUNT - 1)])
    assert composition.shares(found.indicators)[SCHEME.indicators[0].id] == 0
    first = composition.parts(found, SCHEME)[0]
    assert (first.points, first.bar, first.shown) == (None, "", "无数据")


def test_nothing_at_all_has_no_share():
    assert composition.shares(()) == {}


def test_figures_that_add_up_have_two_decimals():
    assert strokes.exact(8_500) == "85.00"
    assert strokes.exact(-305) == "\N{MINUS SIGN}3.05"
    taken = composition.extras(result([9_000] * COUNT, deducted=305))[0]
    assert taken == ("投诉扣分", "\N{MINUS SIGN}3.05", "第 4 条，1 件")
