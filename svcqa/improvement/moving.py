"""The one door through which a measure changes its state: may it, apply, remember.

Who may is asked by `measures` for people; the verdict comes from `judging`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from states import Step
from states.measure import LAW, Facts
from svcqa.improvement import standing
from svcqa.improvement.standing import Measure
from svcqa.kernel import audit
from svcqa.kernel.transaction import Transaction

TEXTS = frozenset({"title", "problem", "plan", "verdict"})


def move(
    tx: Transaction, measure: Measure, name: str, *, facts: Facts, values: Mapping[str, Any], note: str = ""
) -> Measure:
    """Lead a measure that was read locked one move on and return it as it stands now; raises Refused, Stale."""
    step = LAW.advance(measure.state, name, facts)
    written = {**values, "state": step.target, "version": measure.version + 1}
    standing.keep(tx, measure, written)
    moved = replace(measure, **written)
    remember(tx, step, moved, values=values, note=note)
    return moved


def remember(
    tx: Transaction, step: Step, measure: Measure, *, values: Mapping[str, Any], note: str = ""
) -> None:
    """Record a move of a measure as it stands now: what was written as facts, words as texts."""
    kept = {name: value for name, value in values.items() if name not in TEXTS and name != "id"}
    words = {name: str(value) for name, value in values.items() if name in TEXTS}
    audit.record(
        tx,
        f"measure.{step.move}",
        kind="measure",
        id=measure.id,
        version=(measure.version - 1, measure.version),
        facts={**kept, "number": measure.number, "from": step.source, "to": step.target},
        texts={**words, "note": note},
    )
