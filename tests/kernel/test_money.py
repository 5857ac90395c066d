"""Sums and points: whole fen and hundredths, one rounding half up, numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel import money

CENTS = st.integers(-(10**11), 10**11)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-2.5", -3), ("0", 0), ("1e3", 1000)],
)
def test_halves_go_away_from_zero(value: str, rounded: int) -> None:
    assert money.round_half_up(Decimal(value)) == rounded


@given(CENTS)
def test_fen_and_hundredths_come_back_exactly(value: int) -> None:
    assert money.fen(Decimal(value) / 100) == value
    assert money.hundredths(money.points(value)) == value


@given(CENTS)
def test_what_is_shown_can_be_typed_back(value: int) -> None:
    assert money.fen(money.read_decimal(money.yuan_text(value))) == value


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_450, "1,234.50"), (-100_000_000, "-1,000,000.00")],
)
def test_sums_are_written_with_commas_and_two_places(fen: int, text: str) -> None:
    assert money.yuan_text(fen) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("300", "300"), (" 1,234.5 ", "1234.5"), ("１２．５", "12.5"), ("1，000", "1000"), ("-3", "-3")],
)
def test_numbers_are_read_as_people_type_them(text: str, value: str) -> None:
    assert money.read_decimal(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "NaN", "Infinity", "-inf", "三百", "1 2", "sNaN"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text[:1] or "^$"):
        money.read_decimal(text)
