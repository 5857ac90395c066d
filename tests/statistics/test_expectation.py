"""What would have been: values and intervals worked out by hand."""

from math import isclose, sqrt

from svcqa.statistics.expectation import by_own_trend, by_same_change, by_same_start
from svcqa.statistics.means import t_quantile


def test_the_same_change_is_the_mean_change_with_its_scatter():
    found = by_same_change([10, 20, 30, 40], [11, 23, 33, 41], start=50)  # changes 1, 3, 3, 1
    assert found.value == 52
    assert isclose(found.half_width, t_quantile(3) * sqrt(4 / 3 * 5 / 4))


def test_the_same_start_follows_the_line_of_after_on_before():
    found = by_same_start([10, 20, 30, 40, 50], [20, 25, 30, 35, 40], start=0)
    assert found.value == 15
    assert isclose(found.half_width, 0, abs_tol=1e-9)


def test_a_start_far_from_all_others_widens_the_interval():
    before, after = [10, 20, 30, 40, 50], [21, 24, 31, 34, 40]
    near, far = by_same_start(before, after, start=30), by_same_start(before, after, start=0)
    assert far.half_width > near.half_width


def test_equal_starts_leave_the_mean_change():
    assert by_same_start([10] * 5, [12, 13, 11, 12, 12], start=9).value == 11


def test_the_own_trend_goes_on_in_a_straight_line():
    assert by_own_trend([10, 12, 14, 16, 18]).value == 20
