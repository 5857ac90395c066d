"""Ranks: equal scores share one, and overlapping intervals leave it open who is ahead."""

from hypothesis import given
from hypothesis import strategies as st

from svcqa.assessment.outcome import SubjectResult
from svcqa.assessment.ranking import places, tied_around

scores = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 30), st.integers(0, 30)).map(
        lambda each: (each[0], each[0] - each[1], each[0] + each[2])
    ),
    max_size=25,
)


def test_two_firsts_are_followed_by_the_third():
    exact = [(composite, composite, composite) for composite in (90, 95, 95, 80)]
    assert [place.rank for place in places(exact)] == [3, 1, 1, 4]


def test_exact_scores_leave_nothing_open_but_ties():
    exact = [(composite, composite, composite) for composite in (90, 95, 95, 80)]
    assert [(place.best, place.worst) for place in places(exact)] == [(3, 3), (1, 2), (1, 2), (4, 4)]


def test_somebody_is_ahead_only_with_the_whole_interval():
    found = places([(90, 85, 95), (84, 80, 88), (70, 65, 75)])
    assert [(place.rank, place.best, place.worst) for place in found] == [(1, 1, 2), (2, 1, 2), (3, 3, 3)]


@given(scores)
def test_ranks_agree_with_comparing_everybody_with_everybody(drawn):
    for (composite, low, high), place in zip(drawn, places(drawn), strict=True):
        assert place.rank == 1 + sum(other > composite for other, _, _ in drawn)
        assert place.best == 1 + sum(other > high for _, other, _ in drawn)
        assert place.worst == len(drawn) - sum(other < low for _, _, other in drawn)
        assert place.best <= place.rank <= place.worst


def result(best: int | None, worst: int | None) -> SubjectResult:
    return SubjectResult(
        subject=f"{best}-{worst}", unit="u", composite_hundredths=None, grade="", rank=best, rank_best=best,
        rank_worst=worst, interval_low_hundredths=None, interval_high_hundredths=None, provisional=False, indicators=(),
    )  # fmt: skip


def test_tied_around_a_line_are_those_who_may_be_on_either_side():
    results = [result(1, 2), result(2, 4), result(3, 3), result(3, 9), result(4, 5), result(None, None)]
    assert [each.subject for each in tied_around(results, 3)] == ["2-4", "3-9"]
