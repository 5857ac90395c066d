"""What comes due by itself: alarms, windows that lapse, mails that count as served, clocks that wait for a year.

Each is done once, in batches of one transaction each, also after days of downtime and with two sweepers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from notifications import notices
from states import Refused
from states.complaint import CLOSED
from svcqa.casework import clocks, complaints, forms, sql
from svcqa.casework.change import Change
from svcqa.casework.snapshot import Row, load
from svcqa.casework.telling import page_of, post_all
from svcqa.kernel import audit
from svcqa.kernel.calendar import Term, local_day
from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import with_moments
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace
from svcqa.organisation import access, correspondence, people
from svcqa.organisation.people import PersonCard
from svcqa.rulebook import library

BATCH = 200


@dataclass(frozen=True)
class Swept:
    """How much one sweep did."""

    alarms: int
    announced: int
    served: int
    closed: int
    computed: int


def sweep(place: Workplace) -> Swept:
    """Do everything that has come due, batch by batch, until nothing is left."""
    return Swept(
        computed=_until_done(place, compute_missing),
        announced=_until_done(place, announce_waiting),
        served=_until_done(place, serve_mailed),
        closed=_until_done(place, close_lapsed),
        alarms=_until_done(place, raise_alarms),
    )


def _until_done(place: Workplace, batch: Callable[[Transaction], int]) -> int:
    total = 0
    while True:
        with place.transaction(SYSTEM) as tx:
            done = batch(tx)
        total += done
        if done < BATCH:
            return total


def raise_alarms(tx: Transaction) -> int:
    """Tell what is near, passed or pushed from above, and set each clock to its next alarm."""
    ripe = sql.DUE_DEADLINES if tx.dialect == "sqlite" else sql.DUE_DEADLINES_LOCKED
    due = [dict(with_moments(row)) for row in ripe.rows(tx, now=tx.now, most=BATCH)]
    for deadline in due:
        _raise(tx, deadline)
    return len(due)


def _raise(tx: Transaction, deadline: Row) -> None:
    case = load(tx, deadline["number"])
    regulation = library.by_hash(tx, case.row["regulation"])
    plan, _ = clocks.alarms(tx.calendar, regulation, deadline)
    ripe = [a for a in plan[deadline["level"] :] if a.at <= tx.now]
    over = any(a.saying != "near" for a in ripe)
    for alarm in ripe:
        if not (alarm.saying == "near" and over):
            _say(tx, case.row, deadline, alarm)
    change = Change(tx)
    level = deadline["level"] + len(ripe)
    next_at, missing = clocks.next_alarm(tx.calendar, regulation, {**deadline, "level": level})
    change.set("deadline", deadline["id"], level=level, next_at=next_at, missing_year=missing)
    audit.record(
        tx,
        "deadline.alarm",
        kind="complaint",
        id=case.id,
        facts={
            "number": case.number,
            "step": deadline["step"],
            "said": [a.saying for a in ripe],
            "rows": change.rows,
        },
    )


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
    """Return the officer (the supervisors where none is assigned), the heads of the unit, or the leading group."""
    if to == "officer" and row["assignee_id"]:
        return [people.card(tx, row["assignee_id"])]
    if to == "unit_head" and row["unit_id"]:
        return people.heads_of(tx, row["unit_id"], local_day(tx.now))
    return access.people_with_role(tx, "reviewer" if to == "leading_group" else "supervisor")


def announce_waiting(tx: Transaction) -> int:
    """Send the penalty notices that waited for an address or a calendar year."""
    numbers = [row["number"] for row in sql.UNANNOUNCED.rows(tx)]
    return sum(complaints.announce(tx, number) for number in numbers)


def serve_mailed(tx: Transaction) -> int:
    """Serve every penalty whose mail reached a designated mailbox and did not bounce for 48 hours."""
    served = 0
    for row in sql.UNSERVED.rows(tx, sent_by=tx.now - correspondence.SERVED_AFTER, most=10 * BATCH):
        at = correspondence.served_on(tx, row["letter_id"])
        if at is None or served == BATCH:
            continue
        form = forms.Serve(penalty=row["id"], how="mail", served_at=at)
        try:
            complaints.advance(tx, row["number"], form=form)
        except Invalid:
            continue  # the window's year is not published yet: it waits, as the law says
        served += 1
    return served


def close_lapsed(tx: Transaction) -> int:
    """Let lapsed windows become final, and close the cases that nothing holds open."""
    rows = sql.LAPSED_WINDOWS.rows(tx, now=tx.now, most=BATCH)
    for row in rows:
        complaints.lapse(tx, row["number"])
        case = load(tx, row["number"])
        try:
            if case.state != CLOSED:
                complaints.advance(tx, row["number"], form=forms.Close())
        except Refused:
            continue  # the customer's answer or another penalty holds it open; its own clock reminds
    return len(rows)


def compute_missing(tx: Transaction) -> int:
    """Compute the clocks, and the alarms of clocks, that waited for a calendar year that is loaded by now."""
    years = tx.calendar.years  # what waits for an earlier one, as an import may, waits for ever
    waiting = sql.MISSING_DEADLINES.rows(tx, first=years[0], last=years[-1], most=BATCH)
    for row in waiting:
        _compute(tx, dict(with_moments(row)))
    return len(waiting)


def _compute(tx: Transaction, deadline: Row) -> None:
    case = load(tx, deadline["number"], locked=True)
    regulation = library.by_hash(tx, case.row["regulation"])
    change, version = Change(tx), case.row["version"]
    due, missing, waited = deadline["due_at"], None, deadline["due_at"] is None
    if waited:
        due, missing = clocks.compute(tx.calendar, deadline["started_at"], Term.parse(deadline["term"]))
        change.advance(case.id, version=version, values={"due_at": due, "due_missing_year": missing})
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
