"""One penalty as the person it hits reads it: what was decided and why, line by line, and what can be done
until when. Reads only; nothing of the complainant, of other respondents or of who handled the case.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from states import penalty as penalty_law
from states.complaint import APPEALED
from svcqa.appeals import filing
from svcqa.appeals.filing import Filed
from svcqa.casework import contesting, sums
from svcqa.casework.gathering import appeal_problem
from svcqa.casework.reviewing import PENALTY
from svcqa.casework.snapshot import Case, Row
from svcqa.kernel.calendar import describe
from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook import library
from svcqa.rulebook.model import Regulation

CHARGE = Statement("SELECT * FROM charge WHERE id = :id")
EVIDENCE = Statement(
    "SELECT name FROM evidence WHERE complaint_id = :id AND (kind <> 'statement' OR added_by = :me)"
    " ORDER BY added_at, id"
)
"""What others handed in to defend themselves is theirs: even a file's name may tell who they are."""


@dataclass(frozen=True)
class Cited:
    """The clause a decision rests on, as it stood, and what the tariff made of it then (hundredths, fen)."""

    regulation: str
    article: str
    title: str
    text: str
    share: int
    lines: tuple[sums.CalculationLine, ...]
    total_hundredths: int
    total_fen: int


@dataclass(frozen=True)
class Decision:
    """A penalty with its standing. `left` is what remains of the window in words, empty when none runs."""

    penalty_id: str
    number: str
    subject: str
    occurred_at: datetime
    whose: str
    of_unit: bool
    state: str
    state_label: str
    hundredths: int
    fen: int
    final_hundredths: int
    final_fen: int
    grounds: str
    decided_at: datetime
    cited: Cited
    evidence: tuple[str, ...]
    served_at: datetime | None
    window_ends_at: datetime | None
    window_label: str
    left: str
    appeal_problem: str
    acknowledged_at: datetime | None
    appeal: Filed | None
    review_due_at: datetime | None
    review_term: str
    contact: str


def decision(tx: Transaction, penalty_id: str) -> Decision:
    """Read a penalty for the person it hits; raises NotFound for everybody else."""
    case, penalty = contesting.own_penalty(tx, penalty_id)
    regulation = library.by_hash(tx, case.row["regulation"])
    return Decision(
        penalty_id=penalty_id,
        number=case.number,
        subject=case.row["subject"],
        occurred_at=case.row["occurred_at"],
        whose=case.respondent(penalty["respondent_id"])["name"],
        of_unit=penalty["person_id"] is None,
        hundredths=penalty["hundredths"],
        fen=penalty["amount_fen"],
        final_hundredths=penalty["final_hundredths"],
        final_fen=penalty["final_fen"],
        grounds=penalty["grounds"],
        decided_at=penalty["decided_at"],
        cited=_cited(tx, regulation, penalty),
        evidence=tuple(row["name"] for row in EVIDENCE.rows(tx, id=case.id, me=tx.actor.person_id)),
        contact=tx.settings.mail_contact,
        **_standing(tx, penalty, regulation),
        **_review(tx, case, penalty_id, regulation),
    )


def left_of(tx: Transaction, ends_at: datetime | None) -> str:
    """Say how much working time remains until a moment; nothing when it has passed or is not set."""
    if ends_at is None or ends_at <= tx.now:
        return ""
    return describe(tx.calendar.remaining(tx.now, ends_at), day=tx.calendar.hours.length)


def _standing(tx: Transaction, penalty: Row, regulation: Regulation) -> dict[str, Any]:
    served = penalty["state"] == "served"
    said = contesting.ACKNOWLEDGEMENT.one(tx, id=penalty["id"], action=contesting.ACKNOWLEDGED)
    return {
        "state": penalty["state"],
        "state_label": penalty_law.LAW.state(penalty["state"]).label,
        "served_at": penalty["served_at"],
        "window_ends_at": penalty["window_ends_at"],
        "window_label": regulation.appeal_window.term.label,
        "left": left_of(tx, penalty["window_ends_at"]) if served else "",
        "appeal_problem": appeal_problem(tx, penalty),
        "acknowledged_at": moment(said[0]) if said else None,
    }


def _review(tx: Transaction, case: Case, penalty_id: str, regulation: Regulation) -> dict[str, Any]:
    due = regulation.deadline(APPEALED)
    return {
        "appeal": filing.of(tx, kind=PENALTY, object_ids=[penalty_id]).get(penalty_id),
        "review_due_at": case.row["due_at"] if case.state == APPEALED else None,
        "review_term": due.term.label if due else "",
    }


def _cited(tx: Transaction, regulation: Regulation, penalty: Row) -> Cited:
    """Return the clause also of a charge that was dropped meanwhile."""
    charge: Row = CHARGE.row(tx, id=penalty["charge_id"]) or {}
    clause = regulation.clause(charge["clause_id"])
    lines = sums.decided_lines(penalty)
    return Cited(
        regulation=regulation.document.title,
        article=clause.article,
        title=clause.title,
        text=clause.text,
        share=charge["share"],
        lines=lines,
        total_hundredths=sum(points for _, _, points, _ in lines),
        total_fen=sum(fen for _, _, _, fen in lines),
    )
