"""What the decision writes: penalize, waive, serve, lapse, rescind. Sums come in checked."""

import json
from datetime import datetime, timedelta
from typing import Any

from states import penalty as penalty_law
from states.complaint_facts import DECIDE
from svcqa.appeals import links
from svcqa.casework import forms, sums
from svcqa.casework.snapshot import Row
from svcqa.casework.work import Work, demand_outsider, hit_by, hits
from svcqa.kernel.calendar import Term, YearMissing
from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.kernel.money import fen, hundredths
from svcqa.organisation.correspondence import SERVED_AFTER
from svcqa.payroll import orders

LEAST_LEFT = Term.parse("2 working_days")
LONGEST_UNRECORDED = timedelta(days=30)
NO_LETTER: dict[str, Any] = {"letter_id": None, "promised_until_at": None}


def penalize(work: Work) -> None:
    """Write one penalty per open charge, waiting to be served."""
    form = work.asked(forms.Penalize)
    work.take_part(DECIDE)
    for line in form.penalties:
        charge = work.case.charge(line.charge)
        respondent = work.case.respondent(charge["respondent_id"])
        proposal = sums.proposal_for(work.tx, work.case, work.regulation, charge)
        points, amount = hundredths(line.points), fen(line.yuan)
        work.change.add(
            "penalty",
            {
                "id": new_id(),
                "complaint_id": work.case.id,
                "charge_id": charge["id"],
                "respondent_id": respondent["id"],
                "person_id": respondent["person_id"],
                "unit_id": respondent["unit_id"],
                "state": "decided",
                "kind": proposal.kind if amount and respondent["person_id"] else "none",
                "hundredths": points,
                "amount_fen": amount,
                "final_hundredths": points,
                "final_fen": amount,
                "grounds": form.text,
                "calculation": json.dumps(sums.lines_of(proposal), ensure_ascii=False),
                "decided_by": work.tx.actor.person_id,
                "decided_at": work.tx.now,
                "served_how": "",
                **announced(work, respondent),
            },
        )
    work.change.texts["grounds"] = form.text


def announced(work: Work, respondent: Row) -> dict[str, Any]:
    """Return the letter a notice will go by and the window it promises.

    The promise counts from 48 hours after now, when a mail counts as served; an earlier visit never
    shortens it. Without an address, or before the year is published, no notice goes yet.
    """
    people_hit = hit_by(work.tx, respondent)
    if not any(person.email and not person.left for person in people_hit):
        return dict(NO_LETTER)
    try:
        until = work.tx.calendar.due_at(work.tx.now + SERVED_AFTER, work.regulation.appeal_window.term)
    except YearMissing:
        return dict(NO_LETTER)
    return {"letter_id": new_id(), "promised_until_at": until}


def announce(work: Work) -> None:
    """Give a letter to every decided penalty whose notice can go by now."""
    for penalty in work.penalties():
        if penalty["state"] == "decided" and penalty["letter_id"] is None:
            letter = announced(work, work.case.respondent(penalty["respondent_id"]))
            if letter != NO_LETTER:
                work.change.set("penalty", penalty["id"], **letter)


def waive(work: Work) -> None:
    """Close without a penalty, with the reason."""
    work.take_part(DECIDE)
    work.values["closed_how"] = "waived"
    work.change.texts["reason"] = work.asked(forms.Waive).text


def serve(work: Work) -> None:
    """Record how and when a penalty reached the person; its window starts."""
    form = work.asked(forms.Serve)
    penalty = work.case.penalty(form.penalty)
    _demand_server(work, form, penalty)
    at = form.served_at or work.tx.now
    if not penalty["decided_at"] <= at <= work.tx.now:
        raise Invalid("served_at", "送达时间应在作出处罚之后、现在之前，请更正。")
    if form.how != "mail" and work.tx.now - at > LONGEST_UNRECORDED:
        raise Invalid("served_at", "送达已超过 30 天，不能补登记。请重新送达，再按新的送达时间登记。")
    start_window(work, penalty, served_at=at, how=form.how)
    work.change.texts["note"] = form.text


def _demand_server(work: Work, form: forms.Serve, penalty: Row) -> None:
    """Paper is the officer's to record, mail the sweep's, a visit only that of the person it hits."""
    actor = work.tx.actor
    if form.how in ("paper", "deemed") and "officer" not in actor.roles:
        raise Invalid("how", "书面送达和视为送达由经办人登记。")
    if form.how in ("paper", "deemed"):
        demand_outsider(actor, work.case)
    if form.how == "deemed" and not form.text:
        raise Invalid("text", "视为送达须写明原因，例如拒收、离职后无法联系。")
    if form.how == "mail" and "system" not in actor.roles:
        raise Invalid("how", "邮件送达由系统按投递结果登记，不能人工登记。请选择书面送达。")
    if form.how == "visit" and not hits(actor, penalty):
        raise Invalid("penalty", "只有受处罚的本人，或受处罚单位的负责人可以确认收到。")


def start_window(work: Work, penalty: Row, *, served_at: datetime, how: str) -> None:
    """Serve a penalty and start its window; never shorter than what the notice promised.

    What is recorded late leaves two working days from now, so that no window is over before it can be used.
    Raises Invalid when the window runs into a year that is not published: it then has to wait.
    """
    penalty_law.LAW.advance(penalty["state"], "serve", penalty_law.Facts())
    calendar = work.tx.calendar
    try:
        ends = calendar.due_at(served_at, work.regulation.appeal_window.term)
        ends = max(ends, calendar.due_at(work.tx.now, LEAST_LEFT))
    except YearMissing as missing:
        raise Invalid(
            "served_at",
            f"{missing.year} 年的工作日历尚未载入，申诉期无法计算，送达暂不能登记。请管理员先载入日历。",
        ) from missing
    promised = penalty["promised_until_at"]
    work.change.set(
        "penalty",
        penalty["id"],
        state="served",
        served_at=served_at,
        served_how=how,
        window_ends_at=max(ends, promised) if promised else ends,
    )


def lapse(work: Work) -> None:
    """Let every penalty whose window is over become final and go to payroll."""
    for penalty in work.penalties():
        if penalty["state"] == "served" and penalty["window_ends_at"] < work.tx.now:
            penalty_law.LAW.advance("served", "lapse", penalty_law.Facts())
            finish(work, penalty, state="final")


def finish(work: Work, penalty: Row, *, state: str, **values: Any) -> None:
    """End a penalty's life in this state; what is effective and owes money goes to payroll."""
    work.change.set("penalty", penalty["id"], state=state, ended_at=work.tx.now, **values)
    left = {**penalty, **values}["final_fen"]
    if state in penalty_law.EFFECTIVE and penalty["person_id"] and penalty["kind"] != "none" and left > 0:
        order = orders.enter(
            work.tx,
            penalty_id=penalty["id"],
            person_id=penalty["person_id"],
            number=work.case.number,
            kind=penalty["kind"],
            amount_fen=left,
            decided_at=penalty["decided_at"],
        )
        work.change.note("deduction_order", order["id"], order)
        work.change.facts["ordered"] = [*work.change.facts.get("ordered", []), penalty["id"]]


def rescind(work: Work) -> None:
    """Void an own wrong decision; what is decided anew may not be heavier."""
    form = work.asked(forms.Rescind)
    penalty = work.case.penalty(form.penalty)
    work.take_part(DECIDE)
    penalty_law.LAW.advance(penalty["state"], "rescind", penalty_law.Facts())
    if work.penalty_entered(penalty["id"]):
        raise Invalid("penalty", "这项处罚的扣款已转人劳部，不能直接更正。请先由人劳部退回。")
    fix_cap(work, penalty["respondent_id"])
    work.change.set(
        "penalty", penalty["id"], state="rescinded", ended_at=work.tx.now, final_fen=0, final_hundredths=0
    )
    links.replace(work.tx, kind="penalty", object_id=penalty["id"])
    work.change.texts["reason"] = form.text


def fix_cap(work: Work, respondent_id: str) -> None:
    """Remember a respondent's present total as the heaviest that may ever stand again."""
    respondent = work.case.respondent(respondent_id)
    mine = [
        p
        for p in work.penalties()
        if p["respondent_id"] == respondent_id and p["state"] in penalty_law.STANDING
    ]
    cap_fen = sum(p["final_fen"] for p in mine)
    cap_hundredths = sum(p["final_hundredths"] for p in mine)
    if respondent["cap_fen"] is not None:
        cap_fen = min(cap_fen, respondent["cap_fen"])
        cap_hundredths = min(cap_hundredths, respondent["cap_hundredths"])
    work.change.set("respondent", respondent_id, cap_fen=cap_fen, cap_hundredths=cap_hundredths)
