"""What the moves before a decision write: verify, dismiss, withdraw, merge, settle, return, hear, classify."""

from states import Refused
from states.complaint import CLASSIFIED
from states.complaint_facts import DECIDE, HANDLE
from svcqa.casework import forms, sums
from svcqa.casework.snapshot import load
from svcqa.casework.work import Effect, Work, hits
from svcqa.kernel.calendar import YearMissing
from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.organisation import people


def verify(work: Work) -> None:
    """Write the finding and the respondents, and open their term to be heard."""
    form = work.asked(forms.Verify)
    work.take_part(HANDLE)
    work.values |= {"finding": form.finding, "finding_text": form.text, "proposal": "", "proposed_by": None}
    work.change.texts |= {"finding": form.text, "no_evidence_reason": form.no_evidence_reason}
    known = {r["person_id"] or r["unit_id"] for r in work.case.respondents}
    for key in form.respondents:
        add_respondent(work, key, known)
    if form.finding == "responsible":
        invite_hearing(work)


def add_respondent(work: Work, key: str, known: set[str]) -> None:
    """Add the person (by staff number) or unit (by code) a form names; raises Invalid when neither exists."""
    person, unit = sums.person_called(work.tx, key), people.unit_coded(work.tx, key)
    if person is None and unit is None:
        raise Invalid(
            "respondents", f"没有工号或单位编码为 {key} 的人员或单位。请从提示中选择，或核对花名册。"
        )
    identity = person.id if person else unit.id if unit else ""
    if identity in known:
        return
    known.add(identity)
    work.change.add(
        "respondent",
        {
            "id": new_id(),
            "complaint_id": work.case.id,
            "person_id": person.id if person else None,
            "unit_id": person.unit_id if person else identity,
            "name": person.name if person else unit.name if unit else "",
            "statement_sealed": "",
        },
    )


def invite_hearing(work: Work) -> None:
    """Give every respondent not yet heard the term of the regulation to state a view.

    Raises Invalid when the term runs into a year that is not published: the finding then has to wait.
    """
    try:
        until = work.tx.calendar.due_at(work.tx.now, work.regulation.hearing.term)
    except YearMissing as missing:
        raise Invalid("finding", f"陈述期限无法计算：{missing.sentence}") from missing
    written = work.change.rows.get("respondent", {})
    waiting = {r["id"] for r in work.case.respondents if r["heard_at"] is None and r["state_by_at"] is None}
    for respondent_id in sorted(waiting | set(written)):
        work.change.set("respondent", respondent_id, state_by_at=until)


def propose(kind: str) -> Effect:
    """Return the effect of proposing an ending that a second person confirms."""

    def effect(work: Work) -> None:
        work.values |= {"proposal": kind, "proposed_by": work.tx.actor.person_id}
        work.change.texts["proposal"] = work.asked(forms.Note).text

    return effect


def end(how: str) -> Effect:
    """Return the effect of closing a case in this way."""

    def effect(work: Work) -> None:
        work.values["closed_how"] = how
        work.change.texts["note"] = work.asked(forms.Note).text

    return effect


def withdraw(work: Work) -> None:
    """Close in the complainant's words; no answer is owed any more."""
    work.values |= {"closed_how": "withdrawn", "answer_owed": False}
    work.change.texts["words"] = work.asked(forms.Withdraw).text


def merge(work: Work) -> None:
    """Close into the lead case, which now owes this complainant the answer as well."""
    lead = load(work.tx, work.asked(forms.Merge).lead)
    work.values |= {"closed_how": "merged", "merged_into": lead.id}


def send_back(work: Work) -> None:
    """Count the return; the step goes on with the time it had left."""
    column = "returns_verified" if work.step.source == CLASSIFIED else "returns_received"
    work.values |= {column: work.case.row[column] + 1, "proposal": "", "proposed_by": None}
    work.change.texts["reason"] = work.asked(forms.Return).text


def hear(work: Work) -> None:
    """Keep a respondent's statement, sealed; what was once said is never overwritten."""
    form = work.asked(forms.Hear)
    actor = work.tx.actor
    respondent = next((r for r in work.case.respondents if r["id"] == form.respondent), None)
    if respondent is None:
        raise Invalid("respondent", "这名被投诉人不在本案中，请刷新页面后重新选择。")
    if "officer" not in actor.roles and not hits(actor, respondent):
        raise Invalid("respondent", "只能提交自己的陈述；代录他人的陈述由经办人办理。")
    if respondent["heard_at"] is not None:
        raise Refused("heard_before", "这名被投诉人的陈述已经记录，不能覆盖。有补充的，请作为证据上传。")
    sealed = work.tx.seal.close_text(form.text)
    work.change.set("respondent", respondent["id"], statement_sealed=sealed, heard_at=work.tx.now)
    work.change.texts["statement"] = form.text


def classify(work: Work) -> None:
    """Replace the open charges by those of the form; the class is the gravest clause's."""
    form = work.asked(forms.Classify)
    work.take_part(HANDLE)
    for charge in work.case.undecided:
        work.change.set("charge", charge["id"], dropped_at=work.tx.now)
    for line in form.charges:
        work.change.add(
            "charge",
            {
                "id": new_id(),
                "complaint_id": work.case.id,
                "respondent_id": line.respondent,
                "clause_id": line.clause,
                "share": line.share,
                "adjustments": ",".join(sorted(set(line.adjustments))),
                "remands": _remands(work, line.respondent),
            },
        )
    kept = [c["clause_id"] for c in work.case.charges if c not in work.case.undecided]
    classes = {work.regulation.clause(c).class_id for c in [*kept, *(line.clause for line in form.charges)]}
    work.values |= {
        "class_id": next(c.id for c in work.regulation.classes if c.id in classes),
        "proposal": "",
    }
    work.change.texts["note"] = form.text


def _remands(work: Work, respondent_id: str) -> int:
    """Return how often a charge against the respondent was remanded, dropped charges included."""
    return sum(p["state"] == "remanded" for p in work.case.penalties if p["respondent_id"] == respondent_id)


def exonerate(work: Work) -> None:
    """Confirm that no clause applies, and close."""
    work.take_part(DECIDE)
    end("exonerated")(work)
