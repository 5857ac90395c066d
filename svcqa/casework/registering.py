"""Registration: a complaint begins its life. Never refused for a missing calendar year or a missing wage."""

from collections.abc import Mapping
from typing import Any

from notifications import notices
from states.complaint import LAW, NEW, RECEIVED
from states.complaint_facts import Facts
from svcqa.casework import clocks, searching, sql, sums
from svcqa.casework.change import Change
from svcqa.casework.forms import Register
from svcqa.kernel import audit, numbers, outbox
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.ids import new_id
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, people
from svcqa.rulebook import library
from svcqa.rulebook.model import Regulation

UNTOUCHED: Mapping[str, Any] = {
    "version": 1,
    "finding": "",
    "finding_text": "",
    "proposal": "",
    "returns_received": 0,
    "returns_verified": 0,
    "reopened": 0,
    "closed_how": "",
    "late": False,
}


def register(tx: Transaction, *, form: Register, source: str, origin: str = "native") -> str:
    """Register a complaint and return its number; the same source and external id give the existing case."""
    if form.external_id:
        tx.alone("complaint", source, form.external_id)
    known = find(tx, source=source, external_id=form.external_id)
    if known:
        return known
    access.require(tx.actor, LAW.move("register"), unit_id=_unit(tx, form))
    LAW.advance(NEW, "register", Facts())
    regulation = _binding(tx, form)
    change = Change(tx)
    row = new_row(tx, form, regulation, source=source, origin=origin)
    respondents = _respondents(tx, form, row["id"])
    names = [r["name"] for r in respondents]
    row["search_text"] = search_text(row["number"], form.subject, *names, *form.respondents)
    row |= _clocks(change, regulation, row)
    change.add("complaint", row)
    for respondent in respondents:
        change.add("respondent", respondent)
    audit.record(
        tx,
        "complaint.register",
        kind="complaint",
        id=row["id"],
        version=(0, 1),
        facts={"number": row["number"], "from": NEW, "to": RECEIVED, "rows": change.rows},
        texts={"subject": form.subject, "narrative": form.narrative},
    )
    sql.COUNT_STATE.run(tx, state=RECEIVED, by=1)
    _tell(tx, form, row, change)
    return str(row["number"])


def _binding(tx: Transaction, form: Register) -> Regulation:
    """Return the regulation of the day of the incident; raises Invalid for a day on which none binds."""
    if form.occurred_at > tx.now:
        raise Invalid("occurred_at", "发生时间不能晚于现在。请更正发生时间。")
    try:
        return library.in_force(tx, tx.settings.regulation, on=local_day(form.occurred_at))
    except NotFound as none:
        raise Invalid("occurred_at", f"按这个发生时间找不到适用的制度：{none.sentence}") from none


def find(tx: Transaction, *, source: str, external_id: str) -> str | None:
    """Return the number of the case a source already handed over under this id."""
    row = sql.BY_SOURCE.one(tx, source=source, external_id=external_id) if external_id else None
    return str(row[0]) if row else None


def search_text(*words: str) -> str:
    """Return the text a search looks through: number, subject, names, in lower case."""
    return " ".join(word.lower() for word in words if word)


def new_row(
    tx: Transaction, form: Register, regulation: Regulation, *, source: str, origin: str
) -> dict[str, Any]:
    """Return the row of a complaint received now, with the next number; raises Invalid."""
    try:
        channel = regulation.channel(form.channel)
    except NotFound as unknown:
        known = "、".join(f"{one.id}（{one.label}）" for one in regulation.channels)
        raise Invalid("channel", f"没有来源渠道 {form.channel}。可选：{known}。") from unknown
    actor, seal = tx.actor, tx.seal
    return {
        "id": new_id(),
        "number": numbers.of_this_month(tx, "TS", digits=4),
        "state": RECEIVED,
        "subject": form.subject,
        "narrative_sealed": seal.close_text(form.narrative),
        "channel": channel.id,
        "source": source,
        "external_id": form.external_id or None,
        "origin": origin,
        "unit_id": _unit(tx, form),
        "assignee_id": actor.person_id if "officer" in actor.roles and actor.via == "web" else None,
        "complainant_sealed": seal.close_text(form.complainant),
        "phone_sealed": seal.close_text(form.phone),
        "email_sealed": seal.close_text(form.email),
        "phone_index": searching.phone_index(tx, form.phone),
        "escalated": form.escalated,
        "possible_class_one": form.possible_class_one,
        "circumstances": ",".join(sorted(form.circumstances)),
        "occurred_at": form.occurred_at,
        "received_at": tx.now,
        "regulation": regulation.hash,
        "answer_owed": channel.id in regulation.customer_reply.channels,
        "created_at": tx.now,
        "updated_at": tx.now,
        **UNTOUCHED,
    }


def _unit(tx: Transaction, form: Register) -> str | None:
    if not form.unit:
        return None
    unit = people.unit_coded(tx, form.unit)
    if unit is None:
        raise Invalid("unit", f"没有编码为 {form.unit} 的单位。请从单位列表中选择。")
    return unit.id


def _unknown(tx: Transaction, key: str) -> str:
    """Say that nobody has this staff number; who bears it as a name is named by number."""
    numbers = "、".join(one.staff_number for one in people.find(tx, key) if one.name == key)
    if numbers:
        return f"请填工号而不是姓名：{key}的工号是 {numbers}。"
    return f"没有工号为 {key} 的员工。请核对工号，或留空待核实时填写。"


def _respondents(tx: Transaction, form: Register, complaint_id: str) -> list[dict[str, Any]]:
    found = []
    for key in dict.fromkeys(form.respondents):
        person = sums.person_called(tx, key)
        if person is None:
            raise Invalid("respondents", _unknown(tx, key))
        found.append(
            {
                "id": new_id(),
                "complaint_id": complaint_id,
                "person_id": person.id,
                "unit_id": person.unit_id,
                "name": person.name,
                "statement_sealed": "",
            }
        )
    return found


def _clocks(change: Change, regulation: Regulation, row: dict[str, Any]) -> dict[str, Any]:
    """Start the step's clock and, where an answer is owed, the customer's."""
    step, label, term, rule = clocks.rule_of(regulation, RECEIVED)
    due_at, missing = clocks.start(
        change, row["id"], regulation, step=step, label=label, term=term, rule=rule
    )
    if row["answer_owed"]:
        clocks.start_reply(change, row["id"], regulation)
    return {"due_step": label, "due_at": due_at, "due_missing_year": missing}


def _tell(tx: Transaction, form: Register, row: dict[str, Any], change: Change) -> None:
    contact, number = tx.settings.mail_contact, row["number"]
    replies = [d["due_at"] for d in change.rows.get("deadline", {}).values() if d["step"] == clocks.REPLY]
    if form.email and replies and replies[0]:
        outbox.post(
            tx,
            notices.ComplaintRegistered(
                recipient_name=form.complainant or "客户",
                number=number,
                link=None,
                contact=contact,
                received_at=tx.now,
                reply_due_at=replies[0],
                follow_code=None,
            ),
            to=Recipient(form.complainant or "客户", form.email),
            about=("complaint", row["id"]),
        )
