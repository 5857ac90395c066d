"""Who may see which complaint. What somebody may not see does not exist for them; moves have their own law."""

from svcqa.casework.snapshot import Case, load
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import Actor, Transaction

SEES_ALL = frozenset({"officer", "supervisor", "reviewer", "hr", "auditor", "adviser", "inspector"})
SEES_PHONE = frozenset({"officer", "supervisor"})


def sees_all(actor: Actor) -> bool:
    """Tell whether the actor sees the complaints of every unit."""
    return bool(actor.roles & SEES_ALL)


def sees_any(actor: Actor) -> bool:
    """Tell whether the list of complaints is for the actor at all."""
    return sees_all(actor) or bool(actor.units)


def may_see(actor: Actor, case: Case) -> bool:
    """Tell whether the actor sees a complaint: by role, or as head of its unit or of a respondent's."""
    concerned = {case.row["unit_id"], *(r["unit_id"] for r in case.respondents)}
    return sees_all(actor) or bool(actor.units & concerned)


def seen(tx: Transaction, number: str) -> Case:
    """Read a complaint the actor may see; raises NotFound for every other."""
    case = load(tx, number)
    if not may_see(tx.actor, case):
        raise NotFound(f"没有找到工单 {number}，或你无权查看。请核对编号，或从投诉工单列表进入。")
    return case
