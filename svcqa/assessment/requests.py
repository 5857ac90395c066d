"""Wishes that a cycle go on now. Whoever runs cycles takes them; the sweep adds those nobody thought of."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from states.cycle import ENDED
from svcqa.assessment import moving, standing
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, listed
from svcqa.kernel.transaction import Transaction

LOST_AFTER = timedelta(minutes=2)
"""A request that was taken and led to no stretch for so long is asked for again."""
CUT_OFF = "中断，由下一段接着做"
PATIENT_AFTER = 3
PATIENCE = timedelta(minutes=30)
"""What broke off so often within an hour is no accident: it is tried again only now and then."""

WANT = Statement(
    "INSERT INTO cycle_request (id, cycle_id, reason, wanted_by, wanted_at, run_ref)"
    " VALUES (:id, :cycle_id, :reason, :wanted_by, :now, '')"
    " ON CONFLICT (cycle_id) WHERE taken_at IS NULL DO NOTHING"
)
WAITING = Statement(
    "SELECT q.id, q.cycle_id, c.number FROM cycle_request q JOIN cycle c ON c.id = q.cycle_id"
    " WHERE q.taken_at IS NULL ORDER BY q.wanted_at, q.id"
)
TAKE = Statement(
    "UPDATE cycle_request SET taken_at = :now, run_ref = :run_ref WHERE id = :id AND taken_at IS NULL"
)
# Open cycles that nobody works on and nobody asked for, with their last stretch and their last request.
IDLE = Statement(
    "SELECT c.id,"  # noqa: S608 - names are code
    " (SELECT max(started_at) FROM cycle_stretch s WHERE s.cycle_id = c.id) AS started_at,"
    " (SELECT count(*) FROM cycle_stretch s WHERE s.cycle_id = c.id AND s.ended_at IS NULL) AS broken,"
    " (SELECT max(taken_at) FROM cycle_request q WHERE q.cycle_id = c.id) AS taken_at,"
    " (SELECT count(*) FROM cycle_stretch s WHERE s.cycle_id = c.id AND s.message = :cut_off"
    "  AND s.started_at > :hour_ago) AS cut_off"
    f" FROM cycle c WHERE c.stage NOT IN ({listed(ENDED)})"
    " AND (c.lease_until IS NULL OR c.lease_until <= :now)"
    " AND NOT EXISTS (SELECT 1 FROM cycle_request q WHERE q.cycle_id = c.id AND q.taken_at IS NULL)"
    " ORDER BY c.id"
)


@dataclass(frozen=True)
class Waiting:
    """A request nobody has taken yet."""

    id: str
    cycle_id: str
    number: str


def want(tx: Transaction, cycle_id: str, *, reason: str) -> None:
    """Ask that a cycle go on now; one open request per cycle is enough."""
    WANT.run(tx, id=new_id(), cycle_id=cycle_id, reason=reason, wanted_by=tx.actor.person_id, now=tx.now)


def waiting(tx: Transaction) -> list[Waiting]:
    """Return the requests nobody has taken yet, oldest first."""
    return [Waiting(**row) for row in WAITING.rows(tx)]


def take(tx: Transaction, request_id: str, *, run_ref: str) -> bool:
    """Take a request for a run; false when somebody else was faster."""
    return bool(TAKE.run(tx, id=request_id, run_ref=run_ref, now=tx.now).rowcount == 1)


def sweep(tx: Transaction) -> int:
    """Ask for every cycle that has work to do now and that nobody works on; return how many were added."""
    added = 0
    for row in IDLE.moments(tx, now=tx.now, cut_off=CUT_OFF, hour_ago=tx.now - timedelta(hours=1)):
        reason = _reason(tx, row)
        if reason:
            want(tx, row["id"], reason=reason)
            added += 1
    return added


def _reason(tx: Transaction, row: dict[str, Any]) -> str:
    """Say why a cycle has to be taken up, or nothing when it waits for people."""
    started, taken = row["started_at"], row["taken_at"]
    if taken and (started is None or started < taken):
        return "lost" if tx.now > taken + LOST_AFTER else ""
    if started is None:
        return "new"
    if row["broken"]:
        return "" if row["cut_off"] >= PATIENT_AFTER and tx.now < started + PATIENCE else "broken"
    return "due" if moving.onward(tx, standing.load(tx, row["id"])) else ""
