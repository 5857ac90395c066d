"""Values become points: by hand, and by the laws every rule keeps."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.assessment.scoring import full_mark, hundredths, scorer
from svcqa.rulebook.scheme import Scoring

LINEAR = Scoring.model_validate({"linear": {"floor": "50", "full": "95"}})
FALLING = Scoring.model_validate({"linear": {"floor": "8", "full": "1.5"}})
STEPS = Scoring.model_validate(
    {
        "steps": tuple(
            {"at_least": bound, "points": points}
            for bound, points in (("95", "100"), ("90", "80"), ("0", "10"))
        )
    }
)
SHORTER = Scoring.model_validate(
    {"steps": ({"at_most": "0", "points": "100"}, {"at_most": "4", "points": "62.5"})}
)
EVENTS = Scoring.model_validate({"per_event": "12.5"})
RULES = {"linear": LINEAR, "falling": FALLING, "steps": STEPS, "shorter": SHORTER, "events": EVENTS}


@pytest.mark.parametrize(
    ("rule", "value", "points"),
    [
        ("linear", "50", "0"),
        ("linear", "49.99", "0"),
        ("linear", "72.5", "50"),
        ("linear", "95", "100"),
        ("linear", "99", "100"),
        ("linear", "65", Fraction(100, 3)),
        ("falling", "8", "0"),
        ("falling", "9", "0"),
        ("falling", "4.75", "50"),
        ("falling", "1.5", "100"),
        ("falling", "0", "100"),
        ("steps", "95", "100"),
        ("steps", "94.9999", "80"),
        ("steps", "90", "80"),
        ("steps", "12", "10"),
        ("shorter", "0", "100"),
        ("shorter", "0.0001", "62.5"),
        ("shorter", "4", "62.5"),
        ("shorter", "4.0001", "0"),
        ("events", "0", "100"),
        ("events", "3", "62.5"),
        ("events", "8", "0"),
        ("events", "9", "0"),
    ],
)
def test_the_points_are_exactly_these(rule, value, points):
    exact = Fraction(Decimal(value))
    assert Fraction(*scorer(RULES[rule])(exact.numerator, exact.denominator)) == Fraction(points)


values = st.tuples(st.integers(0, 10**6), st.integers(1, 10**4))


@pytest.mark.parametrize("name", RULES)
@given(one=values, other=values)
def test_a_better_value_never_has_fewer_points(name, one, other):
    score = scorer(RULES[name])
    _, rising = full_mark(RULES[name])
    worse, better = sorted((Fraction(*one), Fraction(*other)), reverse=not rising)
    low, high = (Fraction(*score(each.numerator, each.denominator)) for each in (worse, better))
    assert 0 <= low <= high <= 100


@pytest.mark.parametrize("name", RULES)
def test_at_the_full_mark_and_not_before_it_there_are_a_hundred_points(name):
    mark, rising = full_mark(RULES[name])
    score = scorer(RULES[name])
    assert Fraction(*score(mark, 10_000)) == 100
    assert Fraction(*score(mark - 1 if rising else mark + 1, 10_000)) < 100


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_hundredths_are_rounded_half_up(numerator, denominator):
    found = hundredths(numerator, denominator)
    assert (
        Fraction(found) - Fraction(1, 2)
        <= 100 * Fraction(numerator, denominator)
        < Fraction(found) + Fraction(1, 2)
    )
