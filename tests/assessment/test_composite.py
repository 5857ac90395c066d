"""One composite of several points: weighted, rounded once, split without a rest, cut where there is no room."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from svcqa.assessment.composite import half_widths, settle, weigh
from svcqa.assessment.scoring import hundredths

points = st.integers(1, 10**6).flatmap(lambda below: st.tuples(st.integers(0, 100 * below), st.just(below)))
lines = st.lists(st.tuples(st.integers(1, 10_000), st.none() | points), min_size=1, max_size=9)


def test_two_indicators_by_hand():
    found = weigh([6000, 4000], [(90, 1), (50, 1)])
    assert found is not None
    assert (found.hundredths, found.shares) == (7400, (5400, 2000))


def test_what_does_not_apply_is_spread_over_the_rest_and_never_counts_as_zero():
    assert weigh([3000, 5000, 2000], [(80, 1), None, (80, 1)]) == (8000, (4800, 0, 3200))


def test_nothing_that_applies_gives_no_composite():
    assert weigh([5000, 5000], [None, None]) is None


def test_a_half_is_rounded_up_once_at_the_end():
    # Half of 0.01 and half of 0.02 are a hundredth and a half; rounded one by one they would make two or one.
    assert weigh([1, 1], [(1, 100), (2, 100)]) == (2, (1, 1))
    assert weigh([1, 1], [(1, 100), (1, 1000)]) == (1, (1, 0))


def test_the_last_hundredth_goes_to_the_largest_remainder_and_on_a_tie_to_the_earlier():
    assert weigh([1, 1, 1], [(100, 1)] * 3) == (10_000, (3334, 3333, 3333))
    assert weigh([1, 2], [(50, 1), (50, 1)]) == (5000, (1667, 3333))


@given(lines)
def test_the_shares_add_up_to_the_exact_mean_rounded_half_up(drawn):
    weights, given_points = [weight for weight, _ in drawn], [each for _, each in drawn]
    found = weigh(weights, given_points)
    applying = [(weight, Fraction(*each)) for weight, each in drawn if each is not None]
    if not applying:
        assert found is None
        return
    assert found is not None
    exact = sum((weight * each for weight, each in applying), Fraction()) / sum(
        weight for weight, _ in applying
    )
    assert found.hundredths == hundredths(exact.numerator, exact.denominator)
    assert sum(found.shares) == found.hundredths
    assert all(share == 0 for share, each in zip(found.shares, given_points, strict=True) if each is None)


@given(lines, st.data())
def test_more_points_for_one_never_lower_the_composite(drawn, data):
    weights, before = [weight for weight, _ in drawn], [each for _, each in drawn]
    number = data.draw(st.integers(0, len(drawn) - 1))
    if before[number] is None:
        return
    more = data.draw(points.filter(lambda each: Fraction(*each) >= Fraction(*before[number])))
    after = [*before[:number], more, *before[number + 1 :]]
    one, other = weigh(weights, before), weigh(weights, after)
    assert one is not None
    assert other is not None
    assert other.hundredths >= one.hundredths


def test_intervals_are_pooled_by_the_root_of_squares():
    assert half_widths([5000, 5000], [(0, 0), (10, 20)]) == (500, 1000)
    assert half_widths([5000, 5000], [(10, 20), (10, 20)]) == (707, 1414)
    assert half_widths([5000, 5000], [None, (10, 20)]) == (1000, 2000)


def test_bonuses_stop_at_a_hundred_and_deductions_at_zero():
    assert settle(9900, bonus=[50, 80], deductions=[]) == (10_000, (50, 50), ())
    assert settle(700, bonus=[100], deductions=[500, 500, 1]) == (0, (100,), (500, 300, 0))
    assert settle(8000, bonus=[], deductions=[250]) == (7750, (), (250,))
