"""Gathering the facts the law asks about, from the case, the actor and the form. Decides nothing itself."""

from datetime import datetime
from typing import Any

from states import penalty as penalty_law
from states.complaint import APPEALED, CLASSIFIED, CLOSED, PENALIZED, RECEIVED, VERIFIED
from states.complaint_facts import DECIDE, HANDLE, REVIEW, Facts
from svcqa.appeals import filing
from svcqa.casework import forms, sql, sums
from svcqa.casework.snapshot import Case, Row, load
from svcqa.casework.work import hit_by, hits
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.payroll import orders
from svcqa.rulebook.model import Regulation

SHORTEST_REASON = 10


def gather(
    tx: Transaction,
    case: Case,
    regulation: Regulation,
    *,
    form: forms.Form | None = None,
    penalty_id: str = "",
) -> Facts:
    """Return the facts of a case for the actor; with a form also what the form brings."""
    focus = _focus(case, getattr(form, "penalty", "") or penalty_id)
    named = named_in(tx, form)
    values = {
        **_about_actor(tx, case, named),
        **_about_case(tx, case),
        **_about_penalties(tx, case, focus),
        **_about_people(tx, case, focus, form, named),
        **(_about_appeal(tx, case, focus, form)),
        **(_about_reopening(tx, case, regulation) if case.state == CLOSED else {}),
        **(_about_form(tx, case, regulation, form, focus) if form else {}),
    }
    return Facts(**values)


def _focus(case: Case, penalty_id: str) -> Row | None:
    """Return the penalty a move speaks of; without one, the first that waits for the actor's kind of step."""
    if penalty_id:
        return case.penalty(penalty_id)
    for state in ("appealed", "served", "decided", "final"):
        for penalty in case.penalties:
            if penalty["state"] == state:
                return penalty
    return None


def named_in(tx: Transaction, form: forms.Form | None) -> frozenset[str]:
    """Return the persons a verification names as respondents."""
    if not isinstance(form, forms.Verify):
        return frozenset()
    return frozenset(p.id for key in form.respondents if (p := sums.person_called(tx, key)))


def _about_actor(tx: Transaction, case: Case, named: frozenset[str]) -> dict[str, Any]:
    me = tx.actor.person_id
    hit = me is not None and me in named | {r["person_id"] for r in case.respondents}
    return {
        "is_respondent": hit or any(hits(tx.actor, r) for r in case.respondents),
        "is_supervisor": "supervisor" in tx.actor.roles,
        "instances": case.instances(me),
        "proposed_by_actor": me is not None and case.row["proposed_by"] == me,
    }


def _about_case(tx: Transaction, case: Case) -> dict[str, Any]:
    row = case.row
    owed_elsewhere = len(sql.MERGED_UNANSWERED.rows(tx, id=case.id))
    due = [r for r in case.respondents if r["state_by_at"] is not None]
    return {
        "answer_owed": bool(row["answer_owed"]) or owed_elsewhere > 0,
        "answered": row["answered_at"] is not None and owed_elsewhere == 0,
        "merged_unanswered": owed_elsewhere > 0,
        "possible_class_one": bool(row["possible_class_one"]),
        "finding": row["finding"],
        "proposal": row["proposal"],
        "returns": row["returns_received"] if case.state == VERIFIED else row["returns_verified"],
        "heard": all(r["heard_at"] is not None or r["state_by_at"] <= tx.now for r in due),
        "charges": len(case.charges),
        "undecided_charges": len(case.undecided),
    }


def _about_penalties(tx: Transaction, case: Case, focus: Row | None) -> dict[str, Any]:
    owing = [
        p
        for p in case.penalties
        if p["state"] in penalty_law.EFFECTIVE
        and p["person_id"]
        and p["kind"] != "none"
        and p["final_fen"] > 0
    ]
    entered = orders.entered(tx, (p["id"] for p in owing))
    lacking = [p for p in owing if p["id"] not in entered]
    others = [p for p in case.penalties if focus is None or p["id"] != focus["id"]]
    return {
        "pending_appeals": sum(p["state"] == "appealed" for p in case.penalties),
        "open_windows": sum(_window_open(p, tx.now) for p in case.penalties),
        "payroll_pending": len(lacking),
        "other_appeals": sum(p["state"] == "appealed" for p in others),
        "other_windows": sum(p["state"] in penalty_law.OPEN for p in others),
        "other_payroll": sum(p in others for p in lacking),
        "unserved": sum(p["state"] == "decided" for p in case.penalties),
    }


def _window_open(penalty: Row, now: datetime) -> bool:
    """Tell whether a penalty waits to be served or may still be appealed; a move to closed lets the rest lapse."""
    if penalty["state"] == "served":
        return bool(now <= penalty["window_ends_at"])
    return bool(penalty["state"] == "decided")


def _about_people(
    tx: Transaction, case: Case, focus: Row | None, form: forms.Form | None, named: frozenset[str]
) -> dict[str, Any]:
    """Tell whether the separation of duties still leaves somebody for the later instances."""
    if case.state == CLOSED:
        return {}
    hit = named | {r["person_id"] for r in case.respondents if r["person_id"]}
    me = {tx.actor.person_id}
    reviewers = impartial(tx, case, named=named)
    free = reviewers - me - case.participants(HANDLE, DECIDE)
    officers = access.ids_with_role(tx, "officer") - hit - case.participants(DECIDE, REVIEW)
    # Whoever verifies may classify; whoever remands may not.
    handlers = officers - me if case.state == APPEALED else officers
    remains = bool(free) and all(free - reviewed_before(case, r) for r in _decided_anew(case, focus, form))
    facts: dict[str, Any] = {"reviewer_remains": remains, "handler_remains": bool(handlers)}
    if case.state in (RECEIVED, VERIFIED):
        supervisors = access.ids_with_role(tx, "supervisor")
        facts["decider_remains"] = bool(supervisors - me - hit - case.participants(HANDLE, REVIEW))
    if case.state == APPEALED and focus is not None:
        before = reviewed_before(case, focus["respondent_id"])
        earlier = reviewed_before(case, focus["respondent_id"], decided_before=focus["decided_at"])
        facts |= {
            "reviewed_this_appeal": tx.actor.person_id in earlier,
            "excluded_reviewer": ""
            if tx.actor.person_id in reviewers
            else "你是被投诉人或其上级，不能复核本案。",
            "second_reviewer": bool(free - before),
        }
    return facts


def impartial(tx: Transaction, case: Case, *, named: frozenset[str] = frozenset()) -> set[str]:
    """Return the reviewers who are neither respondent, nor head of one that is a unit, nor superior of either."""
    hit = named | {p.id for r in case.respondents for p in hit_by(tx, r)}
    return access.ids_with_role(tx, "reviewer") - hit - access.superiors_of_any(tx, hit)


def reviewed_before(case: Case, respondent_id: str, *, decided_before: datetime | None = None) -> set[str]:
    """Return who has reviewed appeals of a respondent: of all decisions, or of those before a later one.

    Two penalties decided together may go to the same reviewer; a second appeal after a remand may not.
    """
    same = [p for p in case.penalties if p["respondent_id"] == respondent_id and p["reviewed_by"]]
    if decided_before is not None:
        same = [p for p in same if p["state"] == "remanded" or p["decided_at"] < decided_before]
    return {p["reviewed_by"] for p in same}


def _decided_anew(case: Case, focus: Row | None, form: forms.Form | None) -> set[str]:
    """Return the respondents about whom this step leads to a new decision, which they may appeal."""
    if isinstance(form, forms.Classify):
        return {line.respondent for line in form.charges}
    if case.state == CLASSIFIED:
        return {charge["respondent_id"] for charge in case.undecided}
    return {focus["respondent_id"]} if case.state == PENALIZED and focus is not None else set()


def _about_appeal(tx: Transaction, case: Case, focus: Row | None, form: forms.Form | None) -> dict[str, Any]:
    if focus is None:
        return {}
    roles = tx.actor.roles
    own = hits(tx.actor, focus)
    how = form.how if isinstance(form, forms.Appeal) else ""
    asked = form is not None  # before anything is typed, an officer may record paper, a reviewer admit late
    by_paper = "officer" in roles and (how == "paper" or not asked)
    late = "reviewer" in roles and not own and (how == "late" or not asked)
    remands = (
        case.charge(focus["charge_id"])["remands"]
        if focus["charge_id"] in {c["id"] for c in case.charges}
        else 0
    )
    return {
        "may_appeal": own or by_paper or late,
        "appellant": own,
        "appeal_problem": appeal_problem(tx, focus, late=late, handed_in_at=handed_in_at(form)),
        "remanded_before": remands > 0,
    }


def handed_in_at(form: forms.Form | None) -> datetime | None:
    """Return when a paper appeal was handed in, where that was before it is recorded."""
    return form.handed_in_at if isinstance(form, forms.Appeal) and form.how == "paper" else None


def appeal_problem(
    tx: Transaction, penalty: Row, *, late: bool = False, handed_in_at: datetime | None = None
) -> str:
    """Return why this penalty cannot be appealed (with a paper handed in earlier), or an empty text."""
    if penalty["state"] == "decided":
        return "处罚还没有送达。请先凭邮件链接核对工号后四位，或由经办人登记送达。"
    if penalty["state"] == "appealed":
        return "这项处罚的申诉正在复核中，不需要再次提交。"
    if penalty["state"] not in penalty_law.LAW.move("appeal").sources:
        return "这项处罚已经申诉过或已经失效，不能申诉。"
    ends_at = penalty["window_ends_at"]
    facts = penalty_law.Facts(
        window_open=ends_at is None or (handed_in_at or tx.now) <= ends_at,
        appeals_used=len(filing.of(tx, kind="penalty", object_ids=[penalty["id"]])),
        late_admitted=late,
        ordered=bool(orders.entered(tx, [penalty["id"]])),
    )
    refusals = (guard.refusal(facts) for guard in penalty_law.LAW.move("appeal").guards)
    return next((refusal.sentence for refusal in refusals if refusal), "")


def _about_reopening(tx: Transaction, case: Case, regulation: Regulation) -> dict[str, Any]:
    limits = regulation.limits
    if case.row["reopened"] >= limits.reopen_count:
        return {"reopen_problem": f"本单已重启过 {case.row['reopened']} 次，达到制度规定的上限。"}
    if tx.now > tx.calendar.due_at(case.row["closed_at"], limits.reopen_within):
        return {
            "reopen_problem": f"办结已超过{limits.reopen_within.label}，不能重启。请登记新的投诉并注明原编号。"
        }
    return {}


def _about_form(
    tx: Transaction, case: Case, regulation: Regulation, form: forms.Form, focus: Row | None
) -> dict[str, Any]:
    text = form.text if isinstance(form, forms.Note | forms.Verify) else "-"
    shortest = SHORTEST_REASON if isinstance(form, forms.Appeal) else 1
    facts: dict[str, Any] = {"form_text": len(text) >= shortest}
    match form:
        case forms.Verify():
            facts["form_evidence"] = case.evidence > 0 or bool(form.no_evidence_reason)
            facts["form_respondents"] = bool(form.respondents or case.respondents)
        case forms.Merge():
            facts["form_lead_open"] = _lead_open(tx, case, form.lead)
        case forms.ProposeSettlement():
            facts["form_customer_content"] = form.customer_content
        case forms.Classify():
            facts["form_charges_problem"] = sums.charges_problem(case, regulation, form)
        case forms.Penalize():
            facts["form_sums_problem"] = sums.sums_problem(tx, case, regulation, form)
            facts["form_not_heavier"] = sums.not_heavier(case, form)
        case forms.Reduce() if focus is not None:
            facts["form_lighter"] = sums.lighter(form, focus)
    return facts


def _lead_open(tx: Transaction, case: Case, number: str) -> bool:
    if number == case.number:
        return False
    try:
        return load(tx, number).state != CLOSED
    except NotFound:
        return False
