"""Ordering a deduction anew after HR gave the order back. The sum is what review left; nothing is decided here."""

from notifications import notices
from states import Refused
from states import penalty as penalty_law
from svcqa.casework.change import Change
from svcqa.casework.snapshot import load
from svcqa.casework.telling import post_all
from svcqa.casework.work import demand_outsider
from svcqa.kernel import audit
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.payroll import orders

AGAIN = access.Act("再次转人劳部", frozenset({"supervisor"}))


def order_again(tx: Transaction, number: str, *, penalty_id: str) -> None:
    """Order the deduction of an effective penalty that payroll gave back; raises Forbidden, NotFound, Refused."""
    access.require(tx.actor, AGAIN, unit_id=None)
    case = load(tx, number, locked=True)
    penalty = case.penalty(penalty_id)
    demand_outsider(tx.actor, case)
    if penalty["state"] not in penalty_law.EFFECTIVE or not penalty["person_id"] or penalty["final_fen"] <= 0:
        raise Refused("nothing_owed", "这项处罚没有生效的扣款，不需要转人劳部。请刷新台账查看。")
    if orders.entered(tx, [penalty_id]):
        raise Refused("ordered", "这项处罚的扣款已在台账中，不需要再次转出。请刷新台账查看。")
    order = orders.enter(
        tx,
        penalty_id=penalty_id,
        person_id=penalty["person_id"],
        number=number,
        kind=penalty["kind"],
        amount_fen=penalty["final_fen"],
        decided_at=penalty["decided_at"],
    )
    change = Change(tx)
    change.note("deduction_order", order["id"], order)
    audit.record(
        tx,
        "complaint.ordered_again",
        kind="complaint",
        id=case.id,
        facts={"number": number, "rows": change.rows},
    )
    post_all(
        tx,
        access.people_with_role(tx, "hr"),
        lambda person: notices.PenaltyOrder(
            recipient_name=person.name,
            number=number,
            link=tx.links.address("/payroll/orders"),
            contact=tx.settings.mail_contact,
        ),
        case_id=case.id,
    )
