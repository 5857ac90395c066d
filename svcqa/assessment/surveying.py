"""Asking customers in a cycle: who is drawn, the invitation, one reminder, and when their addresses are erased.

A name and an address stay sealed, and go when the answer is there or the survey is over.
"""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from notifications import notices
from svcqa.assessment import terms
from svcqa.assessment.standing import Cycle
from svcqa.kernel import audit, outbox
from svcqa.kernel.batches import Row
from svcqa.kernel.calendar import local_day, midnight
from svcqa.kernel.ids import new_id
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import Transaction
from svcqa.records import surveys

PURPOSE = "survey"
ADDRESSES_AT_ONCE = 100
SOMEBODY = "尊敬的客户"
PARTS = 10_000
"""Into how many parts the customers fall; the scheme's share of them is asked."""

ADDRESSED = Statement(
    "SELECT i.id, i.person_id, i.unit_id, i.resolved_at, i.sealed_name, i.sealed_email FROM interaction i"
    " JOIN cycle_subject s ON s.cycle_id = :id AND s.person_id = i.person_id"
    " WHERE i.sealed_email IS NOT NULL AND i.resolved_at >= :from_at AND i.resolved_at < :until_at"
    " ORDER BY i.resolved_at DESC, i.id LIMIT :most"
)
INVITE = Statement(
    insert(
        "survey_invitation",
        "id campaign_id interaction_id person_id unit_id customer_key sealed_name sealed_email invited_at remind_at"
        " expires_at",
    ).sqlite
    + " ON CONFLICT DO NOTHING"
)
# Each of them is open: not answered, not over, its cycle collecting, and not reminded yet.
UNREMINDED = Statement(
    "SELECT v.*, c.number, c.title, i.resolved_at FROM survey_invitation v JOIN cycle c ON c.id = v.campaign_id"
    " JOIN interaction i ON i.id = v.interaction_id WHERE v.remind_at <= :now AND v.expires_at > :now"
    " AND v.reminded_at IS NULL AND v.sealed_email IS NOT NULL AND c.stage = 'collecting'"
    " ORDER BY v.id LIMIT :most"
)
REMINDED = Statement("UPDATE survey_invitation SET reminded_at = :now WHERE id = :id")
OVER = Statement(
    "SELECT v.campaign_id, c.number, count(*) AS customers FROM survey_invitation v"
    " JOIN cycle c ON c.id = v.campaign_id"
    " WHERE v.customer_key IS NOT NULL AND (v.expires_at <= :now OR c.stage <> 'collecting')"
    " GROUP BY v.campaign_id, c.number ORDER BY v.campaign_id"
)
FORGET = Statement(
    "UPDATE survey_invitation SET sealed_name = NULL, sealed_email = NULL, customer_key = NULL"
    " WHERE campaign_id = :id AND customer_key IS NOT NULL AND (expires_at <= :now OR NOT EXISTS"
    " (SELECT 1 FROM cycle c WHERE c.id = survey_invitation.campaign_id AND c.stage = 'collecting'))"
)


def ask(tx: Transaction, cycle: Cycle, _prepared: Any) -> int:
    """Go through some customers of the period, ask those who are drawn, and return how many were looked at.

    Each customer is drawn once, by address, and asked about the latest interaction. No address stays behind.
    """
    form = terms.scheme_of(tx, cycle).survey
    if form is None or cycle.collect_until_at is None or tx.now >= cycle.collect_until_at:
        return 0
    expires_at = min(tx.calendar.due_at(tx.now, form.expires), cycle.collect_until_at)
    remind_at = terms.remind_between(tx, cycle, tx.now, expires_at)
    span = (midnight(cycle.period_from), midnight(cycle.period_until + timedelta(days=1)))
    found = ADDRESSED.moments(tx, id=cycle.id, from_at=span[0], until_at=span[1], most=ADDRESSES_AT_ONCE)
    for row in found:
        key = tx.seal.blind_index(_open(tx, row["sealed_email"]).lower())
        if is_drawn(cycle.number, key, form.sample_percent):
            _invite(tx, cycle, row, customer_key=key, remind_at=remind_at, expires_at=expires_at)
        surveys.forget_customer(tx, row["id"])
    return len(found)


def is_drawn(number: str, customer_key: str, percent: Decimal) -> bool:
    """Tell whether a customer belongs to the share of a cycle that is asked; the same on every call."""
    digest = hashlib.sha256(f"{number} {customer_key}".encode()).digest()
    return int.from_bytes(digest[:8]) % PARTS < percent * PARTS / 100


def unreminded(tx: Transaction, most: int) -> list[Row]:
    """Return invitations whose customer is due to be reminded."""
    return UNREMINDED.moments(tx, now=tx.now, most=most)


def remind(tx: Transaction, row: Row) -> bool:
    """Remind a customer, once."""
    _mail(tx, row, notices.SurveyReminder)
    REMINDED.run(tx, id=row["id"], now=tx.now)
    audit.record(tx, "survey.reminded", kind="survey", id=row["id"], facts={"number": row["number"]})
    return True


def forget(tx: Transaction) -> int:
    """Erase what is known of customers whose survey is over, and return of how many."""
    total = surveys.forget_unasked(tx)
    for over in OVER.rows(tx, now=tx.now):
        FORGET.run(tx, id=over["campaign_id"], now=tx.now)
        facts = {"number": over["number"], "customers": over["customers"]}
        audit.record(tx, "survey.forgotten", kind="cycle", id=over["campaign_id"], facts=facts)
        total += over["customers"]
    return total


def _invite(
    tx: Transaction, cycle: Cycle, row: Row, *, customer_key: str, remind_at: datetime, expires_at: datetime
) -> None:
    asked = {
        "id": new_id(),
        "campaign_id": cycle.id,
        "interaction_id": row["id"],
        "customer_key": customer_key,
        "expires_at": expires_at,
        **{name: row[name] for name in ("person_id", "unit_id", "sealed_name", "sealed_email")},
    }
    if INVITE.run(tx, **asked, invited_at=tx.now, remind_at=remind_at).rowcount:
        about = {"number": cycle.number, "resolved_at": row["resolved_at"]}
        _mail(tx, {**asked, **about}, notices.CustomerSurvey)


def _mail(tx: Transaction, row: Row, kind: type[notices.CustomerSurvey | notices.SurveyReminder]) -> None:
    name = _open(tx, row["sealed_name"]) or SOMEBODY
    notice = kind(
        recipient_name=name,
        number=row["number"],
        link=tx.links.address(f"/s/{tx.links.token(PURPOSE, row['id'])}"),
        contact=tx.settings.mail_contact,
        served_on=local_day(row["resolved_at"]),
        due_at=row["expires_at"],
    )
    to = Recipient(name, _open(tx, row["sealed_email"]))
    outbox.post(tx, notice, to=to, about=("cycle", row["campaign_id"]))


def _open(tx: Transaction, sealed: bytes | None) -> str:
    return tx.seal.open(bytes(sealed)).decode() if sealed else ""
