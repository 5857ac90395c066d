"""The one door through which a cycle changes its stage: may it, apply, remember, tell.

Who may is asked by `cycles` for people; the system's own moves come from `stretches`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from states import Refused, Step
from states.cycle import LAW
from svcqa.assessment import standing, telling, terms
from svcqa.assessment.standing import Cycle
from svcqa.kernel import audit
from svcqa.kernel.calendar import YearMissing
from svcqa.kernel.transaction import Transaction

ONWARD = {
    "planning": "collect",
    "collecting": "evaluate",
    "evaluating": "present",
    "reporting": "inform",
    "feedback": "improve",
    "improving": "close",
}
"""The system's own move out of each stage; where none stands, a person has the word."""


def _collect(tx: Transaction, cycle: Cycle) -> dict[str, Any]:
    return {"collect_until_at": terms.collect_until(tx, cycle)}


def _present(tx: Transaction, cycle: Cycle) -> dict[str, Any]:
    return {"confirm_until_at": terms.confirm_until(tx, cycle)}


def _confirm(tx: Transaction, _cycle: Cycle) -> dict[str, Any]:
    return {"confirmed_by": tx.actor.person_id, "confirmed_at": tx.now}


def _recompute(_tx: Transaction, _cycle: Cycle) -> dict[str, Any]:
    return {"snapshot_sha256": "", "score_hash": "", "confirm_until_at": None}


def _inform(tx: Transaction, cycle: Cycle) -> dict[str, Any]:
    return {"appeal_until_at": terms.appeal_until(tx, cycle)}


def _improve(tx: Transaction, cycle: Cycle) -> dict[str, Any]:
    terms.improve_on(tx, cycle)  # the measures that follow need a due day
    return {}


EFFECTS: dict[str, Callable[[Transaction, Cycle], dict[str, Any]]] = {
    "collect": _collect,
    "present": _present,
    "confirm": _confirm,
    "recompute": _recompute,
    "inform": _inform,
    "improve": _improve,
}


def move(tx: Transaction, cycle: Cycle, name: str, *, reason: str = "") -> Cycle:
    """Lead a cycle that was read locked one move on; raises Refused, YearMissing, Stale."""
    step = LAW.advance(cycle.stage, name, standing.facts(tx, cycle, reason=reason))
    moved = replace(
        cycle, stage=step.target, version=cycle.version + 1, stage_at=tx.now, **_effect(tx, cycle, name)
    )
    standing.keep(tx, moved, seen_version=cycle.version)
    _remember(tx, moved, step, reason)
    telling.moved(tx, moved, step)
    return moved


def onward(tx: Transaction, cycle: Cycle) -> str | None:
    """Return the move the system can make now, or None when the cycle has to wait."""
    name = ONWARD.get(cycle.stage)
    if name is None:
        return None
    try:
        LAW.advance(cycle.stage, name, standing.facts(tx, cycle))
        _effect(tx, cycle, name)
    except (Refused, YearMissing):
        return None
    return name


def missing_year(tx: Transaction, cycle: Cycle) -> int | None:
    """Return the year whose working days the next move needs and nobody has published."""
    try:
        _effect(tx, cycle, ONWARD.get(cycle.stage, ""))
    except YearMissing as missing:
        return missing.year
    return None


def _effect(tx: Transaction, cycle: Cycle, name: str) -> dict[str, Any]:
    effect = EFFECTS.get(name)
    return effect(tx, cycle) if effect else {}


def _remember(tx: Transaction, cycle: Cycle, step: Step, reason: str) -> None:
    audit.record(
        tx,
        f"cycle.{step.move}",
        kind="cycle",
        id=cycle.id,
        version=(cycle.version - 1, cycle.version),
        facts={
            "number": cycle.number,
            "from": step.source,
            "to": step.target,
            "until": {
                "collect": cycle.collect_until_at,
                "confirm": cycle.confirm_until_at,
                "appeal": cycle.appeal_until_at,
            },
            "snapshot": cycle.snapshot_sha256,
            "score_hash": cycle.score_hash,
        },
        texts={"reason": reason} if reason else None,
    )
