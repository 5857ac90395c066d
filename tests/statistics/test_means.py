"""Intervals of means, and the quantile that is always one of the values."""

from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.statistics.means import half_width, nearest_rank, t_quantile


def test_the_table_of_t_goes_over_into_its_expansion_without_a_step():
    assert [t_quantile(freedom) for freedom in (1, 9, 30)] == [12.706, 2.262, 2.042]
    # Fisher and Yates go on with 40, 60 and 120 degrees.
    for freedom, published in ((40, 2.021), (60, 2.000), (120, 1.980)):
        assert t_quantile(freedom) == pytest.approx(published, abs=0.002)


def test_the_half_width_is_that_of_the_text_book():
    values = [4, 5, 3, 4, 4, 2, 5, 4, 3, 4]
    expected = 2.262 * stdev(values) / len(values) ** 0.5
    assert half_width(sum(values), sum(v * v for v in values), len(values)) == pytest.approx(expected)


def test_one_value_says_nothing_of_its_spread():
    assert half_width(7, 49, 1) is None


def test_the_ninetieth_percentile_of_ten_is_the_ninth():
    assert nearest_rank(list(range(1, 11)), 90) == 9
    assert nearest_rank([5], 90) == 5
    assert nearest_rank([15, 20, 35, 40, 50], 30) == 20


@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(1, 100))
def test_at_least_so_many_percent_lie_at_or_below_the_quantile(values, percent):
    found = nearest_rank(values, percent)
    assert found in values
    assert 100 * sum(value <= found for value in values) >= percent * len(values)
    assert 100 * sum(value < found for value in values) < percent * len(values)
