"""The two doors into a measure's life: `propose` begins it, `advance` leads it on.

Six steps in the same order: load, may I, may it, apply, remember, tell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NotRequired, TypedDict, Unpack

from states.measure import LAW, Facts
from svcqa.improvement import forms, moving, rights, standing, telling, terms
from svcqa.improvement.standing import Measure
from svcqa.kernel import numbers
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Invalid, Stale
from svcqa.kernel.ids import new_id
from svcqa.kernel.money import hundredths
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access

NEW = "new"
Values = dict[str, Any]


class Proposal(TypedDict):
    """What a measure begins with. The title goes out by mail: no score and no grade in it.

    `subject_kind` is `person` or `unit`; values are hundredths of the metric's own unit.
    """

    origin_kind: str
    origin_id: str
    origin_part: str
    subject_kind: str
    subject_id: str
    title: str
    problem: str
    owner_id: str
    metric: str
    baseline_hundredths: int | None
    target_hundredths: int | None
    due_on: date
    example: NotRequired[bool]


@dataclass(frozen=True)
class Advanced:
    """What a step came to."""

    number: str
    state: str
    version: int


def propose(tx: Transaction, **asked: Unpack[Proposal]) -> str:
    """Propose a measure, tell its owner and return its id.

    The same origin, part and subject give the measure there is. Raises Forbidden, Invalid, NotFound.
    """
    known = standing.same(
        tx,
        asked["origin_kind"],
        asked["origin_id"],
        part=asked["origin_part"],
        subject_id=asked["subject_id"],
    )
    if known:
        return known
    unit_id = rights.unit_of(tx, asked["subject_kind"], subject_id=asked["subject_id"])
    access.require(tx.actor, LAW.move("propose"), unit_id=unit_id)
    step = LAW.advance(NEW, "propose", Facts())
    measure = Measure(
        id=new_id(),
        number=numbers.of_this_month(tx, "GJ", digits=3),
        unit_id=unit_id,
        state=step.target,
        proposed_at=tx.now,
        proposed_by=tx.actor.person_id,
        **{"example": False, **asked, **_due(tx, asked["due_on"])},
    )
    standing.add(tx, measure)
    moving.remember(tx, step, measure, values=vars(measure))
    telling.assigned(tx, measure)
    return measure.id


def advance(tx: Transaction, number: str, *, form: forms.Form) -> Advanced:
    """Lead a measure one step on, or refuse with the reason (Refused, Forbidden, Invalid, Stale, NotFound)."""
    measure = standing.numbered(tx, number, locked=True)
    if form.version is not None and form.version != measure.version:
        raise Stale(
            "你打开这一页之后，这项措施已被其他人办理过，你的操作没有保存。请对照最新内容再提交。",
            (f"现在的状态：{LAW.state(measure.state).label}",),
        )
    rights.require(tx, form.move, measure)
    values, facts = EFFECTS[type(form)](tx, measure, form)
    moved = moving.move(tx, measure, form.move, facts=facts, values=values, note=getattr(form, "note", ""))
    if form.move == "reopen":
        telling.assigned(tx, moved)
    return Advanced(moved.number, moved.state, moved.version)


def _agree(tx: Transaction, measure: Measure, form: Any) -> tuple[Values, Facts]:
    target = measure.target_hundredths if form.target is None else hundredths(form.target)
    return {
        "plan": form.plan,
        "target_hundredths": target,
        "agreed_at": tx.now,
        **_due(tx, form.due_on or measure.due_on),
    }, Facts(plan=form.plan, has_target=target is not None)


def _start(_tx: Transaction, _measure: Measure, _form: Any) -> tuple[Values, Facts]:
    return {}, Facts()


def _complete(tx: Transaction, measure: Measure, form: Any) -> tuple[Values, Facts]:
    """Keep the month that was agreed for the effect; done late, take the first whole month after."""
    today = local_day(tx.now)
    late = measure.judge_from_on is None or today >= measure.judge_from_on
    return {"done_at": tx.now, **(_window(today) if late else {})}, Facts(note=form.note)


def _reopen(tx: Transaction, _measure: Measure, form: Any) -> tuple[Values, Facts]:
    if form.due_on is None:
        raise Invalid("due_on", "请写明这一次的完成期限。")
    again = {"done_at": None, "judged_at": None, "verdict": "", "judgement": "", "agreed_at": tx.now}
    return {**again, **_due(tx, form.due_on)}, Facts(note=form.note)


def _withdraw(_tx: Transaction, _measure: Measure, form: Any) -> tuple[Values, Facts]:
    return {}, Facts(note=form.note)


def _due(tx: Transaction, due_on: date) -> Values:
    """Return the dates that follow from a due day; what was said about another day is said anew."""
    unsaid = dict.fromkeys(("warned_at", "overdue_at", "escalated_at"))
    return {"due_on": due_on, "warn_on": _warned(tx, due_on), **_window(due_on), **unsaid}


def _window(after_on: date) -> Values:
    first, last = terms.window(after_on)
    return {"judge_from_on": first, "judge_until_on": last}


def _warned(tx: Transaction, due_on: date) -> date:
    today = local_day(tx.now)
    if due_on <= today:
        raise Invalid("due_on", "完成期限须晚于今天。请改一个日期。")
    return terms.warn_on(today, due_on)


EFFECTS: dict[type[forms.Form], Callable[[Transaction, Measure, Any], tuple[Values, Facts]]] = {
    forms.Agree: _agree,
    forms.Start: _start,
    forms.Complete: _complete,
    forms.Reopen: _reopen,
    forms.Withdraw: _withdraw,
}
