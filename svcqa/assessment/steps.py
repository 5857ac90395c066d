"""The table of steps: what the system does in each stage, batch by batch, until nothing is left.

A step's work is one batch in the transaction it is given and returns how much it did. What takes long and
writes no row is prepared before, outside of any writing transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from svcqa.assessment import feedback, freezing, improving, inviting, planning, results, surveying, telling
from svcqa.assessment.standing import Cycle
from svcqa.kernel.transaction import Transaction

Work = Callable[[Transaction, Cycle, Any], int]
Prepare = Callable[[Transaction, Cycle], Any]


@dataclass(frozen=True)
class Step:
    """One step of a stage: what it is called in code and for people, and what it does."""

    name: str
    label: str
    work: Work
    prepare: Prepare | None = None


def _ready(tx: Transaction, cycle: Cycle, _prepared: Any) -> int:
    return telling.report_ready(tx, cycle)


TABLE: dict[str, tuple[Step, ...]] = {
    "planning": (
        Step("subjects", "确定考核对象", planning.enrol),
        Step("announce", "通知单位", planning.announce),
    ),
    "collecting": (
        Step("sheets", "安排评分", inviting.arrange),
        Step("invite", "邀请评分", inviting.invite),
        Step("survey", "调查客户", surveying.ask),
    ),
    "evaluating": (
        Step("freeze", "冻结数据", freezing.keep, freezing.prepare),
        Step("score", "计算成绩", results.write, results.prepare),
    ),
    "reporting": (Step("report", "告知报告", _ready),),
    "feedback": (Step("tell", "告知本人", feedback.tell),),
    "improving": (Step("propose", "提出改进措施", improving.propose),),
}
"""Steps by the state of states.cycle in which they are done, in order."""


def of(stage: str) -> tuple[Step, ...]:
    """Return the steps of a stage; none where a person has the word or the cycle has ended."""
    return TABLE.get(stage, ())
