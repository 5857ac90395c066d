"""One person's result explained: every line, what would have reached the next grade, the rows behind it, the past.

Rows of other people never show. Opening somebody else's result is put on record by `note_reading`.
"""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from svcqa.appeals import filing
from svcqa.appeals.filing import Filed
from svcqa.assessment import contesting, freezing, standing, visibility
from svcqa.assessment.outcome import SubjectResult
from svcqa.assessment.results import line_of
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import scheme_of
from svcqa.assessment.whatif import Way, ways_up
from svcqa.kernel import audit
from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import Statement, day, listed, moment
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.organisation.people import PersonCard

MOST_ROWS = 500

SUBJECT = Statement(
    "SELECT u.name AS unit_name, s.told_at, s.acknowledged_at FROM cycle_subject s"
    " JOIN unit u ON u.id = s.unit_id WHERE s.cycle_id = :cycle_id AND s.person_id = :person_id"
)
MEAN = Statement(
    "SELECT sum(composite_hundredths), count(composite_hundredths) FROM result r"
    " WHERE r.cycle_id = :cycle_id AND r.unit_id = :unit_id AND r.revision ="
    " (SELECT max(revision) FROM result WHERE cycle_id = :cycle_id AND person_id = r.person_id)"
)
PAST = Statement(
    "SELECT r.id, r.cycle_id, c.number, c.title, c.period_from, c.period_until, c.stage,"  # noqa: S608 - code
    " c.appeal_until_at,"
    " r.composite_hundredths, r.grade, r.rank, s.told_at, s.acknowledged_at FROM result r"
    " JOIN cycle c ON c.id = r.cycle_id"
    " JOIN cycle_subject s ON s.cycle_id = r.cycle_id AND s.person_id = r.person_id"
    f" WHERE r.person_id = :person_id AND c.stage IN ({listed(visibility.TOLD)})"
    " AND r.revision = (SELECT max(revision) FROM result WHERE cycle_id = r.cycle_id AND person_id = r.person_id)"
    " ORDER BY c.period_from DESC, c.number DESC"
)


@dataclass(frozen=True)
class PastResult:
    """One result in a person's file."""

    result_id: str
    cycle_id: str
    number: str
    title: str
    period_from: date
    period_until: date
    composite_hundredths: int | None
    grade: str
    rank: int | None
    appeal_until_at: datetime | None
    told_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class Explanation:
    """Everything the page of one result shows. `appeal_problem` says why it cannot be contested, if it cannot."""

    cycle: Cycle
    person: PersonCard
    unit_name: str
    result_id: str
    revision: int
    result: SubjectResult
    grade_label: str
    grades: tuple[tuple[str, str, int], ...]
    unit_mean_hundredths: int | None
    unit_people: int
    ways_up: tuple[Way, ...]
    past: tuple[PastResult, ...]
    told_at: datetime | None
    acknowledged_at: datetime | None
    appeal: Filed | None
    appeal_problem: str
    scheme_title: str
    scheme_version: str


@dataclass(frozen=True)
class InteractionLine:
    """One of a person's own interactions as it was frozen."""

    opened_at: datetime
    channel: str
    urgency: int | None
    band: str
    response_seconds: int | None
    resolve_seconds: int | None
    reopened: int
    met_target: bool | None
    satisfaction: int | None


def explanation(tx: Transaction, cycle_id: str, person_id: str) -> Explanation:
    """Return one result explained; raises NotFound where the actor may not see it or there is none."""
    cycle = standing.load(tx, cycle_id)
    unit_id = visibility.unit_of_subject(tx, cycle, person_id)
    keys = {"cycle_id": cycle_id, "person_id": person_id}
    row, subject = contesting.NEWEST.row(tx, **keys), SUBJECT.rows(tx, **keys)[0]
    if row is None:
        raise NotFound("这个人在本周期还没有成绩。")
    scheme, result = scheme_of(tx, cycle), line_of(row["body"])
    total, counted = MEAN.one(tx, cycle_id=cycle_id, unit_id=unit_id)
    labels = {grade.id: grade.label for grade in scheme.grading.grades}
    return Explanation(
        cycle=cycle,
        person=people.card(tx, person_id),
        unit_name=subject["unit_name"],
        result_id=row["id"],
        revision=row["revision"],
        result=result,
        grade_label=labels.get(result.grade, ""),
        grades=tuple((one.id, one.label, int(one.at_least * 100)) for one in scheme.grading.grades),
        unit_mean_hundredths=(2 * total + counted) // (2 * counted) if counted else None,
        unit_people=counted,
        ways_up=ways_up(result, scheme),
        past=tuple(one for one in past(tx, person_id) if one.cycle_id != cycle_id),
        told_at=moment(subject["told_at"]),
        acknowledged_at=moment(subject["acknowledged_at"]),
        appeal=_appeal(tx, cycle, person_id),
        appeal_problem=contesting.appeal_problem(tx, cycle, person_id),
        scheme_title=scheme.document.title,
        scheme_version=scheme.document.version,
    )


def by_link(tx: Transaction, result_id: str) -> Explanation:
    """Return the result a mailed link leads to, in its newest revision, to whom it is about; raises NotFound."""
    row = contesting.RESULT.row(tx, id=result_id)
    if row is None or row["person_id"] != tx.actor.person_id:
        raise NotFound(contesting.NOT_YOURS)
    return explanation(tx, row["cycle_id"], row["person_id"])


def past(tx: Transaction, person_id: str) -> list[PastResult]:
    """Return the results a person was told, the newest period first. Whose they are is the caller's to check."""
    return [
        PastResult(
            result_id=row["id"],
            cycle_id=row["cycle_id"],
            number=row["number"],
            title=row["title"],
            period_from=day(row["period_from"]),
            period_until=day(row["period_until"]),
            composite_hundredths=row["composite_hundredths"],
            grade=row["grade"],
            rank=row["rank"],
            appeal_until_at=row["appeal_until_at"],
            told_at=row["told_at"],
            acknowledged_at=row["acknowledged_at"],
        )
        for row in PAST.moments(tx, person_id=person_id)
    ]


def rows_behind(
    tx: Transaction, cycle_id: str, person_id: str, *, most: int = MOST_ROWS
) -> list[InteractionLine]:
    """Return a person's own interactions as they were frozen, oldest first; raises NotFound as `explanation`."""
    cycle = standing.load(tx, cycle_id)
    visibility.unit_of_subject(tx, cycle, person_id)
    if not cycle.snapshot_sha256:
        return []
    found = freezing.thawed(tx.blobs, cycle.snapshot_sha256).interactions
    own = found.filter(pl.col("subject") == person_id).drop("subject", "unit", "answered")
    opened = pl.from_epoch("opened_s").dt.replace_time_zone("UTC").alias("opened_at")
    lines = own.with_columns(opened).drop("opened_s").sort("opened_at").head(most).collect()
    return [InteractionLine(**row) for row in lines.iter_rows(named=True)]


def note_reading(tx: Transaction, cycle_id: str, person_id: str) -> None:
    """Put on record that somebody opened another person's result; the own one is nobody's business."""
    if person_id != tx.actor.person_id:
        cycle = standing.load(tx, cycle_id)
        visibility.unit_of_subject(tx, cycle, person_id)
        facts = {"number": cycle.number, "person": person_id}
        audit.record(tx, "result.read", kind="cycle", id=cycle_id, facts=facts)


def _appeal(tx: Transaction, cycle: Cycle, person_id: str) -> Filed | None:
    row = contesting.APPEALS.one(tx, cycle_id=cycle.id, person_id=person_id)
    return filing.of(tx, kind=contesting.KIND, object_ids=[row[0]])[row[0]] if row else None
