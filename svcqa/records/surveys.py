"""What a customer answers to an invitation, and how long an address that was imported for one is kept.

Who is asked, and until when an answer may be changed, is said above.
"""

from datetime import timedelta

from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Transaction
from svcqa.records import sql

LOWEST, HIGHEST = 1, 5
LONGEST_COMMENT = 500
KEPT = timedelta(days=90)
"""An address that no survey has taken for so long is erased."""


def give(
    tx: Transaction, invitation_id: str, *, satisfaction: int | None, solved: bool | None, comment: str
) -> None:
    """Enter an answer; giving again replaces it and keeps its first moment. Raises Invalid, records no event."""
    if satisfaction is None or not LOWEST <= satisfaction <= HIGHEST:
        raise Invalid("satisfaction", "还没有选择满意程度。请在 1 到 5 中选一个。")
    if solved is None:
        raise Invalid("solved", "还没有回答问题是否解决。请选择一项。")
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(
            "comment", f"意见最多写 {LONGEST_COMMENT} 字，现在是 {len(comment)} 字。请缩短后再提交。"
        )
    values = {"satisfaction": satisfaction, "solved": solved, "comment": comment}
    sql.ANSWER.run(tx, id=new_id(), invitation=invitation_id, now=tx.now, **values)


def forget_customer(tx: Transaction, interaction_id: str) -> None:
    """Erase the customer's name and address from an interaction."""
    sql.FORGET_CUSTOMER.run(tx, id=interaction_id)


def forget_unasked(tx: Transaction) -> int:
    """Erase names and addresses that no survey has taken in time, and return how many."""
    return int(sql.FORGET_CUSTOMERS.run(tx, before=tx.now - KEPT).rowcount)
