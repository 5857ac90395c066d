"""The two doors into a complaint's life: `register` begins it, `advance` leads it on.

Six steps in the same order: load, may I, may it, apply, remember, tell.
"""

from dataclasses import dataclass, replace
from typing import Any

from states import Step
from states.complaint import CLOSED, LAW, PENALIZED
from states.complaint_facts import Facts
from svcqa.casework import clocks, closing, deciding, gathering, handling, record, reviewing, sql, telling
from svcqa.casework.change import Change
from svcqa.casework.forms import Form
from svcqa.casework.snapshot import Case, load
from svcqa.casework.work import Effect, Work
from svcqa.kernel import audit
from svcqa.kernel.errors import Stale
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.rulebook import library

EFFECTS: dict[str, Effect] = {
    "verify": handling.verify,
    "propose_dismissal": handling.propose("dismissal"),
    "dismiss": handling.end("dismissed"),
    "withdraw": handling.withdraw,
    "merge": handling.merge,
    "propose_settlement": handling.propose("settlement"),
    "settle": handling.end("settled"),
    "propose_exoneration": handling.propose("exoneration"),
    "exonerate": handling.exonerate,
    "return": handling.send_back,
    "hear": handling.hear,
    "classify": handling.classify,
    "penalize": deciding.penalize,
    "waive": deciding.waive,
    "serve": deciding.serve,
    "rescind": deciding.rescind,
    "appeal": reviewing.appeal,
    "retract": reviewing.retract,
    "uphold": reviewing.outcome("upheld", "uphold"),
    "reduce": reviewing.outcome("reduced", "reduce"),
    "revoke": reviewing.outcome("revoked", "revoke"),
    "remand": reviewing.remand,
    "reply": closing.reply,
    "assign": closing.assign,
    "close": closing.close,
    "reopen": closing.reopen,
}


@dataclass(frozen=True)
class Advanced:
    """What a step came to."""

    number: str
    state: str
    version: int
    facts: dict[str, object]


def advance(tx: Transaction, number: str, *, form: Form) -> Advanced:
    """Lead a complaint one step on, or refuse with the reason (Refused, Forbidden, Invalid, Stale, NotFound)."""
    case = load(tx, number, locked=True)
    _demand_fresh(tx, case, form)
    access.require(tx.actor, LAW.move(form.move), unit_id=case.row["unit_id"])
    regulation = library.by_hash(tx, case.row["regulation"])
    step = LAW.advance(case.state, form.move, gathering.gather(tx, case, regulation, form=form))
    work = Work(tx, case, form, step, regulation, Change(tx))
    EFFECTS[form.move](work)
    _move(work)
    audit.record(
        tx,
        f"complaint.{step.move}",
        kind="complaint",
        id=case.id,
        version=(case.row["version"], case.row["version"] + 1),
        texts=work.change.texts,
        facts={
            "number": number,
            "from": step.source,
            "to": step.target,
            **work.change.facts,
            "rows": work.change.rows,
        },
    )
    _count(work)
    telling.tell(work)
    return Advanced(number, step.target, case.row["version"] + 1, work.change.facts)


def _demand_fresh(tx: Transaction, case: Case, form: Form) -> None:
    if form.version is not None and form.version != case.row["version"]:
        state = LAW.state(case.state).label
        raise Stale(
            "你打开这一页之后，本单已被其他人办理过，你的操作没有保存。请对照最新内容再提交。",
            (*record.since(tx, case.id, version=form.version), f"现在的状态：{state}"),
        )


def _move(work: Work) -> None:
    """Write the new state with its clock."""
    case, step = work.case, work.step
    values = {**work.values, **_clock(work)}
    if step.target != step.source:
        values["state"] = step.target
    if step.target == CLOSED:
        values["closed_at"] = work.tx.now
        if step.move != "merge":  # the lead case goes on owing the answer
            clocks.stop_reply(work.change, case)
    if step.move == "reopen" and _owes_anew(work):
        clocks.start_reply(work.change, case.id, work.regulation)
    work.change.advance(case.id, version=case.row["version"], values=values)


def _count(work: Work) -> None:
    """Keep the counters. After the event: who holds the chain's head is alone, so nobody waits for two counters."""
    if work.step.target != work.step.source:
        sql.COUNT_STATE.run(work.tx, state=work.step.source, by=-1)
        sql.COUNT_STATE.run(work.tx, state=work.step.target, by=1)


def _clock(work: Work) -> dict[str, Any]:
    """Start the clock of the state entered, or of the wait a penalized case came to."""
    case, step, penalties = work.case, work.step, work.penalties()
    stays = step.target == step.source
    if stays and (case.state != PENALIZED or not clocks.waits_anew(case, work.regulation, penalties)):
        return {}
    return clocks.enter(
        work.change, case, step.target, work.regulation, penalties, returning=step.move == "return"
    )


def _owes_anew(work: Work) -> bool:
    """Tell whether a reopened case needs the customer's clock: a merged one's never stopped."""
    running = {deadline["step"] for deadline in work.case.running}
    return bool(work.values["answer_owed"]) and clocks.REPLY not in running


def lapse(tx: Transaction, number: str) -> None:
    """Let the penalties whose window is over become final; the complaint stays in its state."""
    _happen(tx, number, Step("lapse", "期满生效", "", ""), deciding.lapse)


def announce(tx: Transaction, number: str) -> bool:
    """Send the penalty notices that waited for an address or a calendar year; tell whether any went."""
    return _happen(tx, number, Step("announce", "补发通知", "", ""), deciding.announce)


def _happen(tx: Transaction, number: str, step: Step, effect: Effect) -> bool:
    """Let something come due that no person decides; tell whether anything changed."""
    case = load(tx, number, locked=True)
    regulation = library.by_hash(tx, case.row["regulation"])
    work = Work(tx, case, Form(), replace(step, source=case.state, target=case.state), regulation, Change(tx))
    effect(work)
    if not work.change.rows:
        return False
    work.change.advance(case.id, version=case.row["version"], values=_clock(work))
    _remember(work)
    telling.tell(work)
    return True


def _remember(work: Work) -> None:
    case, step, change = work.case, work.step, work.change
    audit.record(
        work.tx,
        f"complaint.{step.move}",
        kind="complaint",
        id=case.id,
        version=(case.row["version"], case.row["version"] + 1),
        texts=change.texts,
        facts={
            "number": case.number,
            "from": step.source,
            "to": step.target,
            **change.facts,
            "rows": change.rows,
        },
    )


def offers(tx: Transaction, case: Case, facts: Facts) -> tuple[tuple[str, str, str | None], ...]:
    """Return (move, label, blocking sentence or None) for what the actor's roles may do now."""
    return tuple((o.name, o.label, o.refusal) for o in LAW.offers(case.state, facts, tx.actor.roles))
