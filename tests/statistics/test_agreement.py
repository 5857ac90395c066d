"""Agreement of raters against the worked examples of the papers."""

import json

import pytest

from svcqa.statistics.agreement import intraclass, krippendorff

SHROUT_FLEISS_1979 = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
# Krippendorff 2011, section C: twelve units, what up to four observers gave.
KRIPPENDORFF_2011 = [
    (1, 1, 1), (2, 2, 3, 2), (3, 3, 3, 3), (3, 3, 3, 3), (2, 2, 2, 2), (1, 2, 3, 4),
    (4, 4, 4, 4), (1, 1, 2, 1), (2, 2, 2, 2), (5, 5, 5), (1, 1), (3,),
]  # fmt: skip


def test_all_six_coefficients_of_shrout_and_fleiss_1979_come_out():
    published = (0.17, 0.29, 0.71, 0.44, 0.62, 0.91)
    assert intraclass(SHROUT_FLEISS_1979) == pytest.approx(published, abs=0.006)


def test_another_library_agrees_on_the_six_to_the_last_digits(shared_data):
    file = shared_data / "known_answers" / "known_answers.json"
    known = json.loads(file.read_text("utf-8"))["icc_shrout_fleiss_1979"]
    found = intraclass(known["ratings_targets_by_judges"])
    assert found == pytest.approx(tuple(known["pingouin 0.6.1"].values()), abs=1e-12)


def test_judges_who_never_differ_agree_fully_and_equal_targets_leave_nothing_to_agree_on():
    assert intraclass([(1, 1), (2, 2), (5, 5)]) == pytest.approx((1,) * 6)
    assert intraclass([(3, 3), (3, 3)]) == (None,) * 6


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_krippendorff_2011_comes_out(level, published):
    assert krippendorff(KRIPPENDORFF_2011, level=level) == pytest.approx(published, abs=0.0005)


def test_another_library_agrees_on_alpha(shared_data):
    file = shared_data / "known_answers" / "known_answers.json"
    known = json.loads(file.read_text("utf-8"))["krippendorff_alpha"]
    units = [
        [value for value in unit if value is not None]
        for unit in zip(*known["observers_by_units(null=missing)"], strict=True)
    ]
    for level in ("nominal", "ordinal", "interval"):
        assert krippendorff(units, level=level) == pytest.approx(
            known["krippendorff 0.9.0"][level], abs=1e-12
        )


def test_alpha_of_values_that_never_vary_is_unknown():
    assert krippendorff([(4, 4), (4, 4, 4), (4,)], level="ordinal") is None
    assert krippendorff([], level="nominal") is None
