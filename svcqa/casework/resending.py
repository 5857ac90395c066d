"""Sending the notice of a penalty once more, with a new link: the old one was locked, lost or went astray.

Neither the window nor the way of service changes; the old links die.
"""

from states import Step
from svcqa.appeals import links
from svcqa.casework import telling
from svcqa.casework.change import Change
from svcqa.casework.forms import Form
from svcqa.casework.visibility import seen
from svcqa.casework.work import Work, hit_by
from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.organisation.access import Act
from svcqa.rulebook import library

RESEND = Act("重新发送链接", frozenset({"officer", "supervisor"}))
STATES = frozenset({"decided", "served"})


def resend(tx: Transaction, number: str, *, penalty_id: str) -> None:
    """Replace the links to a penalty and post its notice anew, with the window it already has.

    Raises Forbidden, NotFound, and Invalid where no window runs any more or nobody has an address.
    """
    case = seen(tx, number)
    access.require(tx.actor, RESEND, unit_id=None)
    penalty = case.penalty(penalty_id)
    until = penalty["window_ends_at"] or penalty["promised_until_at"]
    if penalty["state"] not in STATES or until is None:
        raise Invalid(
            "penalty", "这项处罚没有可以重新发送的通知：申诉期已结束，或通知还没有发出过。请刷新页面。"
        )
    if not any(telling.recipient(person) for person in hit_by(tx, penalty)):
        raise Invalid("penalty", "被处罚人没有可用的邮箱，链接没有重新发送。请先登记邮箱，或书面送达。")
    links.replace(tx, kind="penalty", object_id=penalty_id)
    step = Step("resend", RESEND.label, case.state, case.state)
    work = Work(tx, case, Form(), step, library.by_hash(tx, case.row["regulation"]), Change(tx))
    telling.notify(work, {**penalty, "letter_id": new_id(), "promised_until_at": until})
    facts = {"number": number, "penalty": penalty_id}
    audit.record(tx, "link.renewed", kind="complaint", id=case.id, facts=facts)
