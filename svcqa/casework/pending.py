"""The appeals that wait for a review, with who may not hear them and why. Shows no outcome, writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from states.complaint import LAW
from svcqa.casework import gathering
from svcqa.casework.snapshot import Case, Row, load
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook import library
from svcqa.rulebook.model import Regulation

MOST = 200
PENDING = Statement(
    "SELECT a.receipt, a.filed_at, a.object_id, c.number, w.name AS appellant"
    " FROM appeal a JOIN penalty p ON p.id = a.object_id JOIN complaint c ON c.id = p.complaint_id"
    " JOIN person w ON w.id = a.appellant_id"
    " WHERE a.kind = 'penalty' AND a.state = 'pending' ORDER BY a.filed_at, a.id LIMIT :most"
)


@dataclass(frozen=True)
class PendingAppeal:
    """An appeal that waits; `obstacle` says why the reader may not hear it, empty when they may."""

    number: str
    subject: str
    receipt: str
    appellant: str
    clause_title: str
    filed_at: datetime
    due_at: datetime | None
    missing_year: int | None
    obstacle: str


def appeals(tx: Transaction) -> list[PendingAppeal]:
    """Return the appeals that wait, the oldest first."""
    return [_pending(tx, dict(with_moments(row))) for row in PENDING.rows(tx, most=MOST)]


def _pending(tx: Transaction, row: Row) -> PendingAppeal:
    case = load(tx, row["number"])
    regulation = library.by_hash(tx, case.row["regulation"])
    penalty = case.penalty(row["object_id"])
    clause = regulation.clause(case.charge(penalty["charge_id"])["clause_id"])
    return PendingAppeal(
        number=case.number,
        subject=case.row["subject"],
        receipt=row["receipt"],
        appellant=row["appellant"],
        clause_title=clause.title,
        filed_at=row["filed_at"],
        due_at=case.row["due_at"],
        missing_year=case.row["due_missing_year"],
        obstacle=_obstacle(tx, case, regulation, penalty["id"]),
    )


def _obstacle(tx: Transaction, case: Case, regulation: Regulation, penalty_id: str) -> str:
    facts = gathering.gather(tx, case, regulation, penalty_id=penalty_id)
    offered = LAW.offers(case.state, facts, tx.actor.roles & {"reviewer"})
    return next((offer.refusal or "" for offer in offered if offer.name == "uphold"), "")
