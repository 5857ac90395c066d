"""A measure as it stands: its row as a plain value, read and written. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any

from states.measure import OPEN
from svcqa.kernel.errors import NotFound, Stale
from svcqa.kernel.statements import Statement, day, insert, update, with_moments
from svcqa.kernel.transaction import Transaction

BY_NUMBER = Statement("SELECT * FROM measure WHERE number = :number")
BY_NUMBER_LOCKED = Statement("SELECT * FROM measure WHERE number = :number FOR UPDATE")
BY_ID = Statement("SELECT * FROM measure WHERE id = :id")
BY_ID_LOCKED = Statement("SELECT * FROM measure WHERE id = :id FOR UPDATE")
SAME = Statement(
    "SELECT id FROM measure WHERE origin_kind = :origin_kind AND origin_id = :origin_id"
    " AND origin_part = :origin_part AND subject_id = :subject_id"
)
OF_ORIGIN = Statement(
    "SELECT * FROM measure WHERE origin_kind = :origin_kind AND origin_id = :origin_id ORDER BY number"
)
ALL = Statement("SELECT * FROM measure ORDER BY due_on, number")
DAYS = ("due_on", "warn_on", "judge_from_on", "judge_until_on")


@dataclass(frozen=True)
class Measure:
    """One row of the table `measure`, days as dates, moments as aware UTC; see `models` for what it holds."""

    id: str
    number: str
    origin_kind: str
    origin_id: str
    origin_part: str
    subject_kind: str
    subject_id: str
    unit_id: str | None
    title: str
    problem: str
    owner_id: str
    metric: str
    baseline_hundredths: int | None
    target_hundredths: int | None
    due_on: date
    warn_on: date
    state: str
    proposed_at: datetime
    proposed_by: str | None
    example: bool
    version: int = 1
    plan: str = ""
    judge_from_on: date | None = None
    judge_until_on: date | None = None
    agreed_at: datetime | None = None
    done_at: datetime | None = None
    judged_at: datetime | None = None
    verdict: str = ""
    judgement: str = ""
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    escalated_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether somebody still has something to do with it."""
        return self.state in OPEN


COLUMNS = tuple(field.name for field in fields(Measure))
INSERT = insert("measure", " ".join(COLUMNS))


def numbered(tx: Transaction, number: str, *, locked: bool = False) -> Measure:
    """Return the measure people call by this number; raises NotFound."""
    statement = BY_NUMBER_LOCKED if locked and tx.dialect != "sqlite" else BY_NUMBER
    return _found(statement.row(tx, number=number.strip().upper()))


def load(tx: Transaction, measure_id: str, *, locked: bool = False) -> Measure:
    """Return a measure by its id; raises NotFound."""
    statement = BY_ID_LOCKED if locked and tx.dialect != "sqlite" else BY_ID
    return _found(statement.row(tx, id=measure_id))


def same(tx: Transaction, origin_kind: str, origin_id: str, *, part: str, subject_id: str) -> str | None:
    """Return the id of the measure this part of an origin already led to for the subject."""
    row = SAME.one(tx, origin_kind=origin_kind, origin_id=origin_id, origin_part=part, subject_id=subject_id)
    return str(row[0]) if row else None


def of_origin(tx: Transaction, origin_kind: str, *, origin_id: str) -> list[Measure]:
    """Return the measures one origin led to, such as ("cycle", its id)."""
    return [measure_of(row) for row in OF_ORIGIN.rows(tx, origin_kind=origin_kind, origin_id=origin_id)]


def every(tx: Transaction) -> list[Measure]:
    """Return all measures, the next due first."""
    return [measure_of(row) for row in ALL.rows(tx)]


def add(tx: Transaction, measure: Measure) -> None:
    """Write a new measure."""
    INSERT.run(tx, **written(vars(measure)))


def keep(tx: Transaction, measure: Measure, values: Mapping[str, Any]) -> None:
    """Write these columns over the version that was read; raises Stale when it moved on."""
    done = _update(tuple(values)).run(tx, row_id=measure.id, seen=measure.version, **written(values))
    if done.rowcount != 1:
        raise Stale("这项措施刚刚有了新的进展，你的操作没有保存。请查看最新内容后再办理。")


def written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as a statement takes them: days as ISO text."""
    return {name: value.isoformat() if name in DAYS and value else value for name, value in values.items()}


def measure_of(row: Mapping[str, Any]) -> Measure:
    """Return a measure from a row that has all its columns."""
    values = dict(with_moments(row))
    values |= {name: day(values[name]) for name in DAYS}
    return Measure(**values | {"example": bool(values["example"])})


@cache
def _update(columns: tuple[str, ...]) -> Statement:
    return update("measure", columns, where="id = :row_id AND version = :seen")


def _found(row: Mapping[str, Any] | None) -> Measure:
    if row is None:
        raise NotFound("没有找到这项改进措施，或你无权查看。请从改进措施列表重新进入。")
    return measure_of(row)
