"""Who may see which cycle and whose result. What somebody may not see does not exist for them."""

from collections.abc import Collection

from svcqa.assessment import standing
from svcqa.assessment.standing import Cycle
from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Actor, Transaction

SEES_ALL = frozenset({"supervisor", "reviewer", "hr", "auditor"})
COMPUTED = frozenset({"evaluated", "reporting", "feedback", "improving", "closed"})
"""Where results are there to be seen by those who answer for them."""
TOLD = frozenset({"feedback", "improving", "closed"})
"""Where results were confirmed and are told to the people they are about, and to their heads."""

UNITS = Statement("SELECT DISTINCT unit_id FROM cycle_subject WHERE cycle_id = :id")
ASSESSED = Statement("SELECT unit_id FROM cycle_subject WHERE cycle_id = :id AND person_id = :person_id")


def sees_all(actor: Actor) -> bool:
    """Tell whether the actor sees every cycle with all its results."""
    return bool(actor.roles & SEES_ALL)


def sees_any(actor: Actor) -> bool:
    """Tell whether the list of cycles is for the actor at all."""
    return sees_all(actor) or bool(actor.units)


def sees_units(actor: Actor, cycle: Cycle, units: Collection[str]) -> frozenset[str]:
    """Return those of the units whose results the actor sees in this cycle now."""
    if sees_all(actor):
        return frozenset(units) if cycle.stage in COMPUTED else frozenset()
    return actor.units & frozenset(units) if cycle.stage in TOLD else frozenset()


def seen(tx: Transaction, number: str) -> Cycle:
    """Return a cycle the actor may see, by its number; raises NotFound for every other."""
    cycle = standing.numbered(tx, number)
    units = {row[0] for row in UNITS.run(tx, id=cycle.id).fetchall()} | {cycle.unit_id}
    if not sees_all(tx.actor) and not tx.actor.units & units:
        raise NotFound(f"没有找到考核周期 {number}，或你无权查看。请从考核周期列表重新进入。")
    return cycle


def unit_of_subject(tx: Transaction, cycle: Cycle, person_id: str) -> str:
    """Return the unit of somebody whose result in this cycle the actor may see; raises NotFound."""
    row = ASSESSED.one(tx, id=cycle.id, person_id=person_id)
    own = row and person_id == tx.actor.person_id and cycle.stage in TOLD
    if row is None or not (own or sees_units(tx.actor, cycle, [row[0]])):
        raise NotFound("没有找到这份考核结果，或你无权查看。")
    return str(row[0])
