"""What comes due by itself: alarms, windows that lapse, mails that count as served, clocks that wait for a year.

Each is done once, in batches of one transaction each, also after days of downtime and with two sweepers.
What fails is logged and left for the next sweep; it keeps nothing else from being done.
"""

import logging
from dataclasses import dataclass
from typing import Any

from notifications import notices
from states import Refused
from states.complaint import CLOSED
from svcqa.casework import asking, clocks, complaints, forms, sql
from svcqa.casework.change import Change
from svcqa.casework.snapshot import Row, load, row_of
from svcqa.casework.telling import page_of, post_all
from svcqa.kernel import audit
from svcqa.kernel.batches import Do, Due, any_due, until_done
from svcqa.kernel.calendar import Term, local_day
from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import with_moments
from svcqa.kernel.transaction import Transaction, Workplace
from svcqa.organisation import access, correspondence, people
from svcqa.organisation.people import PersonCard
from svcqa.rulebook import library

log = logging.getLogger("svcqa.sweep")

ASKING: tuple[tuple[Due, Do], ...] = (
    (asking.unreached, asking.ask_for_paper),
    (asking.years_missing, asking.ask_for_year),
    (asking.held, asking.ask_about_letter),
)


@dataclass(frozen=True)
class Swept:
    """How much one sweep did; what failed is tried again by the next."""

    alarms: int = 0
    announced: int = 0
    served: int = 0
    closed: int = 0
    computed: int = 0
    asked: int = 0
    failed: int = 0


def sweep(place: Workplace) -> Swept:
    """Do everything that has come due, batch by batch, until nothing is left."""
    failed: set[str] = set()
    if not any_due(place, [due for due, _ in (*DOING.values(), *ASKING)]):
        return Swept()
    done = {name: until_done(place, due, do, failed) for name, (due, do) in DOING.items()}
    asked = sum(until_done(place, due, ask, failed) for due, ask in ASKING)
    return Swept(**done, asked=asked, failed=len(failed))


def _ripe(tx: Transaction, most: int) -> list[Row]:
    """Return the clocks with an alarm that is due."""
    ripe = sql.DUE_DEADLINES if tx.dialect == "sqlite" else sql.DUE_DEADLINES_LOCKED
    return [dict(with_moments(row)) for row in ripe.rows(tx, now=tx.now, most=most)]


def _raise(tx: Transaction, deadline: Row) -> bool:
    """Tell what is near, passed or pushed from above, and set the clock to its next alarm."""
    row = row_of(tx, deadline["number"])
    plan, missing = clocks.alarms(tx.calendar, library.by_hash(tx, row["regulation"]), deadline)
    ripe = [a for a in plan[deadline["level"] :] if a.at <= tx.now]
    over = any(a.saying != "near" for a in ripe)
    for alarm in ripe:
        if not (alarm.saying == "near" and over):
            _say(tx, row, deadline, alarm)
    change = Change(tx)
    level = deadline["level"] + len(ripe)
    next_at = clocks.moment_of(plan, level)
    change.set("deadline", deadline["id"], level=level, next_at=next_at, missing_year=missing)
    audit.record(
        tx,
        "deadline.alarm",
        kind="complaint",
        id=row["id"],
        facts={
            "number": row["number"],
            "step": deadline["step"],
            "step_label": deadline["label"],
            "said": [a.saying for a in ripe],
            "rows": change.rows,
        },
    )
    return True


def _say(tx: Transaction, row: Row, deadline: Row, alarm: clocks.Alarm) -> None:
    number, link, contact = row["number"], page_of(tx, row["number"]), tx.settings.mail_contact
    matter, step, due = row["subject"], deadline["label"], deadline["due_at"]

    def notice(person: PersonCard) -> notices.Notice:
        common: dict[str, Any] = {
            "recipient_name": person.name,
            "number": number,
            "link": link,
            "contact": contact,
            "matter": matter,
            "step": step,
            "due_at": due,
        }
        if alarm.saying == "near":
            return notices.DeadlineNear(**common)
        if alarm.saying == "passed":
            return notices.DeadlinePassed(**common, expedite_at=None)
        unit = people.unit(tx, row["unit_id"]).name if row["unit_id"] else "未指定单位"
        officer = people.card(tx, row["assignee_id"]).name if row["assignee_id"] else "未指派"
        return notices.CaseExpedited(**common, unit_name=unit, officer_name=officer)

    post_all(tx, _addressees(tx, row, alarm.to), notice, case_id=row["id"])


def _addressees(tx: Transaction, row: Row, to: clocks.Told) -> list[PersonCard]:
    """Return the officer (the supervisors where none is there), the heads of the unit, or the leading group."""
    officer = people.card(tx, row["assignee_id"]) if to == "officer" and row["assignee_id"] else None
    if officer and not officer.left:
        return [officer]
    if to == "unit_head" and row["unit_id"]:
        return people.heads_of(tx, row["unit_id"], local_day(tx.now))
    return access.people_with_role(tx, "reviewer" if to == "leading_group" else "supervisor")


def _unannounced(tx: Transaction, _most: int) -> list[Row]:
    return sql.UNANNOUNCED.rows(tx)


def _announce(tx: Transaction, row: Row) -> bool:
    """Send the penalty notices of a case that waited for an address or a calendar year."""
    return complaints.announce(tx, row["number"])


def _unserved(tx: Transaction, most: int) -> list[Row]:
    return sql.UNSERVED.rows(tx, sent_by=tx.now - correspondence.SERVED_AFTER, most=10 * most)


def _serve(tx: Transaction, row: Row) -> bool:
    """Serve a penalty whose mail reached a designated mailbox and did not bounce for 48 hours."""
    at = correspondence.served_on(tx, row["letter_id"])
    if at is None:
        return False
    try:
        complaints.advance(tx, row["number"], form=forms.Serve(penalty=row["id"], how="mail", served_at=at))
    except Invalid:
        return False  # the window's year is not published yet: it waits, as the law says
    return True


def _lapsed(tx: Transaction, most: int) -> list[Row]:
    return sql.LAPSED_WINDOWS.rows(tx, now=tx.now, most=most)


def _close(tx: Transaction, row: Row) -> bool:
    """Let the lapsed windows of a case become final, and close it unless something holds it open."""
    complaints.lapse(tx, row["number"])
    try:
        if load(tx, row["number"]).state != CLOSED:
            complaints.advance(tx, row["number"], form=forms.Close())
    except Refused:
        log.debug("%s stays open: the customer's answer or a penalty holds it", row["number"])
    return True


def _waiting(tx: Transaction, most: int) -> list[Row]:
    """Return the clocks, and those whose alarms, waited for a calendar year that is loaded by now."""
    years = tx.calendar.years  # what waits for an earlier one, as an import may, waits for ever
    found = sql.MISSING_DEADLINES.rows(tx, first=years[0], last=years[-1], most=most)
    return [dict(with_moments(row)) for row in found]


def _compute(tx: Transaction, deadline: Row) -> bool:
    case = load(tx, deadline["number"], locked=True)
    regulation = library.by_hash(tx, case.row["regulation"])
    change, version = Change(tx), case.row["version"]
    due, missing, waited = deadline["due_at"], None, deadline["due_at"] is None
    if waited:
        due, missing = clocks.compute(tx.calendar, deadline["started_at"], Term.parse(deadline["term"]))
        step_due = {} if deadline["step"] == clocks.REPLY else {"due_at": due, "due_missing_year": missing}
        change.advance(case.id, version=version, values=step_due)
    next_at, missing = clocks.next_alarm(
        tx.calendar, regulation, {**deadline, "due_at": due, "missing_year": missing}
    )
    change.set("deadline", deadline["id"], due_at=due, missing_year=missing, next_at=next_at)
    audit.record(
        tx,
        "deadline.computed",
        kind="complaint",
        id=case.id,
        version=(version, version + 1) if waited else None,
        facts={"number": case.number, "step": deadline["step"], "rows": change.rows},
    )
    return True


DOING: dict[str, tuple[Due, Do]] = {  # in this order: what is computed may be due at once
    "computed": (_waiting, _compute),
    "announced": (_unannounced, _announce),
    "served": (_unserved, _serve),
    "closed": (_lapsed, _close),
    "alarms": (_ripe, _raise),
}
