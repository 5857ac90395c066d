"""A cycle that cannot go on because nobody published the working days of a year: the administrator is told."""

from notifications import notices
from svcqa.assessment import moving
from svcqa.assessment.standing import Cycle
from svcqa.assessment.telling import TOLD
from svcqa.kernel import outbox
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access


def tell(tx: Transaction, cycle: Cycle) -> None:
    """Ask the administrators, once per stage, for the calendar that the next move needs."""
    year = moving.missing_year(tx, cycle)
    if year is None:
        return
    for person in access.people_with_role(tx, "administrator"):
        slug = notices.CalendarYearMissing.slug
        if not person.email or TOLD.one(tx, id=cycle.id, slug=slug, person=person.id, since=cycle.stage_at):
            continue
        notice = notices.CalendarYearMissing(
            recipient_name=person.name,
            number=cycle.number,
            link=None,
            contact=tx.settings.mail_contact,
            year=year,
            waiting=1,
        )
        to = Recipient(person.name, person.email, person.id)
        outbox.post(tx, notice, to=to, about=("cycle", cycle.id))
