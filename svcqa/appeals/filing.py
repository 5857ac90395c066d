"""Filing, retracting and deciding an appeal. What the outcome does to the decision is the upper room's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert, with_moments
from svcqa.kernel.transaction import Transaction

FILE = insert("appeal", "id receipt kind object_id appellant_id filed_by how reason filed_at state grounds")
DECIDE = Statement(
    "UPDATE appeal SET state = :state, decided_by = :decided_by, decided_at = :decided_at, grounds = :grounds"
    " WHERE kind = :kind AND object_id = :object_id AND state = 'pending' RETURNING id"
)
OF = Statement("SELECT * FROM appeal WHERE kind = :kind AND object_id = :object_id")

Row = dict[str, Any]


@dataclass(frozen=True)
class Filed:
    """An appeal as it stands."""

    id: str
    receipt: str
    object_id: str
    appellant_id: str
    how: str
    reason: str
    filed_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    grounds: str


def file(tx: Transaction, *, kind: str, object_id: str, appellant_id: str, how: str, reason: str) -> Row:
    """File an appeal (`how`: link, page, paper, late) and return its row, with the receipt."""
    appeal_id = new_id()
    row: Row = {
        "id": appeal_id,
        "receipt": f"SS-{appeal_id[:4]}-{appeal_id[-8:]}".upper(),
        "kind": kind,
        "object_id": object_id,
        "appellant_id": appellant_id,
        "filed_by": tx.actor.person_id or appellant_id,
        "how": how,
        "reason": reason,
        "filed_at": tx.now,
        "state": "pending",
        "grounds": "",
    }
    FILE.run(tx, **row)
    return row


def decide(tx: Transaction, *, kind: str, object_id: str, state: str, grounds: str) -> Row:
    """Record the outcome (upheld, reduced, revoked, remanded, retracted) and return the id and what changed."""
    outcome = {"state": state, "decided_by": tx.actor.person_id, "decided_at": tx.now, "grounds": grounds}
    done = DECIDE.one(tx, kind=kind, object_id=object_id, **outcome)
    return {"id": done[0], **outcome}


def of(tx: Transaction, *, kind: str, object_ids: Iterable[str]) -> dict[str, Filed]:
    """Return the appeals against these decisions by decision id."""
    rows = (OF.row(tx, kind=kind, object_id=object_id) for object_id in object_ids)
    return {row["object_id"]: _filed(row) for row in rows if row}


def _filed(row: dict[str, Any]) -> Filed:
    values = dict(with_moments(row))
    return Filed(**{name: values[name] for name in Filed.__dataclass_fields__})
