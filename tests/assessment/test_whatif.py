"""What would have reached the next grade: the smallest change of one indicator, scored again to prove it."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from svcqa.assessment.evaluation import evaluate
from svcqa.assessment.grading import grade_of
from svcqa.assessment.outcome import SubjectResult
from svcqa.assessment.whatif import Way, rescored, ways_up
from svcqa.rulebook.scheme import Scheme
from tests.assessment.snapshots import KEPT, RATING_FORM, REOPENED, frames, interactions, scheme, table

TWO = scheme({"kept": (60, KEPT), "reopened": (40, REOPENED)})
WIDE = scheme(
    {
        "kept": (30, KEPT),
        "slow": (30, "metric: mean_seconds, of: resolve, scoring: {linear: {floor: 10, full: 2}}"),
        "rated": (40, "metric: mean_rating, scoring: {linear: {floor: 1, full: 5}}"),
    },
    f"rating: {RATING_FORM}",
)


def result(rules: Scheme, *, hits: int, misses: int, again: int = 0, **others: pl.DataFrame) -> SubjectResult:
    rows = [
        *interactions("a", hits, met_target=True),
        *interactions("a", misses, met_target=False),
        *interactions("a", again, reopened=1),
    ]
    return evaluate(frames(*rows, people="a", **others), rules).lines[0]


def way(ways: tuple[Way, ...], name: str) -> Way:
    return next(each for each in ways if each.indicator == name)


def test_the_way_to_the_next_grade_is_the_first_row_that_reaches_it():
    found = result(TWO, hits=12, misses=8)
    assert (found.composite_hundredths, found.grade) == (7600, "B")
    (only,) = ways_up(found, TWO)
    assert (only.label, only.value, only.needed, only.shown, only.shown_needed) == (
        "kept",
        (12, 20),
        (14, 20),
        "60%",
        "70%",
    )
    assert (only.composite_hundredths, only.grade) == (8200, "A")


def test_an_indicator_that_alone_cannot_reach_it_offers_no_way():
    found = result(TWO, hits=2, misses=18, again=20)
    assert found.grade == "C"
    assert [each.indicator for each in ways_up(found, TWO)] == ["kept"], "never reopened would give 46"


def test_less_is_better_where_the_scheme_says_so():
    found = result(TWO, hits=20, misses=0, again=2)
    assert (found.grade, way(ways_up(found, TWO), "reopened").needed) == ("B", (1, 22))


def test_times_and_ratings_move_in_their_own_units():
    rows = interactions("a", 10, met_target=True, resolve_seconds=6 * 3600 + 1)
    given = [
        {"subject": "a", "rater": name, "direction": "peer", "item": "one", "value": 4} for name in "xyz"
    ]
    (found,) = evaluate(frames(*rows, ratings=table("ratings", *given)), WIDE).lines
    ways = ways_up(found, WIDE)
    assert [each.indicator for each in ways] == ["slow", "rated"]
    assert all(each.composite_hundredths == 8000 for each in ways)
    assert way(ways, "slow").shown_needed == "4.67 小时"
    assert way(ways, "rated").shown_needed == "4.5 分"


def test_a_shrunk_value_moves_only_by_what_is_its_own():
    rules = scheme({"kept": (100, KEPT)}, small=", minimum_sample: 20, small_sample: shrink")
    rows = [
        row for number, name in enumerate("abcdef") for row in interactions(name, 60, met_target=number < 3)
    ]
    rows += [*interactions("g", 4, met_target=True), *interactions("g", 9, met_target=False)]
    found = evaluate(frames(*rows, people="abcdefg"), rules).lines[-1]
    assert found.grade == "C"
    (only,) = ways_up(found, rules)
    assert only.needed[0] < only.needed[1]
    assert only.grade == "B"
    assert rescored(found, rules, "kept", (only.needed[0] - 1, 13)) < 6000


def test_the_best_and_the_vetoed_and_who_has_no_score_have_no_way_up():
    complaints = table("complaints", {"subject": "a", "class_id": "I", "points_hundredths": 100})
    vetoing = scheme(
        {"kept": (100, KEPT)}, "vetoes: [{label: 一类, article: 第 1 条, complaint_class: I, grade: C}]"
    )
    assert ways_up(result(TWO, hits=20, misses=0), TWO) == ()
    assert ways_up(result(vetoing, hits=20, misses=0, complaints=complaints), vetoing) == ()
    assert ways_up(result(TWO, hits=0, misses=0), TWO) == ()


@settings(max_examples=40)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 5))
def test_every_way_is_proved_and_one_step_less_would_not_do(hits, misses, again):
    found = result(TWO, hits=hits, misses=misses, again=again)
    for each in ways_up(found, TWO):
        total, parts = each.needed
        back = -1 if total > each.value[0] else 1
        assert rescored(found, TWO, each.indicator, each.needed) == each.composite_hundredths
        assert grade_of(each.composite_hundredths, TWO.grading) == each.grade < found.grade
        before = rescored(found, TWO, each.indicator, (total + back, parts))
        assert grade_of(before, TWO.grading) == found.grade


def test_scoring_the_stored_values_again_gives_the_stored_composite():
    found = result(TWO, hits=7, misses=6, again=1)
    for each in found.indicators:
        assert each.value is not None
        assert rescored(found, TWO, each.id, each.value) == found.composite_hundredths
