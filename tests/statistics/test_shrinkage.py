"""Small groups are drawn to the common mean, and only as far as their size says."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.statistics.shrinkage import between_variance, reliability


def test_the_variance_between_groups_is_that_of_the_one_way_layout():
    # Groups (1, 3), (5, 7), (9, 11): within 2, mean square between 32, so (32 - 2) / 2.
    assert between_variance([2, 6, 10], [2, 2, 2], 2) == pytest.approx(15)


def test_groups_that_differ_by_chance_only_have_no_variance_between():
    assert between_variance([5, 5, 5], [4, 9, 2], 3) == 0
    assert between_variance([5], [4], 3) == 0
    assert between_variance([], [], 0) == 0


def test_drawn_values_are_nearer_to_the_truth_than_raw_ones():
    random = Random(6)
    truth = [random.gauss(0.7, 0.08) for _ in range(400)]
    sizes = [random.randint(3, 12) for _ in truth]
    seen = [sum(random.random() < t for _ in range(n)) / n for t, n in zip(truth, sizes, strict=True)]
    common = sum(s * n for s, n in zip(seen, sizes, strict=True)) / sum(sizes)
    within = common * (1 - common)
    between = between_variance(seen, sizes, within)
    assert between == pytest.approx(0.08**2, rel=0.5)
    kept = [reliability(n, between=between, within=within) for n in sizes]
    drawn = [k * s + (1 - k) * common for k, s in zip(kept, seen, strict=True)]
    assert error(drawn, truth) < 0.4 * error(seen, truth)


def error(found: list[float], truth: list[float]) -> float:
    return sum((f - t) ** 2 for f, t in zip(found, truth, strict=True))


@given(st.integers(1, 1000), st.floats(0, 10), st.floats(0.01, 10))
def test_the_part_kept_grows_with_the_size_and_is_a_part(size, between, within):
    kept = reliability(size, between=between, within=within)
    assert 0 <= kept <= 1
    assert kept <= reliability(size + 1, between=between, within=within)
