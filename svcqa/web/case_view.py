"""The page of a complaint as building blocks: stepper, chips, record, and the one action that comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from states.complaint import APPEALED, CLASSIFIED, CLOSED, PENALIZED, RECEIVED, VERIFIED
from states.lifecycle import Offer
from svcqa.casework import clocks
from svcqa.casework.casefile import CaseFile, Charged
from svcqa.casework.evidence import ADDERS
from svcqa.casework.record import Event
from svcqa.casework.resending import RESEND
from svcqa.casework.visibility import SEES_PHONE
from svcqa.casework.worklist import horizon_of
from svcqa.kernel.calendar import Calendar
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook.model import Clause
from svcqa.web.deadlines import reply_chip, spent, step_chip
from svcqa.web.views import Due, Step, short_time

PATH = (RECEIVED, VERIFIED, CLASSIFIED, PENALIZED, APPEALED, CLOSED)
STEP_LABELS = ("受理", "核实", "定性", "处罚", "申诉", "办结")
FIRST = {
    RECEIVED: ("dismiss", "verify"),
    VERIFIED: ("settle", "exonerate", "classify", "propose_settlement"),
    CLASSIFIED: ("penalize", "hear"),
    PENALIZED: ("serve", "close", "appeal"),
    APPEALED: ("uphold", "serve"),
    CLOSED: (),
}
"""Per state, what usually comes next; the first that is open to the reader is the page's main button."""
PROPOSED = {"dismiss": "dismissal", "settle": "settlement", "exonerate": "exoneration"}
AWAITED = ("penalize", "classify", "verify", "close", "uphold")
"""The moves whose absence people ask about: where one is blocked and nothing else comes next, the page says why."""


@dataclass(frozen=True)
class Actions:
    """What may be done: the main button, the others, what is blocked, and the main one's blocking sentence."""

    main: Offer | None
    others: tuple[Offer, ...]
    blocked: tuple[Offer, ...]
    hindered: Offer | None


@dataclass(frozen=True)
class CaseView:
    """What the template needs beside the file itself."""

    file: CaseFile
    steps: tuple[Step, ...]
    due: Due | None
    reply: Due | None
    actions: Actions
    shows_phone: bool
    adds_evidence: bool
    resends: bool
    now: datetime

    @property
    def respondent_options(self) -> list[tuple[str, str]]:
        """The respondents as a list to choose from."""
        return [(each.id, f"{each.name} {each.staff_number}".strip()) for each in self.file.respondents]

    @property
    def clauses(self) -> list[Clause]:
        """The clauses of the charges, each once."""
        return list({charge.clause.id: charge.clause for charge in self.file.charges}.values())

    @property
    def caps(self) -> dict[str, tuple[int, int]]:
        """What an appeal or a correction has fixed as the most a respondent may bear: hundredths and fen."""
        rows = (row for row in self.file.case.respondents if row["cap_fen"] is not None)
        return {row["id"]: (row["cap_hundredths"], row["cap_fen"]) for row in rows}

    def total(self, charge: Charged) -> tuple[int, int]:
        """Return what the calculation of a charge comes to: hundredths of points, fen."""
        return sum(line[2] for line in charge.lines), sum(line[3] for line in charge.lines)


def view_of(tx: Transaction, file: CaseFile) -> CaseView:
    """Turn a case file into its page for the actor."""
    row, horizon = file.case.row, horizon_of(tx)
    due = step_chip(
        tx.calendar,
        now=tx.now,
        horizon=horizon,
        step=row["due_step"],
        due_at=row["due_at"],
        missing_year=row["due_missing_year"],
    )
    return CaseView(
        file=file,
        steps=tuple(_steps(tx.calendar, file)),
        due=None if file.case.state == CLOSED else due,
        reply=_reply(file, tx.now),
        actions=_actions(file),
        shows_phone=bool(file.phone and tx.actor.roles & SEES_PHONE and not file.facts.is_respondent),
        adds_evidence=file.case.state != CLOSED and bool(tx.actor.roles & (ADDERS | {"unit_head"})),
        resends=bool(tx.actor.roles & RESEND.roles),
        now=tx.now,
    )


def _reply(file: CaseFile, now: datetime) -> Due | None:
    running = (clock for clock in file.case.running if clock["step"] == clocks.REPLY and clock["due_at"])
    return next((reply_chip(now=now, due_at=c["due_at"], step=c["label"]) for c in running), None)


def _actions(file: CaseFile) -> Actions:
    """Pick the main button; what nobody has proposed cannot be confirmed and is left out."""
    offers = [offer for offer in file.offers if _sensible(file, offer)]
    free = [offer for offer in offers if not offer.refusal]
    wanted = FIRST[file.case.state]
    main = next((offer for name in wanted for offer in free if offer.name == name), None)
    hindered = next((o for o in offers if o.name in AWAITED and o.refusal), None)
    return Actions(
        main=main,
        others=tuple(offer for offer in free if offer is not main),
        blocked=tuple(offer for offer in offers if offer.refusal),
        hindered=None if main else hindered,
    )


def _sensible(file: CaseFile, offer: Offer) -> bool:
    row = file.case.row
    if offer.name in PROPOSED:
        return bool(row["proposal"] == PROPOSED[offer.name])
    if offer.name == "reply":
        return not offer.refusal
    if offer.name == "propose_dismissal":
        return bool(row["proposal"] != "dismissal")
    if offer.name in ("propose_exoneration", "propose_settlement"):
        return not row["proposal"]
    if offer.name == "rescind":
        return bool(file.case.standing)
    return offer.name not in ("serve", "appeal") or not offer.refusal


def _steps(calendar: Calendar, file: CaseFile) -> Iterator[Step]:
    """Yield the six stages; a stage never entered on the way to the end is optional, so is an appeal."""
    reached = _reached(file.events)
    state = _stage(file)
    before = None
    for place, (key, label) in enumerate(zip(PATH, STEP_LABELS, strict=True)):
        event = reached.get(key)
        if key == CLOSED and state == CLOSED and event:
            yield Step(label, _when(event, spent(calendar, file.case.row["received_at"], event.at)), "done")
        elif place <= PATH.index(state) and event and not (key == APPEALED == state):
            yield Step(label, _when(event, spent(calendar, before.at, event.at) if before else ""), "done")
        else:
            yield _ahead(file, key, label)
        before = event or before


def _stage(file: CaseFile) -> str:
    """Return the stage the case stands at; a state beside the path stands at the stage it was entered from."""
    if file.case.state in PATH:
        return file.case.state
    return next((event.state for event in file.events if event.state in PATH), RECEIVED)


def _ahead(file: CaseFile, key: str, label: str) -> Step:
    state = _stage(file)
    passed = PATH.index(key) < PATH.index(state)
    if key == APPEALED and state != APPEALED:
        window = file.regulation.appeal_window.term.label
        return Step(label, "" if state == CLOSED else f"送达后 {window}内", "optional")
    if passed:
        return Step(label, "未经过这一步", "optional")
    if key == _next(state):
        return Step(label, _waiting(file), "now")
    return Step(label)


def _next(state: str) -> str:
    """Return the stage a state waits for; an appeal is waited for only while one is pending."""
    if state in (PENALIZED, CLOSED):
        return CLOSED
    return APPEALED if state == APPEALED else PATH[PATH.index(state) + 1]


def _waiting(file: CaseFile) -> str:
    row = file.case.row
    if row["due_at"] is None:
        return "时限待定"
    step = f"待{row['due_step']}" if row["due_step"] != "申诉期" else "申诉期内"
    return f"{step}，{short_time(row['due_at'])} 截止"


def _when(event: Event, used: str) -> str:
    return f"{short_time(event.at)}　{used or event.who}"


def _reached(events: tuple[Event, ...]) -> dict[str, Event]:
    """Return the newest event by which each state was entered."""
    found: dict[str, Event] = {}
    for event in events:
        if event.state:
            found.setdefault(event.state, event)
    return found
