"""A cycle as it stands: its row as a plain value, what its law asks about, and how a new standing is kept.

Decides nothing; every change of it goes through `moving`.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from states.cycle import Facts
from states.measure import OPEN
from svcqa.kernel.errors import NotFound, Stale
from svcqa.kernel.statements import Statement, day, listed, moment, update, with_moments
from svcqa.kernel.transaction import Transaction

CYCLE = Statement("SELECT * FROM cycle WHERE id = :id")
CYCLE_LOCKED = Statement("SELECT * FROM cycle WHERE id = :id FOR UPDATE")
NUMBERED = Statement("SELECT * FROM cycle WHERE number = :number")
KEPT = (
    *("stage", "version", "stage_at", "collect_until_at", "confirm_until_at", "appeal_until_at"),
    *("confirmed_by", "confirmed_at", "snapshot_sha256", "score_hash"),
)
KEEP = update("cycle", KEPT, where="id = :id AND version = :seen_version")
COUNTS = Statement(f"""
SELECT (SELECT count(*) FROM cycle_subject WHERE cycle_id = :id) AS subjects,
       (SELECT count(*) FROM rating_task WHERE cycle_id = :id) AS tasks,
       (SELECT count(*) FROM rating_task WHERE cycle_id = :id AND done_at IS NULL) AS unrated,
       (SELECT count(*) FROM survey_invitation WHERE campaign_id = :id) AS surveys,
       (SELECT count(*) FROM survey_invitation v JOIN survey_answer a ON a.source = 'survey' AND a.reference = v.id
        WHERE v.campaign_id = :id) AS answered,
       (SELECT count(*) FROM survey_invitation v WHERE v.campaign_id = :id AND v.expires_at > :now AND NOT EXISTS
        (SELECT 1 FROM survey_answer a WHERE a.source = 'survey' AND a.reference = v.id)) AS unanswered,
       (SELECT count(DISTINCT person_id) FROM result WHERE cycle_id = :id) AS results,
       (SELECT count(*) FROM appeal a JOIN result r ON r.id = a.object_id
        WHERE a.kind = 'result' AND a.state = 'pending' AND r.cycle_id = :id) AS open_appeals,
       (SELECT count(*) FROM measure WHERE origin_kind = 'cycle' AND origin_id = :id) AS measures,
       (SELECT count(*) FROM measure WHERE origin_kind = 'cycle' AND origin_id = :id
        AND state IN ({listed(OPEN)})) AS open_measures""")  # noqa: S608 - names are code


@dataclass(frozen=True)
class Cycle:
    """One row of the table `cycle`, days as dates, moments as aware UTC."""

    id: str
    number: str
    title: str
    scheme_id: str
    scheme_hash: str
    cadence: str
    unit_id: str
    period_from: date
    period_until: date
    stage: str
    version: int
    opened_by: str | None
    opened_at: datetime
    stage_at: datetime
    collect_until_at: datetime | None
    confirm_until_at: datetime | None
    appeal_until_at: datetime | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    snapshot_sha256: str
    score_hash: str
    example: bool
    lease_owner: str
    lease_until: datetime | None
    fence: int


COLUMNS = tuple(field.name for field in fields(Cycle))


@dataclass(frozen=True)
class Counts:
    """How much of a cycle there is and how much of it is open. No name, no score."""

    subjects: int
    tasks: int
    unrated: int
    surveys: int
    answered: int
    unanswered: int
    results: int
    open_appeals: int
    measures: int
    open_measures: int


def load(tx: Transaction, cycle_id: str, *, locked: bool = False) -> Cycle:
    """Return a cycle; raises NotFound."""
    statement = CYCLE_LOCKED if locked and tx.dialect != "sqlite" else CYCLE
    return _cycle(statement.row(tx, id=cycle_id))


def numbered(tx: Transaction, number: str) -> Cycle:
    """Return the cycle people call by this number; raises NotFound."""
    return _cycle(NUMBERED.row(tx, number=number.strip().upper()))


def counts(tx: Transaction, cycle_id: str) -> Counts:
    """Return the counts of a cycle."""
    return Counts(**COUNTS.rows(tx, id=cycle_id, now=tx.now)[0])


def facts(tx: Transaction, cycle: Cycle, *, reason: str = "") -> Facts:
    """Return what the law asks about a cycle now."""
    found = counts(tx, cycle.id)
    return Facts(
        subjects=found.subjects,
        unrated=found.unrated,
        unanswered=found.unanswered,
        collect_over=over(cycle.collect_until_at, tx.now),
        # Only a whole computation counts, not the rows of one that was cut off.
        results=found.results if cycle.score_hash else 0,
        window_over=over(cycle.appeal_until_at, tx.now),
        open_appeals=found.open_appeals,
        open_measures=found.open_measures,
        reason=reason,
    )


def over(until: datetime | None, now: datetime) -> bool:
    """Tell whether a term that was set is over."""
    return until is not None and now > until


def keep(tx: Transaction, cycle: Cycle, *, seen_version: int) -> None:
    """Write a new standing over the one that was read; raises Stale when it moved on."""
    values = {name: getattr(cycle, name) for name in KEPT}
    if KEEP.run(tx, **values, id=cycle.id, seen_version=seen_version).rowcount != 1:
        raise Stale("这个考核周期刚刚有了新的进展，你的操作没有保存。请查看最新内容后再办理。")


def cycle_of(row: dict[str, Any]) -> Cycle:
    """Return a cycle from a row that has all its columns."""
    values = dict(with_moments(row))
    for name in ("period_from", "period_until"):
        values[name] = day(values[name])
    values["example"] = bool(values["example"])
    values["lease_until"] = moment(values["lease_until"])
    return Cycle(**{name: values[name] for name in COLUMNS})


def _cycle(row: dict[str, Any] | None) -> Cycle:
    if row is None:
        raise NotFound("没有找到这个考核周期，或你无权查看。请从考核周期列表重新进入。")
    return cycle_of(row)
