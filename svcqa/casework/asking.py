"""Mails that ask a person for what the sweep cannot do: serve on paper, load a calendar year, look at a held letter.

Each is asked for once; that the question stands in the outbox is how the next sweep knows.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from notifications import notices
from notifications.notices import Notice
from svcqa.casework.snapshot import Row
from svcqa.casework.telling import page_of, recipient
from svcqa.kernel import outbox
from svcqa.kernel.calendar import Term, YearMissing
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, people
from svcqa.organisation.people import PersonCard

UNSERVED_FOR = Term.parse("3 working_days")
TO_SERVE = Term.parse("2 working_days")
PAPER, YEAR, LETTER = "paper_service", "calendar_year", "held_letter"

UNREACHED = Statement(
    "SELECT p.id, p.decided_at, p.person_id, p.unit_id, c.number, c.assignee_id, b.reason FROM penalty p"
    " JOIN complaint c ON c.id = p.complaint_id LEFT JOIN bounce b ON b.letter_id = p.letter_id"
    " WHERE p.state = 'decided' AND (b.id IS NOT NULL OR p.decided_at <= :before)"
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about_kind = 'paper_service' AND o.about_id = p.id)"
    " ORDER BY p.id LIMIT :most"
)
YEARS_MISSING = Statement(
    "SELECT CAST(d.missing_year AS TEXT) AS id, min(c.number) AS number, count(DISTINCT c.id) AS waiting"
    " FROM deadline d JOIN complaint c ON c.id = d.complaint_id"
    " WHERE d.ended_at IS NULL AND d.missing_year > :last AND NOT EXISTS (SELECT 1 FROM outbox o"
    " WHERE o.about_kind = 'calendar_year' AND o.about_id = CAST(d.missing_year AS TEXT))"
    " GROUP BY d.missing_year LIMIT :most"
)
HELD = Statement(
    "SELECT h.id, h.slug, h.reply, h.id AS number FROM outbox h WHERE h.state = 'held' AND h.slug <> 'mail_held'"
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.about_kind = 'held_letter' AND o.about_id = h.id)"
    " ORDER BY h.id LIMIT :most"
)


def unreached(tx: Transaction, most: int) -> list[Row]:
    """Return the penalties whose mail came back, or that nothing has served for three working days."""
    found = UNREACHED.moments(tx, before=tx.now - timedelta(days=3), most=10 * most)
    return [row for row in found if row["reason"] or _waited(tx, row)][:most]


def _waited(tx: Transaction, row: Row) -> bool:
    try:
        return tx.calendar.due_at(row["decided_at"], UNSERVED_FOR) <= tx.now
    except YearMissing:
        return False


def ask_for_paper(tx: Transaction, row: Row) -> bool:
    """Ask the officer to serve a penalty on paper."""
    try:
        due_at = tx.calendar.due_at(tx.now, TO_SERVE)
    except YearMissing:
        return False
    hit = people.card(tx, row["person_id"]).name if row["person_id"] else people.unit(tx, row["unit_id"]).name
    cause = f"邮件被退回：{row['reason']}" if row["reason"] else "决定作出三个工作日后仍没有查收"
    officer = people.card(tx, row["assignee_id"]) if row["assignee_id"] else None
    asked = [officer] if officer and not officer.left else access.people_with_role(tx, "supervisor")
    return _ask(
        tx,
        asked,
        lambda person: notices.PaperServiceNeeded(
            recipient_name=person.name,
            number=row["number"],
            link=page_of(tx, row["number"]),
            contact=tx.settings.mail_contact,
            employee_name=hit,
            cause=cause,
            due_at=due_at,
        ),
        about=(PAPER, row["id"]),
    )


def years_missing(tx: Transaction, most: int) -> list[Row]:
    """Return the years that deadlines wait for, with how many cases wait."""
    return YEARS_MISSING.rows(tx, last=tx.calendar.years[-1], most=most)


def ask_for_year(tx: Transaction, row: Row) -> bool:
    """Ask the administrators to load a year's working days."""
    return _ask(
        tx,
        access.people_with_role(tx, "administrator"),
        lambda person: notices.CalendarYearMissing(
            recipient_name=person.name,
            number=row["number"],
            link=page_of(tx, row["number"]),
            contact=tx.settings.mail_contact,
            year=int(row["id"]),
            waiting=row["waiting"],
        ),
        about=(YEAR, row["id"]),
    )


def held(tx: Transaction, most: int) -> list[Row]:
    """Return the letters that wait for a person and of which nobody was told."""
    return HELD.rows(tx, most=most)


def ask_about_letter(tx: Transaction, row: Row) -> bool:
    """Ask the administrators whether a letter that was held arrived."""
    labels = {kind.slug: kind.label for kind in notices.EVERY}
    return _ask(
        tx,
        access.people_with_role(tx, "administrator"),
        lambda person: notices.MailHeld(
            recipient_name=person.name,
            number=row["id"],
            link=tx.links.address("/mail?state=held"),
            contact=tx.settings.mail_contact,
            mail_label=labels[row["slug"]],
            held_at=tx.now,
            reply=row["reply"] or "没有收到服务器的答复",
        ),
        about=(LETTER, row["id"]),
    )


def _ask(
    tx: Transaction,
    persons: Iterable[PersonCard],
    make: Callable[[PersonCard], Notice],
    *,
    about: tuple[str, str],
) -> bool:
    """Post the question to each who has an address; without any it stays to be asked."""
    reached = [(person, to) for person in persons if (to := recipient(person))]
    for person, to in reached:
        outbox.post(tx, make(person), to=to, about=about)
    return bool(reached)
