"""Grades by threshold, and the veto that caps them."""

import pytest

from svcqa.assessment.grading import capped, grade_of, veto_of
from svcqa.rulebook.scheme import Grading, Veto

GRADING = Grading.model_validate(
    {
        "article": "1",
        "coverage_percent": "50",
        "grades": tuple(
            {"id": name, "label": name, "at_least": bound}
            for name, bound in (("A", "85"), ("B", "59.5"), ("C", "0"))
        ),
    }
)
SERIOUS = Veto(label="一类", article="1", complaint_class="I", grade="C")
MILD = Veto(label="二类", article="1", complaint_class="II", grade="B")


@pytest.mark.parametrize(
    ("composite", "grade"), [(10_000, "A"), (8500, "A"), (8499, "B"), (5950, "B"), (5949, "C"), (0, "C")]
)
def test_a_threshold_belongs_to_the_better_grade(composite, grade):
    assert grade_of(composite, GRADING) == grade


def test_everybody_may_be_best():
    assert {grade_of(composite, GRADING) for composite in range(8500, 10_001)} == {"A"}


def test_a_veto_caps_the_grade_and_never_lifts_it():
    assert [capped(grade, MILD, GRADING) for grade in "ABC"] == ["B", "B", "C"]
    assert [capped(grade, None, GRADING) for grade in "ABC"] == ["A", "B", "C"]


def test_of_several_vetoes_the_gravest_counts():
    assert veto_of(["II", "I"], [MILD, SERIOUS], GRADING) is SERIOUS
    assert veto_of(["II", "III"], [SERIOUS, MILD], GRADING) is MILD
    assert veto_of(["III"], [SERIOUS, MILD], GRADING) is None
