"""What concerns me: my penalties with their appeals, and the statements I am asked for. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from states import penalty as penalty_law
from svcqa.casework.decision import left_of
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import Transaction

MOST = 100

_PENALTIES = (
    "SELECT p.id, p.state, p.decided_at, p.window_ends_at, p.final_fen, p.final_hundredths,"
    " c.number, c.subject, r.name AS whose, a.state AS appeal, a.receipt"
    " FROM penalty p JOIN complaint c ON c.id = p.complaint_id JOIN respondent r ON r.id = p.respondent_id"
    " LEFT JOIN appeal a ON a.kind = 'penalty' AND a.object_id = p.id"
)
PENALTIES = Statement(f"{_PENALTIES} WHERE p.person_id = :me ORDER BY p.id DESC LIMIT :most")
PENALTIES_OF_UNIT = Statement(
    f"{_PENALTIES} WHERE p.person_id IS NULL AND p.unit_id = :unit ORDER BY p.id DESC LIMIT :most"
)
_HEARINGS = (
    "SELECT r.id, r.name AS whose, r.state_by_at, c.number, c.subject"
    " FROM respondent r JOIN complaint c ON c.id = r.complaint_id"
    " WHERE r.heard_at IS NULL AND r.state_by_at IS NOT NULL AND c.state IN ('verified', 'classified')"
)
HEARINGS = Statement(f"{_HEARINGS} AND r.person_id = :me ORDER BY r.state_by_at")
HEARINGS_OF_UNIT = Statement(
    f"{_HEARINGS} AND r.person_id IS NULL AND r.unit_id = :unit ORDER BY r.state_by_at"
)


@dataclass(frozen=True)
class MyPenalty:
    """A line of my penalties; what was decided (None) shows only after it was received."""

    id: str
    number: str
    subject: str
    whose: str
    state: str
    state_label: str
    decided_at: datetime
    hundredths: int | None
    fen: int | None
    window_ends_at: datetime | None
    left: str
    appeal: str | None
    receipt: str | None


@dataclass(frozen=True)
class MyHearing:
    """A statement I am asked for."""

    id: str
    number: str
    subject: str
    whose: str
    state_by_at: datetime
    left: str


def penalties(tx: Transaction) -> list[MyPenalty]:
    """Return my penalties and those of the units I head, newest first."""
    rows = PENALTIES.rows(tx, me=tx.actor.person_id, most=MOST)
    for unit_id in sorted(tx.actor.units):
        rows += PENALTIES_OF_UNIT.rows(tx, unit=unit_id, most=MOST)
    return sorted((_penalty(tx, dict(with_moments(row))) for row in rows), key=lambda p: p.id, reverse=True)


def hearings(tx: Transaction) -> list[MyHearing]:
    """Return the statements I am asked for, also as the head of a unit, the most urgent first."""
    rows = HEARINGS.rows(tx, me=tx.actor.person_id)
    for unit_id in sorted(tx.actor.units):
        rows += HEARINGS_OF_UNIT.rows(tx, unit=unit_id)
    asked = [dict(with_moments(row)) for row in rows]
    return sorted(
        (MyHearing(**row, left=left_of(tx, row["state_by_at"])) for row in asked), key=lambda h: h.state_by_at
    )


def _penalty(tx: Transaction, row: dict[str, Any]) -> MyPenalty:
    received = row["state"] != "decided"
    return MyPenalty(
        id=row["id"],
        number=row["number"],
        subject=row["subject"],
        whose=row["whose"],
        state=row["state"],
        state_label=penalty_law.LAW.state(row["state"]).label,
        decided_at=row["decided_at"],
        hundredths=row["final_hundredths"] if received else None,
        fen=row["final_fen"] if received else None,
        window_ends_at=row["window_ends_at"],
        left=left_of(tx, row["window_ends_at"]) if row["state"] == "served" else "",
        appeal=row["appeal"],
        receipt=row["receipt"],
    )
