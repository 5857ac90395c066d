"""What becomes of a letter after a failure, on a clock that the test holds."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.mailbag import Letter
from notifications.transport import DeliveryFailed, Reply
from notifications.verdict import GIVE_UP_AFTER, STEPS, after_failure, next_attempt, too_doubtful

POSTED_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def letter(**changes) -> Letter:
    plain: dict[str, Any] = {
        "id": "1",
        "fence": 1,
        "attempts": 0,
        "doubts": 0,
        "posted_at": POSTED_AT,
        "data": b"x",
    }
    return Letter(sender="s@corp.example", recipient="r@corp.example", **(plain | changes))


def failure(**changes) -> DeliveryFailed:
    return DeliveryFailed(Reply(451, "later"), **({"permanent": False} | changes))


def verdict(changes, kind):
    return after_failure(letter(**changes), failure(**kind), POSTED_AT + timedelta(hours=1), Random(1))


@pytest.mark.parametrize(
    ("changes", "kind", "state", "tried", "doubted"),
    [
        ({}, {}, "queued", True, False),
        ({}, {"permanent": True}, "failed", True, False),
        ({}, {"in_doubt": True}, "queued", True, True),
        ({"doubts": 1}, {}, "queued", True, False),
        ({"doubts": 1}, {"in_doubt": True}, "held", True, True),
        ({"doubts": 1}, {"permanent": True}, "held", True, False),
        ({}, {"queue_wide": True}, "queued", True, False),
        ({}, {"queue_wide": True, "permanent": True}, "queued", False, False),
        ({"posted_at": POSTED_AT - timedelta(days=6)}, {}, "failed", True, False),
        ({"posted_at": POSTED_AT - timedelta(days=6), "doubts": 1}, {}, "held", True, False),
    ],
)
def test_each_failure_has_one_consequence(changes, kind, state, tried, doubted):
    mark = verdict(changes, kind)
    assert (mark.state, mark.tried, mark.doubted) == (state, tried, doubted)
    assert (mark.until is not None) is (state == "queued")


def test_a_letter_is_called_failed_only_if_certainly_nobody_got_it():
    for doubts in (0, 1):
        for in_doubt in (False, True):
            mark = verdict({"doubts": doubts}, {"permanent": True, "in_doubt": in_doubt})
            assert (mark.state == "failed") is (not doubts and not in_doubt)


def test_the_whole_schedule_runs_for_five_days_and_no_longer():
    now, attempts, waits = POSTED_AT, 0, []
    while True:
        mark = after_failure(letter(attempts=attempts), failure(), now, Random(attempts))
        if mark.until is None:
            break
        waits.append(mark.until - now)
        now, attempts = mark.until, attempts + 1
    assert mark.state == "failed"
    assert GIVE_UP_AFTER - timedelta(hours=10) < now - POSTED_AT <= GIVE_UP_AFTER
    assert len(waits) > len(STEPS)
    for wait, step in zip(waits, (*STEPS, *[STEPS[-1]] * len(waits)), strict=False):
        assert step * 0.8 <= wait <= step * 1.2


@given(attempts=st.integers(0, 40), seed=st.integers())
def test_waiting_times_stay_within_a_fifth_of_their_step(attempts, seed):
    step = STEPS[min(attempts, len(STEPS) - 1)]
    wait = next_attempt(attempts, POSTED_AT, Random(seed)) - POSTED_AT
    assert step * 0.8 <= wait <= step * 1.2


def test_waiting_times_disperse_a_crowd():
    draw = Random(7)
    assert len({next_attempt(0, POSTED_AT, draw) for _ in range(50)}) == 50


def test_a_letter_that_may_be_out_twice_is_held_unsent():
    assert too_doubtful(letter(doubts=1)) is None
    held = too_doubtful(letter(doubts=2))
    assert held is not None
    assert held.state == "held"
    assert "请核对" in held.reply.text
