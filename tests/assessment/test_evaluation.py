"""From frozen inputs to results: by hand, by law, and the same on every run."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcqa.assessment.evaluation import ENGINE, Evaluation, evaluate
from svcqa.assessment.frames import Frames, to_parquet
from svcqa.assessment.outcome import SubjectResult
from tests.assessment.snapshots import (
    KEPT,
    REOPENED,
    frames,
    indicator,
    interactions,
    line,
    scheme,
    shipped,
    table,
)

TWO = {"kept": (60, KEPT), "reopened": (40, REOPENED)}
COMPLAINTS = """
deductions: [{id: complaints, label: 投诉, article: 第 1 条, metric: complaint_points, each: 1.5, cap: 10}]
bonuses: [{id: many, label: 多劳, article: 第 1 条, metric: count, each: 0.05, cap: 3}]
vetoes: [{label: 一类, article: 第 1 条, complaint_class: I, grade: C}]
"""


def kept(subject: str, hits: int, misses: int) -> list[dict[str, object]]:
    return [*interactions(subject, hits, met_target=True), *interactions(subject, misses, met_target=False)]


def composites(evaluation: Evaluation) -> dict[str, int | None]:
    return {each.subject: each.composite_hundredths for each in evaluation.lines}


def test_a_small_team_by_hand():
    rows = [
        *kept("a", 9, 1),
        *kept("b", 18, 2),
        *kept("c", 7, 3),
        *interactions("c", 10, met_target=True, reopened=1),
    ]
    results = evaluate(frames(*rows, people="abc"), scheme(TWO)).lines
    # a and b: 0.6 x 90 + 0.4 x 100. c: 17 of 20 kept and 10 of 20 reopened: 0.6 x 85 + 0.
    assert [(r.composite_hundredths, r.grade, r.rank) for r in results] == [
        (9400, "A", 1),
        (9400, "A", 1),
        (5100, "C", 3),
    ]
    assert [each.contribution_hundredths for each in line(results, "a").indicators] == [5400, 4000]
    found = indicator(line(results, "c"), "kept")
    assert (found.value, found.n, found.shown, found.points_hundredths) == ((17, 20), 20, "85%", 8500)
    assert (found.target, found.weight_hundredths, found.provisional) == ("不低于 100%", 6000, False)


def test_ten_answers_leave_more_open_than_a_hundred():
    results = evaluate(
        frames(*kept("a", 9, 1), *kept("b", 90, 10), people="ab"), scheme({"kept": (100, KEPT)})
    ).lines
    assert [(r.interval_low_hundredths, r.interval_high_hundredths) for r in results] == [
        (5958, 9821),
        (8256, 9448),
    ]
    assert [(r.rank, r.rank_best, r.rank_worst) for r in results] == [(1, 1, 2), (1, 1, 2)]


def test_an_indicator_without_data_drops_out_and_is_said_to():
    rules = scheme(
        {
            **TWO,
            "reopened": (30, REOPENED),
            "exam": (10, "metric: exam_mean, scoring: {linear: {floor: 0, full: 100}}"),
        }
    )
    (result,) = evaluate(frames(*kept("a", 8, 2)), rules).lines
    assert result.composite_hundredths == round(100 * (60 * 80 + 30 * 100) / 90)
    missing = indicator(result, "exam")
    assert (missing.value, missing.shown, missing.points_hundredths) == (None, "无数据", None)
    assert missing.contribution_hundredths == 0


def test_who_has_no_data_at_all_has_no_score_no_grade_and_no_rank():
    results = evaluate(frames(*kept("a", 1, 1), people="ab"), scheme(TWO)).lines
    nobody = line(results, "b")
    assert (nobody.composite_hundredths, nobody.grade, nobody.rank, nobody.provisional) == (
        None,
        "",
        None,
        True,
    )
    assert line(results, "a").rank_worst == 1


def test_a_score_on_less_than_half_of_the_weight_is_provisional():
    rules = scheme(
        {"kept": (49, KEPT), "exam": (51, "metric: exam_mean, scoring: {linear: {floor: 0, full: 100}}")}
    )
    (result,) = evaluate(frames(*kept("a", 30, 0)), rules).lines
    assert (result.provisional, indicator(result, "kept").provisional) == (True, False)


def test_a_small_sample_is_marked_and_only_shrunk_if_the_scheme_says_so():
    rows = [row for name in "abcdefgh" for row in kept(name, 60 - 5 * "abcdefgh".index(name), 40)] + kept(
        "i", 2, 0
    )
    inputs = frames(*rows, people="abcdefghi")
    marked = evaluate(inputs, scheme({"kept": (100, KEPT)}, small=", minimum_sample: 20"))
    shrunk = evaluate(
        inputs, scheme({"kept": (100, KEPT)}, small=", minimum_sample: 20, small_sample: shrink")
    )
    assert line(marked.lines, "i").provisional
    assert line(marked.lines, "i").composite_hundredths == 10_000
    drawn = indicator(line(shrunk.lines, "i"), "kept")
    assert drawn.value == (2, 2)
    assert drawn.shown == "100%"
    assert 0 < drawn.trust < 2000, "two answers say next to nothing"
    assert 5000 < (drawn.points_hundredths or 0) < 6500, "near the mean of the unit"
    assert composites(marked)["a"] == composites(shrunk)["a"], "a large sample stays as it is"


def test_complaints_are_taken_off_up_to_the_cap_and_a_grave_one_caps_the_grade():
    complaints = table(
        "complaints",
        {"subject": "a", "class_id": "III", "points_hundredths": 133},
        {"subject": "b", "class_id": "I", "points_hundredths": 1000},
    )
    inputs = frames(*kept("a", 20, 0), *kept("b", 20, 0), complaints=complaints, people="ab")
    results = evaluate(inputs, scheme(TWO, COMPLAINTS)).lines
    a, b = line(results, "a"), line(results, "b")
    assert (a.composite_hundredths, a.grade, a.veto) == (10_000 - 200, "A", None)
    assert (b.composite_hundredths, b.grade) == (9000, "C")
    assert b.veto is not None
    assert [each.hundredths for each in (*a.bonus, *a.deductions, *b.deductions)] == [0, 200, 1000]
    assert a.bonus[0].due_hundredths == 100, "there was no room above 100"


def test_the_mean_of_a_unit_is_told_from_five_people_on():
    rows = [row for name in "abcde" for row in kept(name, 5 + "abcde".index(name), 5)]
    five = evaluate(frames(*rows, people="abcde"), scheme({"kept": (100, KEPT)})).lines
    four = evaluate(frames(*rows, people="abcd"), scheme({"kept": (100, KEPT)})).lines
    mean = sum(each.indicators[0].points_hundredths or 0 for each in five) / 5
    assert five[0].indicators[0].unit_points_hundredths == pytest.approx(mean, abs=0.5)
    assert four[0].indicators[0].unit_points_hundredths is None


def test_rows_of_others_and_of_nobody_count_for_nobody():
    rows = [*kept("a", 3, 1), *kept("x", 9, 9), *interactions("a", 0)]
    nobody = [{**row, "subject": None} for row in kept("a", 50, 50)]
    (result,) = evaluate(frames(*rows, *nobody), scheme(TWO)).lines
    assert indicator(result, "kept").value == (3, 4)


def test_a_result_is_written_as_json_and_read_back_equal():
    complaints = table("complaints", {"subject": "a", "class_id": "I", "points_hundredths": 133})
    inputs = frames(*kept("a", 8, 2), complaints=complaints, people="ab")
    for result in evaluate(inputs, scheme(TWO, COMPLAINTS)).lines:
        assert SubjectResult.from_plain(json.loads(json.dumps(result.as_plain()))) == result


outcomes = st.lists(
    st.tuples(st.sampled_from("abc"), st.none() | st.booleans(), st.integers(0, 2)), min_size=1, max_size=60
)


def snapshot(drawn: list[tuple[str, bool | None, int]]) -> Frames:
    return frames(
        *(row for name, met, again in drawn for row in interactions(name, met_target=met, reopened=again)),
        people="abc",
    )


@settings(max_examples=30)
@given(outcomes)
def test_contributions_add_up_and_ranks_follow_scores(drawn):
    results = evaluate(snapshot(drawn), scheme(TWO, COMPLAINTS)).lines
    for each in results:
        if each.composite_hundredths is None:
            continue
        gained = sum(one.contribution_hundredths for one in each.indicators)
        gained += sum(one.hundredths for one in each.bonus) - sum(one.hundredths for one in each.deductions)
        assert gained == each.composite_hundredths
        assert (
            (each.interval_low_hundredths or 0)
            <= each.composite_hundredths
            <= (each.interval_high_hundredths or 0)
        )
        better = sum((other.composite_hundredths or 0) > each.composite_hundredths for other in results)
        assert each.rank == better + 1


@settings(max_examples=30)
@given(outcomes, st.data())
def test_one_more_kept_promise_never_lowers_a_composite(drawn, data):
    missed = [number for number, (_, met, _) in enumerate(drawn) if met is False]
    if not missed:
        return
    number = data.draw(st.sampled_from(missed))
    name, _, again = drawn[number]
    better = [*drawn[:number], (name, True, again), *drawn[number + 1 :]]
    before, after = (composites(evaluate(snapshot(rows), scheme(TWO))) for rows in (drawn, better))
    assert (after[name] or 0) >= (before[name] or 0)


def test_the_order_of_the_rows_and_the_number_of_the_run_change_nothing():
    rows = [row for name in "abc" for row in kept(name, 3 + "abc".index(name), 2)]
    shuffled = Random(3).sample(rows, k=len(rows))
    first, second = (evaluate(frames(*each, people="abc"), scheme(TWO)) for each in (rows, shuffled))
    assert first == second
    assert first.score_hash == second.score_hash


def test_the_results_come_from_the_bytes_of_the_snapshot_alone():
    inputs = frames(*kept("a", 8, 2), *kept("b", 7, 3), people="ab")
    tables = {
        name: to_parquet(name, getattr(inputs, name).collect()) for name in ("subjects", "interactions")
    }
    assert evaluate(Frames.from_parquet(tables), scheme(TWO)) == evaluate(inputs, scheme(TWO))


def test_the_hash_moves_with_every_number_and_with_the_scheme():
    rows = kept("a", 8, 2)
    found = evaluate(frames(*rows), scheme(TWO)).score_hash
    others = [
        evaluate(frames(*kept("a", 9, 2)), scheme(TWO)),
        evaluate(frames(*rows, people="ab"), scheme(TWO)),
        evaluate(frames(*rows), scheme({"kept": (61, KEPT), "reopened": (39, REOPENED)})),
    ]
    assert len({found, *(other.score_hash for other in others)}) == 4
    assert evaluate(Frames.of(), shipped()).lines == ()


def test_old_results_keep_their_hash_as_long_as_the_engine_is_the_same():
    inputs = frames(*kept("a", 8, 2), *kept("b", 31, 9), *interactions("b", 3, reopened=1), people="ab")
    lines = evaluate(inputs, scheme(TWO)).lines
    assert (ENGINE, Evaluation("a scheme", lines).score_hash) == (
        "1",
        "730649b7ed49f8ce8c4cdde3d8b9629ad0f2860cf2776c0e004e17106f9b50b4",
    )
