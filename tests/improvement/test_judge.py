"""The verdict: right by hand, wrong in at most five of a hundred without effect, found in eighty with it."""

from dataclasses import replace

import pytest

from svcqa.improvement.judge import Cell, Pair, Series, judge
from tests.improvement.trials import World, verdicts

TRIALS = 600


def pair(before, after, n=100):
    """Return a subject whose values in hundredths are given."""
    return Pair(Cell(n, before * n), Cell(n, after * n))


PEERS = tuple(pair(7000 + 100 * k, 7200 + 100 * k + (40 if k % 2 else -40)) for k in range(8))


def series(after, *, better="higher", comparison=PEERS, before=6800, n=100):
    return Series(pair(before, after, n), comparison, better)


def test_a_clear_gain_over_what_peers_gained_is_effective():
    found = judge(series(8600), baseline=6800, target=8500)
    assert found.verdict == "effective"
    assert (found.method, found.compared, found.before, found.after) == ("same_start", 8, 6800, 8600)
    assert found.low is not None
    assert found.low > 0
    assert "已达到目标值 85.00" in found.sentence
    assert "86.00" in found.sentence


def test_an_effective_measure_that_missed_its_target_says_so():
    assert "尚未达到目标值 85.00" in judge(series(8000), baseline=6800, target=8500).sentence


def test_what_everybody_gained_is_not_the_effect_of_a_measure():
    found = judge(series(7000), baseline=6800, target=8500)
    assert found.verdict == "not_effective"
    assert found.gain is not None
    assert abs(found.gain) < 60


def test_the_difference_in_differences_is_the_one_worked_out_by_hand():
    found = judge(series(8600), baseline=6800, target=8500, chosen=False)
    assert found.method == "same_change"
    assert found.expected == 7000  # 6800 and the peers' mean change of 200
    assert found.gain == 1600
    # s = 40 * sqrt(8/7), t(7) = 2.3646: 2.3646 * 42.762 * sqrt(9/8) = 107.25
    assert (found.low, found.high) == (1493, 1707)


def test_where_less_is_better_the_signs_turn():
    found = judge(series(5200, better="lower"), baseline=6800, target=5500)
    assert found.verdict == "effective"
    assert "已达到目标值 55.00" in found.sentence
    assert judge(series(8600, better="lower"), baseline=6800, target=5500).verdict == "not_effective"


def test_neither_found_nor_ruled_out_is_not_enough_data():
    noisy = tuple(pair(7000 + 100 * k, 7200 + 100 * k + (900 if k % 2 else -900)) for k in range(8))
    found = judge(series(8300, comparison=noisy), baseline=6800, target=8500)
    assert found.verdict == "not_enough_data"
    assert "既不能确认" in found.sentence


def test_a_measure_after_a_bad_value_needs_people_to_compare_with():
    alone = series(9900, comparison=PEERS[:4])
    found = judge(alone, baseline=6800, target=8500)
    assert found.verdict == "not_enough_data"
    assert "自然回升" in found.sentence
    with_history = replace(alone, history=tuple(Cell(100, 680_000 + 10 * k) for k in range(12)))
    assert judge(with_history, baseline=6800, target=8500).verdict == "not_enough_data"


def test_a_measure_not_chosen_for_its_value_may_lean_on_its_own_trend():
    history = tuple(Cell(100, 680_000 + (100 if k % 2 else -100)) for k in range(12))
    found = judge(series(8600, comparison=()), baseline=6800, target=8500, chosen=False)
    assert found.verdict == "not_enough_data"
    found = judge(
        replace(series(8600, comparison=()), history=history), baseline=6800, target=8500, chosen=False
    )
    assert (found.verdict, found.method, found.compared) == ("effective", "own_trend", 12)


@pytest.mark.parametrize("n", [0, 1, 19])
def test_few_observations_decide_nothing(n):
    found = judge(Series(Pair(Cell(n, 0), Cell(100, 1)), PEERS, "higher"), baseline=None, target=None)
    assert found.verdict == "not_enough_data"
    assert found.n_before == n


def test_without_a_series_there_is_not_enough_data():
    assert judge(None, baseline=None, target=8500).verdict == "not_enough_data"


def test_peers_with_samples_of_another_size_do_not_count():
    large = tuple(pair(7000 + 100 * k, 7200 + 100 * k, n=1000) for k in range(8))
    assert judge(series(9900, comparison=large), baseline=6800, target=8500).method == ""


def test_peers_that_all_stood_at_the_same_value_are_compared_by_their_change():
    level = tuple(pair(7000, 7200 + k) for k in range(8))
    assert judge(series(8600, comparison=level), baseline=6800, target=8500).expected == 7004


def test_the_judgement_is_integers_and_texts():
    plain = judge(series(8600), baseline=6800, target=8500).as_plain()
    assert {type(value) for value in plain.values()} <= {int, str}


@pytest.mark.parametrize(
    "world",
    [
        World(),
        World(people=6),
        World(samples=(30, 300)),
        World(levels=0.0),
        World(levels=0.12),
        World(chosen=False),
    ],
    ids=lambda world: f"{world.people}-{world.samples}-{world.levels}-{world.chosen}",
)
def test_without_effect_at_most_five_of_a_hundred_are_called_effective(world):
    assert verdicts(world, trials=TRIALS)["effective"] <= 0.05


def test_the_plain_comparison_would_call_the_rebound_of_the_worst_a_success():
    assert verdicts(World(), trials=TRIALS, chosen=False)["effective"] > 0.08


@pytest.mark.parametrize("chosen", [True, False])
def test_a_gain_of_twenty_points_is_found_eighty_times_of_a_hundred(chosen):
    world = World(effect=0.2, samples=(100, 200), chosen=chosen)
    assert verdicts(world, trials=TRIALS)["effective"] >= 0.8
