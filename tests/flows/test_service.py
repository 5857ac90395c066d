"""What Prefect learns of a failure: a sentence about stages and counts, never the text of an exception."""

import asyncio

import pytest

from flows.service import called, completed, ended
from states import Refused
from svcqa.assessment.stretches import LeaseLost
from svcqa.kernel.errors import Busy, Invalid

NAME = "王建国"


def end_of(work):
    return asyncio.run(ended(called(work)))


def raising(error):
    def work():
        raise error

    return work


def test_what_goes_well_says_what_it_did():
    end = end_of(lambda: "3 批")
    assert (end.type, end.message) == ("COMPLETED", "3 批")
    assert end == completed("3 批").model_copy(update={"id": end.id, "timestamp": end.timestamp})


@pytest.mark.parametrize("error", [Refused("no_subjects", "没有可考核的人员。"), LeaseLost(), Busy()])
def test_a_refusal_about_stages_is_said(error):
    end = end_of(raising(error))
    assert (end.type, end.message) == ("FAILED", error.sentence)


@pytest.mark.parametrize("error", [Invalid("email", f"{NAME}没有邮箱。"), KeyError(NAME), ValueError(NAME)])
def test_whatever_may_name_a_person_stays_in_the_machines_log(error, caplog):
    end = end_of(raising(error))
    assert (end.type, end.message) == (
        "FAILED",
        f"没有完成（{type(error).__name__}），原因写在运行这一步的机器的日志里。",
    )
    assert end.data is None
    assert [record.name for record in caplog.records] == ["svcqa.flows"]
