"""The results told: one mail per person with the link to reasons and appeal, and the acknowledgement (签收)."""

from typing import Any

from notifications import notices
from svcqa.appeals import links
from svcqa.assessment import telling
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import scheme_of
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people

MAILS_AT_ONCE = 50

UNTOLD = Statement(
    "SELECT s.person_id, r.id AS result_id FROM cycle_subject s JOIN person p ON p.id = s.person_id"
    " JOIN result r ON r.cycle_id = s.cycle_id AND r.person_id = s.person_id"
    " AND r.revision = (SELECT max(revision) FROM result WHERE cycle_id = :id AND person_id = s.person_id)"
    " WHERE s.cycle_id = :id AND s.told_at IS NULL ORDER BY p.staff_number LIMIT :most"
)
TOLD = Statement("UPDATE cycle_subject SET told_at = :now WHERE cycle_id = :id AND person_id = :person_id")


def tell(tx: Transaction, cycle: Cycle, _prepared: Any) -> int:
    """Tell some people who were not told yet, and return how many; who has no address reads it when signed in."""
    waiting = UNTOLD.rows(tx, id=cycle.id, most=MAILS_AT_ONCE)
    for row in waiting:
        _mail(tx, cycle, row["person_id"], row["result_id"])
        TOLD.run(tx, id=cycle.id, person_id=row["person_id"], now=tx.now)
    return len(waiting)


def _mail(tx: Transaction, cycle: Cycle, person_id: str, result_id: str) -> None:
    person, ends_at = people.card(tx, person_id), cycle.appeal_until_at
    if not telling.reachable(person) or ends_at is None:
        return
    link = links.issue(tx, kind="result", object_id=result_id, person_id=person_id)
    title = f"《{scheme_of(tx, cycle).document.title}》"
    telling.post(
        tx,
        cycle,
        person,
        lambda common: notices.YourResult(**common, regulation=title, appeal_due_at=ends_at),
        link=link,
    )
