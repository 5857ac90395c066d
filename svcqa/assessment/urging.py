"""What a supervisor does to hurry a cycle: let it go on now, remind who has not rated. Decides nothing about it."""

from states import Refused
from states.cycle import ENDED
from svcqa.assessment import inviting, requests, standing
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access

GO_ON = access.Act("立即继续", frozenset({"supervisor"}))
AT_ONCE = 500
REMIND = access.Act("催办评分", frozenset({"supervisor"}))


def go_on(tx: Transaction, cycle_id: str) -> None:
    """Ask that a cycle be taken up now; asked twice, it is one request. Raises Forbidden, Refused at the end."""
    access.require(tx.actor, GO_ON, unit_id=None)
    if standing.load(tx, cycle_id).stage in ENDED:
        raise Refused("ended", "这个考核周期已经结束，不需要继续。")
    requests.want(tx, cycle_id, reason="asked")


def remind(tx: Transaction, cycle_id: str) -> int:
    """Remind who has ratings open and was not reminded; return how many. Raises Forbidden, Refused."""
    access.require(tx.actor, REMIND, unit_id=None)
    cycle = standing.load(tx, cycle_id, locked=True)
    if cycle.stage != "collecting":
        raise Refused("not_collecting", "评分已经截止，不需要再催办。请刷新页面查看最新进展。")
    sheets = inviting.unreminded(tx, cycle, most=AT_ONCE)
    for sheet in sheets:
        inviting.remind(tx, cycle, sheet)
    return len(sheets)
