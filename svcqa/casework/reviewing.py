"""What an appeal and its review write. The statement lives in `appeals`; the outcome is applied here."""

from states import penalty as penalty_law
from states.complaint_facts import REVIEW
from svcqa.appeals import filing, links
from svcqa.casework import forms
from svcqa.casework.deciding import finish, fix_cap
from svcqa.casework.snapshot import Row
from svcqa.casework.work import Effect, Work, hit_by, hits
from svcqa.kernel.errors import Invalid
from svcqa.kernel.money import fen, hundredths

PENALTY = "penalty"


def appeal(work: Work) -> None:
    """File the appeal; the present total is from now on the heaviest that may stand."""
    form = work.asked(forms.Appeal)
    penalty = work.case.penalty(form.penalty)
    _demand_paper(work, form, penalty)
    penalty_law.LAW.advance(penalty["state"], "appeal", penalty_law.Facts(window_open=True))
    filed = filing.file(
        work.tx,
        kind=PENALTY,
        object_id=penalty["id"],
        appellant_id=_appellant(work, penalty),
        how=form.how,
        reason=form.text,
    )
    work.change.set("penalty", penalty["id"], state="appealed", ended_at=None)
    fix_cap(work, penalty["respondent_id"])
    work.change.texts["reason"] = form.text
    work.change.note("appeal", filed["id"], filed)
    work.change.facts["receipt"] = filed["receipt"]
    if form.handed_in_at:
        work.change.facts["handed_in_at"] = form.handed_in_at


def _demand_paper(work: Work, form: forms.Appeal, penalty: Row) -> None:
    """Only a paper can have come before it is recorded: after the penalty was served, and not in the future."""
    at = form.handed_in_at
    if at and form.how != "paper":
        raise Invalid("handed_in_at", "只有书面申诉可以填写收到时间。请删去收到时间。")
    if at and not penalty["served_at"] <= at <= work.tx.now:
        raise Invalid("handed_in_at", "书面申诉的收到时间应在送达之后、现在之前，请更正。")


def _appellant(work: Work, penalty: Row) -> str:
    """Return the person hit; for a unit the head who acts, or its first head when the paper was recorded."""
    if hits(work.tx.actor, penalty) and work.tx.actor.person_id:
        return work.tx.actor.person_id
    return next((person.id for person in hit_by(work.tx, penalty)), "")


def retract(work: Work) -> None:
    """Take the appeal back: the penalty becomes final."""
    penalty = work.case.penalty(work.asked(forms.Retract).penalty)
    penalty_law.LAW.advance(penalty["state"], "retract", penalty_law.Facts())
    _decided(work, penalty, state="retracted", grounds="")
    finish(work, penalty, state="final")


def _decided(work: Work, penalty: Row, *, state: str, grounds: str) -> None:
    decided = filing.decide(work.tx, kind=PENALTY, object_id=penalty["id"], state=state, grounds=grounds)
    work.change.note("appeal", decided["id"], decided)


def outcome(state: str, move: str) -> Effect:
    """Return the effect of an outcome that leaves the charge decided: upheld, reduced or revoked."""

    def effect(work: Work) -> None:
        form = work.asked(forms.Review)
        penalty = work.case.penalty(form.penalty)
        work.take_part(REVIEW)
        penalty_law.LAW.advance(penalty["state"], move, penalty_law.Facts())
        _decided(work, penalty, state=state, grounds=form.text)
        left = {}
        if isinstance(form, forms.Reduce):
            left = {"final_fen": fen(form.yuan), "final_hundredths": hundredths(form.points)}
        if state == "revoked":
            left = {"final_fen": 0, "final_hundredths": 0}
        finish(work, penalty, state=state, reviewed_by=work.tx.actor.person_id, **left)
        fix_cap(work, penalty["respondent_id"])
        work.change.texts["grounds"] = form.text
        work.values["closed_how"] = "reviewed" if work.step.target == "closed" else ""

    return effect


def remand(work: Work) -> None:
    """Void this penalty and send its charge back to be verified and classified anew."""
    form = work.asked(forms.Remand)
    penalty = work.case.penalty(form.penalty)
    work.take_part(REVIEW)
    penalty_law.LAW.advance(penalty["state"], "remand", penalty_law.Facts())
    _decided(work, penalty, state="remanded", grounds=form.text)
    work.change.set(
        "penalty", penalty["id"], state="remanded", ended_at=work.tx.now, reviewed_by=work.tx.actor.person_id
    )
    charge = work.case.charge(penalty["charge_id"])
    work.change.set("charge", charge["id"], remands=charge["remands"] + 1)
    links.replace(work.tx, kind=PENALTY, object_id=penalty["id"])
    work.change.texts["grounds"] = form.text
