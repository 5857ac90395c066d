"""Who is told about a step, by which mail. Posting happens in the step's own transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from notifications import notices
from states.complaint_facts import DECIDE, HANDLE
from svcqa.appeals import filing, links
from svcqa.appeals.filing import Filed
from svcqa.casework import gathering
from svcqa.casework.snapshot import Case, Row, load
from svcqa.casework.work import Work, hit_by
from svcqa.kernel import outbox
from svcqa.kernel.calendar import local_day
from svcqa.kernel.ids import new_id
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, people
from svcqa.organisation.people import PersonCard

Teller = Callable[[Work], None]


def tell(work: Work) -> None:
    """Post the mails of a step."""
    for teller in TELLERS.get(work.step.move, ()):
        teller(work)
    if work.change.facts.get("ordered"):
        _order_to_hr(work)


def recipient(person: PersonCard) -> Recipient | None:
    """Return where a person is reached by mail, or None when there is no address."""
    return Recipient(person.name, person.email, person.id) if person.email and not person.left else None


def post_all(
    tx: Transaction,
    persons: Iterable[PersonCard],
    make: Callable[[PersonCard], notices.Notice],
    *,
    case_id: str,
) -> None:
    """Post one mail to each person with an address."""
    for person in persons:
        to = recipient(person)
        if to:
            outbox.post(tx, make(person), to=to, about=("complaint", case_id))


def page_of(tx: Transaction, number: str) -> str:
    """Return the address of a case's page."""
    return tx.links.address(f"/complaints/{number}")


def _common(work: Work, person: PersonCard, link: str | None) -> dict[str, Any]:
    return {
        "recipient_name": person.name,
        "number": work.case.number,
        "link": link,
        "contact": work.tx.settings.mail_contact,
    }


def _invited(work: Work) -> None:
    for respondent_id, row in work.change.rows.get("respondent", {}).items():
        if "state_by_at" not in row:
            continue
        known = {r["id"]: r for r in work.case.respondents}
        full = {**known.get(respondent_id, {}), **row}
        for person in hit_by(work.tx, full):
            to = recipient(person)
            if to:
                link = links.issue(work.tx, kind="hearing", object_id=respondent_id, person_id=person.id)
                outbox.post(
                    work.tx,
                    notices.HearingInvited(
                        **_common(work, person, link),
                        matter=work.case.row["subject"],
                        incident_on=local_day(work.case.row["occurred_at"]),
                        state_by_at=row["state_by_at"],
                    ),
                    to=to,
                    about=("complaint", work.case.id),
                )


def _penalised(work: Work) -> None:
    """Tell each penalised person, with the link; and the heads of the unit, without the sum."""
    _announced(work)
    for penalty in _written(work):
        if penalty["person_id"] and penalty["unit_id"]:
            _copy_to_heads(work, penalty)


def _announced(work: Work) -> None:
    """Tell each penalised person whose notice can go."""
    for penalty in _written(work):
        if penalty["letter_id"]:
            notify(work, penalty)


def _written(work: Work) -> list[Row]:
    return [p for p in work.penalties() if p["id"] in work.change.rows.get("penalty", {})]


def notify(work: Work, penalty: Row) -> None:
    """Post the notice under the letter id the penalty holds; a unit's second head gets a letter of their own."""
    tx, case, letter_id = work.tx, work.case, penalty["letter_id"]
    for person in hit_by(work.tx, penalty):
        to = recipient(person)
        if to is None:
            continue
        link = links.issue(tx, kind="penalty", object_id=penalty["id"], person_id=person.id)
        outbox.post(
            tx,
            notices.PenaltyNotice(
                **_common(work, person, link),
                matter=case.row["subject"],
                **_cited(work, penalty),
                appeal_due_at=penalty["promised_until_at"],
                window=work.regulation.appeal_window.term.label,
            ),
            to=to,
            about=("penalty", penalty["id"]),
            letter_id=letter_id,
        )
        letter_id = new_id()


def _cited(work: Work, penalty: Row) -> dict[str, Any]:
    clause = work.regulation.clause(work.case.charge(penalty["charge_id"])["clause_id"])
    return {
        "regulation": f"《{work.regulation.document.title}》",
        "article": clause.article,
        "decided_on": local_day(penalty["decided_at"]),
    }


def _copy_to_heads(work: Work, penalty: Row) -> None:
    name = work.case.respondent(penalty["respondent_id"])["name"]
    heads = [
        h
        for h in people.heads_of(work.tx, penalty["unit_id"], local_day(work.tx.now))
        if h.id != penalty["person_id"]
    ]
    post_all(
        work.tx,
        heads,
        lambda head: notices.PenaltyCopy(
            **_common(work, head, page_of(work.tx, work.case.number)),
            employee_name=name,
            matter=work.case.row["subject"],
            **_cited(work, penalty),
        ),
        case_id=work.case.id,
    )


def _assigned(work: Work) -> None:
    officer = people.card(work.tx, work.values["assignee_id"])
    post_all(
        work.tx,
        [officer],
        lambda p: notices.CaseAssigned(
            **_common(work, p, page_of(work.tx, work.case.number)),
            matter=work.case.row["subject"],
            step=work.case.row["due_step"],
            due_at=work.case.row["due_at"],
        ),
        case_id=work.case.id,
    )


def _reviewed_earlier(case: Case, penalty_id: str) -> set[str]:
    penalty = case.penalty(penalty_id)
    return gathering.reviewed_before(case, penalty["respondent_id"], decided_before=penalty["decided_at"])


def _tell_appellant(work: Work, make: Callable[[dict[str, Any], Filed], notices.Notice]) -> Filed:
    """Post a mail with a link to the appellant, and return the appeal."""
    tx = work.tx
    penalty_id = work.form.penalty  # type: ignore[attr-defined]  # only appeal and review forms come here
    filed = filing.of(tx, kind="penalty", object_ids=[penalty_id])[penalty_id]
    appellant = people.card(tx, filed.appellant_id)
    link = links.issue(tx, kind="penalty", object_id=penalty_id, person_id=appellant.id)
    post_all(tx, [appellant], lambda p: make(_common(work, p, link), filed), case_id=work.case.id)
    return filed


def _appealed(work: Work) -> None:
    tx, case, due = work.tx, work.case, _step_due(work)
    filed = _tell_appellant(
        work, lambda common, f: notices.AppealReceived(**common, received_at=f.filed_at, decide_by_at=due)
    )
    taken = case.participants(HANDLE, DECIDE) | _reviewed_earlier(case, filed.object_id)
    reviewers = [people.card(tx, one) for one in sorted(gathering.impartial(tx, case) - taken)]
    post_all(
        tx,
        reviewers,
        lambda p: notices.AppealFiled(
            **_common(work, p, page_of(tx, case.number)),
            matter=case.row["subject"],
            received_at=filed.filed_at,
            decide_by_at=due,
        ),
        case_id=case.id,
    )


def _step_due(work: Work) -> datetime:
    """When the step just started is due; the moment itself where no year is published."""
    started = [d["due_at"] for d in work.change.rows.get("deadline", {}).values() if d.get("due_at")]
    return started[-1] if started else work.case.row["due_at"] or work.tx.now


def _reviewed(work: Work) -> None:
    today = local_day(work.tx.now)
    _tell_appellant(
        work, lambda common, f: notices.AppealDecided(**common, received_at=f.filed_at, decided_on=today)
    )


def _rescinded(work: Work) -> None:
    """Tell who was told of the penalty that it is void."""
    penalty = work.case.penalty(work.form.penalty)  # type: ignore[attr-defined]  # only this form comes here
    if penalty["letter_id"] or penalty["served_at"]:
        _withdrawn(work, penalty, decided_anew=True)


def _waived(work: Work) -> None:
    """Tell who was invited to be heard that nothing follows."""
    for respondent in work.case.respondents:
        if respondent["state_by_at"]:
            _withdrawn(work, respondent, decided_anew=False)


def _withdrawn(work: Work, row: Row, *, decided_anew: bool) -> None:
    post_all(
        work.tx,
        hit_by(work.tx, row),
        lambda p: notices.PenaltyWithdrawn(
            **_common(work, p, None), matter=work.case.row["subject"], decided_anew=decided_anew
        ),
        case_id=work.case.id,
    )


def _order_to_hr(work: Work) -> None:
    link = work.tx.links.address("/payroll/orders")
    post_all(
        work.tx,
        access.people_with_role(work.tx, "hr"),
        lambda p: notices.PenaltyOrder(**_common(work, p, link)),
        case_id=work.case.id,
    )


def _replied(work: Work) -> None:
    for row in (work.case.row, *(load(work.tx, number).row for number in work.change.facts["merged"])):
        _answer(work, row)


def _answer(work: Work, row: Row) -> None:
    tx = work.tx
    email = tx.seal.open_text(row["email_sealed"])
    if not email:
        return
    name = tx.seal.open_text(row["complainant_sealed"]) or "客户"
    outbox.post(
        tx,
        notices.CustomerReply(
            recipient_name=name,
            number=row["number"],
            link=None,
            contact=tx.settings.mail_contact,
            reply=work.change.texts["reply"],
            objection_due_at=tx.now + timedelta(days=15),
        ),
        to=Recipient(name, email),
        about=("complaint", row["id"]),
    )


TELLERS: dict[str, tuple[Teller, ...]] = {
    "verify": (_invited,),
    "penalize": (_penalised,),
    "announce": (_announced,),
    "rescind": (_rescinded,),
    "waive": (_waived,),
    "assign": (_assigned,),
    "appeal": (_appealed,),
    "uphold": (_reviewed,),
    "reduce": (_reviewed,),
    "revoke": (_reviewed,),
    "remand": (_reviewed,),
    "reply": (_replied,),
}
