"""Two people act at once: exactly one wins, the other is told; nothing is written twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from states import Refused
from svcqa.casework import forms
from svcqa.casework.complaints import Advanced
from svcqa.kernel.errors import Busy, Invalid, Stale
from tests.casework.life import REASON, Life

Outcome = Advanced | Refused | Stale | Busy | Invalid


def race(*moves: Callable[[], Advanced]) -> list[Outcome]:
    """Make the moves at the same moment, one thread each."""
    gate = Barrier(len(moves))

    def run(move: Callable[[], Advanced]) -> Outcome:
        gate.wait()
        try:
            return move()
        except (Refused, Stale, Busy, Invalid) as lost:
            return lost

    with ThreadPoolExecutor(len(moves)) as threads:
        return list(threads.map(run, moves))


def won(outcomes: list[Outcome]) -> int:
    return sum(isinstance(outcome, Advanced) for outcome in outcomes)


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_who_saw_the_same_page_one_wins_and_the_other_is_stale(life: Life, attempt: int) -> None:
    number = life.verified()
    life.hear_all(number)
    version = life.case(number).row["version"]
    (respondent,) = life.case(number).respondents
    line = forms.ChargeLine(respondent=respondent["id"], clause="7.2.1", share=100)
    classify = forms.Classify(text="一致", charges=(line,), version=version)
    back = forms.Return(text="请补充", version=version)
    outcomes = race(lambda: life.act("hanlei", number, classify), lambda: life.act("liumin", number, back))
    assert won(outcomes) == 1
    assert any(isinstance(outcome, Stale | Busy) for outcome in outcomes)
    assert len(life.events(number)) == version + 1
    life.demand_sound()


def test_a_double_click_decides_once(life: Life) -> None:
    number = life.classified()
    outcomes = race(*[lambda: life.penalize(number, points="4", yuan="300")] * 3)
    assert won(outcomes) == 1
    assert len(life.case(number).penalties) == 1
    life.demand_sound()


def test_two_reviewers_decide_one_appeal_once(life: Life) -> None:
    number = life.appealed()
    penalty = life.penalty(number)["id"]
    outcomes = race(
        lambda: life.act("zhouhuimin", number, forms.Uphold(penalty=penalty, text="维持")),
        lambda: life.act("gaoyuan", number, forms.Revoke(penalty=penalty, text="撤销")),
    )
    assert won(outcomes) == 1
    life.demand_sound()


def test_an_appeal_sent_twice_has_one_effect(life: Life) -> None:
    number = life.served()
    form = forms.Appeal(penalty=life.penalty(number)["id"], how="link", text=REASON)
    outcomes = race(*[lambda: life.act("wangjianguo", number, form)] * 3)
    assert won(outcomes) == 1
    assert life.row("SELECT count(*) AS n FROM appeal")["n"] == 1


def test_fifty_retries_of_one_intake_are_one_case(life: Life) -> None:
    with ThreadPoolExecutor(8) as callers:
        made = list(callers.map(lambda _: life.registered(external_id="10050-7"), range(50)))
    assert len(set(made)) == 1
    assert life.row("SELECT count(*) AS n FROM complaint")["n"] == 1
    life.demand_sound()
