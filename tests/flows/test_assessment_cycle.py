"""One run is one stretch: the stages up to the present one, a task per step, and at the end who is awaited."""

import asyncio

import pytest

from flows import assessment_cycle, card, stages
from flows.service import called, ended
from states import Refused
from states.cycle import STAGE_LABELS
from svcqa.assessment import requests, steps, stretches
from svcqa.demo.people import roster
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM

RUNS = Statement("SELECT run_ref FROM cycle_stretch")


class Run:
    """The flow as Prefect would run it; what it started and showed is kept."""

    def __init__(self, patch, month):
        self.month, self.started, self.pinned, self.shown = month, [], [], []
        patch.setattr(stages, "take", self._take)
        patch.setattr(assessment_cycle, "SUBFLOWS", dict.fromkeys(stages.SUBFLOWS, self._subflow))
        patch.setattr(card, "pin", self._pin)
        patch.setattr(card, "show", self._show)
        patch.setattr("flows.assessment_cycle.flow_run.id", "run-1", raising=False)

    def __call__(self, number="KH-202610-001"):
        self.started.clear()
        return asyncio.run(assessment_cycle.assessment_cycle.fn(number))

    async def _take(self, label, work, *, return_state):
        assert return_state
        self.started.append(label)
        return await ended(called(work))

    async def _subflow(self, number, stage, *, return_state):
        assert return_state
        end = await stages.lead(number, stage)
        self.started.append(f"{STAGE_LABELS[stage]}: {end.message}")
        return end

    async def _pin(self, card, run_id):
        self.pinned.append((card.title, card.tags, run_id))

    async def _show(self, place, one):
        self.shown.append(card.written(one, card.lines_of(place, one)))


@pytest.fixture
def run(runtime, month, monkeypatch):
    return Run(monkeypatch, month)


def test_a_run_goes_as_far_as_it_can_without_people(run):
    end = run()
    assert (end.type, end.message) == ("COMPLETED", "等待评分 0/12，至 11-30")
    planning, collecting = ([step.label for step in steps.of(stage)] for stage in ("planning", "collecting"))
    assert run.started == [
        *planning, "继续", "计划: 已完成 8/8 人", *collecting, "继续", "采集: 等待评分 0/12，至 11-30",
    ]  # fmt: skip
    assert run.pinned == [
        ("2026-10 月度考核 城东车间", ("cycle:KH-202610-001", "城东车间", "telecom-service"), "run-1")
    ]


def test_the_next_run_finds_the_stages_done_and_goes_on(run, month):
    run()
    month.rate()
    assert run().message == "等待确认成绩，至 11-26"
    assert run.started[0] == "计划: 已完成 8/8 人"
    assert "计算成绩" in run.started
    month.confirm()
    assert run().message == "申诉期内，至 11-26"
    month.later(days=5)
    assert run().message.startswith("等待改进措施 0/")
    assert [one.partition(":")[0] for one in run.started] == [
        "计划", "采集", "评价", "报告", "告知本人", "继续", "反馈", "提出改进措施", "继续", "改进",
    ]  # fmt: skip


def test_the_stretch_remembers_the_run_and_the_artifact_says_counts_only(run, month):
    run()
    with month.place.reading(SYSTEM) as tx:
        assert RUNS.run(tx).fetchall() == [("run-1",)]
    (shown,) = run.shown
    assert "| 采集 | 进行中 | 0/12 | 等待评分 0/12，至 11-30 |" in shown
    assert "(http://127.0.0.1:8400/cycles/KH-202610-001)" in shown
    assert not [person.name for person in roster().people if person.name in shown]


def test_a_cycle_in_other_hands_is_left_to_them(run, month):
    stretches.begin(month.place, month.cycle_id, owner="somebody else")
    end = run()
    assert (end.type, end.message, run.started) == ("COMPLETED", stretches.TAKEN, [])


def test_an_unknown_number_is_a_sentence(run):
    end = run("KH-209901-001")
    assert (end.type, end.message) == ("FAILED", "没有编号为 KH-209901-001 的考核周期，请核对编号。")


def test_a_refused_step_ends_the_run_with_its_sentence_and_the_next_run_goes_on(run, month, monkeypatch):
    with monkeypatch.context() as patch:

        def refuse(*_words):
            raise Refused("no_subjects", "没有可考核的人员。")

        patch.setattr(stretches, "do", refuse)
        end = run()
    assert (end.type, end.message) == ("FAILED", "没有可考核的人员。")
    assert run.started == ["确定考核对象", "计划: 没有可考核的人员。"]
    assert len(run.shown) == 1
    month.later(seconds=61)
    assert run().message == "等待评分 0/12，至 11-30"


def test_a_run_answers_the_request_for_its_cycle(run, month):
    with month.place.reading(SYSTEM) as tx:
        assert [one.number for one in requests.waiting(tx)] == ["KH-202610-001"]
    run()
    with month.place.reading(SYSTEM) as tx:
        assert requests.waiting(tx) == []
