"""The thin flows: one service call each, and its counts as the last word."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from flows import audit_checkpoint, deadline_sweep, mail_backstop, open_cycle, prune_runs
from svcqa.kernel import checkpoint
from svcqa.kernel.clock import SystemClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.flows.server import NOT_THERE
from tests.kernel.tampering import drop_triggers
from tests.notifications.courier import toward
from tests.notifications.relay import Relay

SPOIL = Statement("UPDATE audit_event SET body = body || ' ' WHERE seq = 3")


@pytest.fixture(autouse=True)
def _years_as_they_are(monkeypatch):
    for flow in (deadline_sweep, open_cycle):
        monkeypatch.setattr(flow, "with_years_of_today", lambda place: place)


def end_of(flow, *words):
    end = asyncio.run(flow.fn(*words))
    return end.type, end.message


def test_a_checkpoint_is_signed_over_an_intact_chain(runtime, place):
    kind, said = end_of(audit_checkpoint.audit_checkpoint)
    (note,) = (place.settings.data_dir / checkpoint.FOLDER).iterdir()
    assert (kind, said) == ("COMPLETED", f"{int(note.stem)} 项，完好")


def test_a_tampered_chain_fails_with_the_place_and_signs_nothing(runtime, place):
    with place.transaction(SYSTEM) as tx:
        drop_triggers(tx)
        SPOIL.run(tx)
    kind, said = end_of(audit_checkpoint.audit_checkpoint)
    assert (kind, said.partition("。")[0]) == ("FAILED", "审计链在第 3 项被改动")
    assert not (place.settings.data_dir / checkpoint.FOLDER).exists()


def test_the_sweep_says_counts(runtime, month):
    kind, said = end_of(deadline_sweep.deadline_sweep)
    assert kind == "COMPLETED"
    assert said.startswith("时限提醒 0，")
    assert said.endswith("失败 0")


def test_mail_goes_out_once(runtime, month, monkeypatch):
    month.advance()

    async def twice():
        async with Relay() as relay:
            ready = replace(runtime, transport=toward(relay))
            monkeypatch.setattr(mail_backstop, "runtime", lambda: ready)
            ends = [await mail_backstop.mail_backstop.fn() for _ in range(2)]
            return [(end.type, end.message) for end in ends], len(relay.arrived)

    ends, arrived = asyncio.run(twice())
    assert ends == [("COMPLETED", f"发出 {arrived}"), ("COMPLETED", "没有待发邮件")]
    assert arrived > 0


def test_outcomes_are_said_in_order():
    assert mail_backstop.said(Counter(held=1, sent=2, queued=3)) == "发出 2，待重试 3，待人工处理 1"


def test_the_schedule_opens_each_cycle_once(runtime, place):
    assert end_of(open_cycle.open_cycle, "monthly", "telecom-service", ("cd", "cx")) == (
        "COMPLETED", "新开启 2 个周期，已有 0 个",
    )  # fmt: skip
    assert end_of(open_cycle.open_cycle, "monthly", "telecom-service", ("cd", "cx", "nh")) == (
        "COMPLETED", "新开启 1 个周期，已有 2 个",
    )  # fmt: skip


def test_the_schedule_takes_its_units_from_the_settings_and_waits_for_a_working_day(
    runtime, month, monkeypatch
):
    settings = month.place.settings.model_copy(update={"assessed_units": "cd, cx"})
    ready = replace(runtime, place=replace(month.place, settings=settings))
    monkeypatch.setattr(open_cycle, "runtime", lambda: ready)
    assert end_of(open_cycle.open_cycle)[1] == "新开启 1 个周期，已有 1 个"
    month.clock.at -= timedelta(days=1)
    assert end_of(open_cycle.open_cycle)[1] == "今天不是工作日，顺延"


def test_old_runs_are_deleted_until_none_is_left(monkeypatch):
    pages = [["a", "b"], ["c"], []]
    asked, gone = [], []

    class Client:
        async def __aenter__(self):
            return self

        async def __aexit__(self, *_):
            return None

        async def read_flow_runs(self, *, flow_run_filter, limit):
            asked.append((flow_run_filter.end_time.before_, limit))
            return [SimpleNamespace(id=name) for name in pages.pop(0)]

        async def delete_flow_run(self, run_id):
            if run_id == "b":
                raise NOT_THERE
            gone.append(run_id)

    monkeypatch.setattr(prune_runs, "get_client", Client)
    assert end_of(prune_runs.prune_runs, 30) == ("COMPLETED", "删除 2 条运行记录")
    assert gone == ["a", "c"]
    assert abs(SystemClock().now() - timedelta(days=30) - asked[0][0]) < timedelta(minutes=1)
