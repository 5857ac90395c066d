"""One cycle, one worker: the lease, its fence, and what a stretch leaves on record."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from svcqa.assessment import freezing, queries, steps, stretches
from svcqa.assessment.requests import CUT_OFF
from svcqa.assessment.stretches import LeaseLost
from svcqa.kernel.errors import NotFound


@pytest.fixture
def lease(month):
    return begun(month, "one", run_ref="run-1")


def begun(month, owner, run_ref=""):
    lease = stretches.begin(month.place, month.cycle_id, owner=owner, run_ref=run_ref)
    assert lease is not None
    return lease


def test_the_second_leaves(month, lease):
    assert stretches.begin(month.place, month.cycle_id, owner="two") is None
    assert stretches.advance(month.place, month.cycle_id, owner="two") == stretches.TAKEN
    assert month.cycle.stage == "planning"


def test_a_batch_is_a_sign_of_life(month, lease):
    month.later(seconds=50)
    assert stretches.do(month.place, lease, steps.of("planning")[0])
    month.later(seconds=50)
    assert stretches.begin(month.place, month.cycle_id, owner="two") is None


def test_who_was_replaced_writes_nothing_any_more(month, lease):
    month.later(seconds=61)
    other = begun(month, "two")
    assert other.fence == lease.fence + 1
    before = month.traces()
    for attempt in (
        lambda: stretches.do(month.place, lease, steps.of("planning")[0]),
        lambda: stretches.move_on(month.place, lease),
        lambda: stretches.end(month.place, lease),
    ):
        with pytest.raises(LeaseLost):
            attempt()
    assert month.traces() == before
    assert stretches.do(month.place, other, steps.of("planning")[0])


def test_a_run_that_starts_again_takes_its_own_lease_over(month, lease):
    again = begun(month, "one")
    assert again.fence == lease.fence + 1
    with pytest.raises(LeaseLost):
        stretches.move_on(month.place, lease)


def test_a_step_of_another_stage_does_nothing(month, lease):
    assert not stretches.do(month.place, lease, steps.of("collecting")[0])
    assert steps.of("evaluated") == steps.of("closed") == ()


def test_a_stretch_leaves_its_run_and_its_message(month, lease):
    for step in steps.of("planning"):
        while stretches.do(month.place, lease, step):
            pass
    assert stretches.move_on(month.place, lease) == "collecting"
    stretches.end(month.place, lease)
    month.later(seconds=1)
    month.advance()
    page = month.act("liumin", lambda tx: queries.page(tx, month.cycle.number))
    assert [(one.from_label, one.to_label, one.run_ref) for one in page.stretches] == [
        ("采集", "采集", ""),
        ("计划", "采集", "run-1"),
    ]
    assert page.run_ref == "run-1"
    assert page.stretches[0].message == page.sentence == "等待评分 0/12，至 11-30"


def test_a_stretch_that_broke_off_is_said_to_have(month, lease):
    month.later(seconds=61)
    month.advance()
    page = month.act("liumin", lambda tx: queries.page(tx, month.cycle.number))
    assert page.stretches[-1].message == CUT_OFF


def test_an_unknown_cycle_is_not_found(month):
    with pytest.raises(NotFound):
        stretches.begin(month.place, "nothing", owner="one")


def test_progress_is_told_step_by_step(month):
    said = []
    stretches.advance(
        month.place,
        month.cycle_id,
        owner="one",
        progress=lambda stage, step: said.append((stage, step.label if step else "")),
    )
    assert said == [
        ("planning", ""),
        ("planning", "确定考核对象"),
        ("planning", "通知单位"),
        ("collecting", ""),
        ("collecting", "安排评分"),
        ("collecting", "邀请评分"),
    ]


def test_what_takes_long_is_not_taken_for_dead(month, monkeypatch):
    """A step that prepares for longer than the lease lasts keeps the cycle all the same."""
    month.advance()
    month.rate()
    lease = begun(month, "slow")
    assert stretches.move_on(month.place, lease) == "evaluating"
    monkeypatch.setattr(stretches, "BEAT", timedelta(milliseconds=5))
    freeze = steps.of("evaluating")[0]

    def long(tx, cycle):
        month.later(seconds=59)
        until = month.cycle.lease_until
        deadline = time.monotonic() + 5
        while month.cycle.lease_until == until and time.monotonic() < deadline:
            time.sleep(0.005)
        month.later(seconds=59)
        return freezing.prepare(tx, cycle)

    slow = replace(freeze, prepare=long)
    monkeypatch.setitem(steps.TABLE, "evaluating", (slow, steps.of("evaluating")[1]))
    assert stretches.do(month.place, lease, slow)
    assert month.cycle.snapshot_sha256
