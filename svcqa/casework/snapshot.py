"""One complaint as it stands, read once per transaction: the row and all that hangs on it, as values."""

from dataclasses import dataclass
from typing import Any

from states import penalty as penalty_law
from states.complaint_facts import DECIDE, HANDLE, REVIEW
from svcqa.casework import sql
from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import with_moments
from svcqa.kernel.transaction import Transaction

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A complaint with its respondents, charges, penalties, clocks and participants."""

    row: Row
    respondents: tuple[Row, ...]
    charges: tuple[Row, ...]
    penalties: tuple[Row, ...]
    deadlines: tuple[Row, ...]
    parts: frozenset[tuple[str, str]]
    evidence: int

    @property
    def id(self) -> str:
        """The complaint's id."""
        return str(self.row["id"])

    @property
    def number(self) -> str:
        """The number people see."""
        return str(self.row["number"])

    @property
    def state(self) -> str:
        """The state the complaint is in."""
        return str(self.row["state"])

    @property
    def standing(self) -> tuple[Row, ...]:
        """The penalties that stand."""
        return tuple(p for p in self.penalties if p["state"] in penalty_law.STANDING)

    @property
    def running(self) -> tuple[Row, ...]:
        """The clocks that run."""
        return tuple(d for d in self.deadlines if d["ended_at"] is None)

    @property
    def undecided(self) -> tuple[Row, ...]:
        """The charges still to be decided: without a standing penalty, and not revoked by review."""
        decided = {p["charge_id"] for p in self.penalties if p["state"] in penalty_law.STANDING | {"revoked"}}
        return tuple(c for c in self.charges if c["id"] not in decided)

    def instances(self, person_id: str | None) -> frozenset[str]:
        """Return the instances a person has acted in."""
        return frozenset(instance for person, instance in self.parts if person == person_id)

    def participants(self, *instances: str) -> frozenset[str]:
        """Return the persons who acted in one of these instances (all of them when none is named)."""
        wanted = set(instances) or {HANDLE, DECIDE, REVIEW}
        return frozenset(person for person, instance in self.parts if instance in wanted)

    def respondent(self, respondent_id: str) -> Row:
        """Return one respondent."""
        return next(r for r in self.respondents if r["id"] == respondent_id)

    def charge(self, charge_id: str) -> Row:
        """Return one charge; raises NotFound for one that was dropped or is another case's."""
        for charge in self.charges:
            if charge["id"] == charge_id:
                return charge
        raise NotFound("这一指控项不在本案中，请刷新页面。")

    def penalty(self, penalty_id: str) -> Row:
        """Return one penalty; raises NotFound for another case's."""
        for penalty in self.penalties:
            if penalty["id"] == penalty_id:
                return penalty
        raise NotFound("这项处罚不在本案中，请刷新页面。")

    def total(self, respondent_id: str) -> tuple[int, int]:
        """Return a respondent's standing total: fen and hundredths of points."""
        mine = [p for p in self.standing if p["respondent_id"] == respondent_id]
        return sum(p["final_fen"] for p in mine), sum(p["final_hundredths"] for p in mine)


def load(tx: Transaction, number: str, *, locked: bool = False) -> Case:
    """Read a complaint by its number; raises NotFound."""
    return around(tx, row_of(tx, number, locked=locked))


def row_of(tx: Transaction, number: str, *, locked: bool = False) -> Row:
    """Read a complaint's row alone; raises NotFound."""
    read = sql.COMPLAINT_LOCKED if locked and tx.dialect != "sqlite" else sql.COMPLAINT
    row = read.row(tx, number=number)
    if row is None:
        raise NotFound(f"没有找到工单 {number}。请核对编号，或从投诉工单列表进入。")
    return dict(with_moments(row))


def around(tx: Transaction, row: Row) -> Case:
    """Read all that hangs on a complaint's row, whose moments are read already."""
    key = row["id"]
    return Case(
        row=row,
        respondents=tuple(sql.RESPONDENTS.moments(tx, id=key)),
        charges=tuple(sql.CHARGES.moments(tx, id=key)),
        penalties=tuple(sql.PENALTIES.moments(tx, id=key)),
        deadlines=tuple(sql.DEADLINES.moments(tx, id=key)),
        parts=frozenset((r[0], r[1]) for r in sql.PARTICIPANTS.run(tx, id=key).fetchall()),
        evidence=int(sql.EVIDENCE_COUNT.one(tx, id=key)[0]),
    )
