"""The complainant's full phone: shown to who handles the case, and each time remembered."""

from svcqa.casework.visibility import SEES_PHONE, seen
from svcqa.casework.work import demand_outsider
from svcqa.kernel import audit
from svcqa.kernel.errors import Forbidden
from svcqa.kernel.transaction import Transaction


def show_phone(tx: Transaction, number: str) -> str:
    """Return the full phone of a case's complainant and record that the actor read it.

    Raises Forbidden, and Refused for a respondent.
    """
    case = seen(tx, number)
    if not tx.actor.roles & SEES_PHONE:
        raise Forbidden("只有经办人和客服主管可以查看客户的完整电话。")
    demand_outsider(tx.actor, case)
    audit.record(tx, "complaint.phone_shown", kind="complaint", id=case.id, facts={"number": case.number})
    return tx.seal.open_text(case.row["phone_sealed"])
