"""Who may see a measure and who may lead it on: its owner, the heads above its unit, and the roles of its law."""

from states.measure import LAW
from svcqa.improvement.standing import Measure
from svcqa.kernel.errors import Forbidden, NotFound
from svcqa.kernel.transaction import Actor, Transaction
from svcqa.organisation import access, people

SEES_ALL = frozenset({"supervisor", "reviewer", "auditor", "hr", "adviser", "system"})


def unit_of(tx: Transaction, subject_kind: str, *, subject_id: str) -> str | None:
    """Return the unit a measure about this subject applies to; raises NotFound for a subject that is none."""
    if subject_kind == "unit":
        return people.unit(tx, subject_id).id
    return people.card(tx, subject_id).unit_id


def require(tx: Transaction, move: str, measure: Measure) -> None:
    """Refuse a move to whom it does not belong (Forbidden, NotFound); an employee acts for own measures only."""
    if not may_see(tx.actor, measure):
        raise NotFound(f"没有找到改进措施 {measure.number}，或你无权查看。请从改进措施列表重新进入。")
    law = LAW.move(move)
    access.require(tx.actor, law, unit_id=measure.unit_id)
    if tx.actor.person_id != measure.owner_id and not _beyond_owner(tx.actor, law.roles, measure):
        raise Forbidden(f"“{law.label}”只能由这项措施的负责人、其单位负责人或客服主管办理。")


def fitting(actor: Actor, measure: Measure) -> frozenset[str]:
    """Return the roles in which the actor may lead this measure on."""
    roles = actor.roles & {"supervisor", "system"}
    roles |= {"unit_head"} & actor.roles if measure.unit_id in actor.units else frozenset()
    return roles | ({"employee"} & actor.roles if actor.person_id == measure.owner_id else frozenset())


def may_see(actor: Actor, measure: Measure) -> bool:
    """Tell whether the actor sees a measure: by role, as a head above, as its owner or its subject."""
    return bool(
        actor.roles & SEES_ALL
        or measure.unit_id in actor.units
        or (actor.person_id and actor.person_id in {measure.owner_id, measure.subject_id})
    )


def _beyond_owner(actor: Actor, roles: frozenset[str], measure: Measure) -> bool:
    return bool(fitting(actor, measure) & roles - {"employee"})
