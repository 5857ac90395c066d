"""What a decision will send before it is made: who is told, and the very words of the notice. Posts nothing."""

from dataclasses import dataclass
from datetime import datetime

from notifications import notices
from notifications.rendering import Rendered, render
from svcqa.casework.snapshot import Case, Row
from svcqa.casework.work import hit_by
from svcqa.kernel.calendar import YearMissing, local_day
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.organisation.correspondence import SERVED_AFTER
from svcqa.organisation.people import PersonCard
from svcqa.rulebook.model import Regulation


@dataclass(frozen=True)
class Preview:
    """What one charge's penalty would send: to whom the notice and its copies go, and why it cannot, if so."""

    to: tuple[PersonCard, ...]
    copies: tuple[PersonCard, ...]
    obstacle: str
    letter: Rendered | None


def penalty_notice(tx: Transaction, case: Case, regulation: Regulation, charge: Row) -> Preview:
    """Return what penalising a charge now would send."""
    respondent = case.respondent(charge["respondent_id"])
    hit = tuple(person for person in hit_by(tx, respondent) if not person.left)
    reached = tuple(person for person in hit if person.email)
    copies = _copies(tx, respondent)
    if not reached:
        return Preview((), copies, f"{respondent['name']}没有可用的邮箱，出具后须书面送达。", None)
    try:
        until = tx.calendar.due_at(tx.now + SERVED_AFTER, regulation.appeal_window.term)
    except YearMissing as missing:
        return Preview((), copies, f"{missing.sentence}通知邮件暂不发送，载入后再送达。", None)
    letter = render(_notice(tx, case, regulation, charge, person=reached[0], until=until))
    return Preview(reached, copies, "", letter)


def _copies(tx: Transaction, respondent: Row) -> tuple[PersonCard, ...]:
    """Return the heads of a penalised person's unit: they learn of it, without the sum."""
    if not respondent["person_id"] or not respondent["unit_id"]:
        return ()
    heads = people.heads_of(tx, respondent["unit_id"], local_day(tx.now))
    return tuple(h for h in heads if h.id != respondent["person_id"] and h.email and not h.left)


def _notice(
    tx: Transaction, case: Case, regulation: Regulation, charge: Row, *, person: PersonCard, until: datetime
) -> notices.PenaltyNotice:
    return notices.PenaltyNotice(
        recipient_name=person.name,
        number=case.number,
        link=tx.links.address("/a/……"),
        contact=tx.settings.mail_contact,
        matter=case.row["subject"],
        regulation=f"《{regulation.document.title}》",
        article=regulation.clause(charge["clause_id"]).article,
        decided_on=local_day(tx.now),
        appeal_due_at=until,
        window=regulation.appeal_window.term.label,
    )
