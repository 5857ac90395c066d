"""Wilson's interval against published figures and its own laws."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.statistics.proportions import wilson

NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("hits", "trials", "low", "high"), NEWCOMBE)
def test_the_examples_of_newcombe_1998_table_one_come_out(hits, trials, low, high):
    assert wilson(hits, trials) == pytest.approx((low, high), abs=0.00005)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"), [(9, 10, 0.596, 0.982), (90, 100, 0.826, 0.945), (10, 10, 0.722, 1)]
)
def test_ninety_percent_of_ten_says_less_than_ninety_percent_of_a_hundred(hits, trials, low, high):
    assert wilson(hits, trials) == pytest.approx((low, high), abs=0.0005)


def test_another_library_agrees_to_the_last_digits(shared_data):
    file = shared_data / "known_answers" / "known_answers.json"
    for case in json.loads(file.read_text("utf-8"))["wilson_interval"]["cases"]:
        assert wilson(case["x"], case["n"]) == pytest.approx(tuple(case["statsmodels"]), abs=1e-12)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors_its_complement(case):
    hits, trials = case
    low, high = wilson(hits, trials)
    assert 0 <= low <= hits / trials + 1e-12
    assert hits / trials - 1e-12 <= high <= 1
    assert wilson(trials - hits, trials) == pytest.approx((1 - high, 1 - low), abs=1e-12)
