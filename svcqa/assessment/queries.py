"""Reads of cycles for pages and the terminal: plain frozen rows, never a write. Results are read in `board`."""

from dataclasses import dataclass
from datetime import date, datetime

from states import Offer
from states.cycle import LAW
from svcqa.assessment import progress, standing, visibility
from svcqa.assessment.progress import StageLine
from svcqa.assessment.standing import Counts, Cycle, cycle_of
from svcqa.assessment.terms import scheme_of
from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import Transaction

MOST = 200

ALL = Statement(
    "SELECT c.*, u.name AS unit_name FROM cycle c JOIN unit u ON u.id = c.unit_id"
    " ORDER BY c.period_from DESC, c.number DESC LIMIT :most"
)
UNIT = Statement("SELECT name FROM unit WHERE id = :id")
STRETCHES = Statement(
    "SELECT owner, run_ref, from_stage, to_stage, started_at, ended_at, message FROM cycle_stretch"
    " WHERE cycle_id = :id ORDER BY id DESC LIMIT 20"
)
MISSING = Statement(
    "SELECT p.id AS person_id, p.name, p.staff_number, p.email, s.invited_at, s.reminded_at,"
    " count(t.id) AS total, count(t.done_at) AS done, min(u.name) AS unit_name"
    " FROM rating_sheet s JOIN rating_task t ON t.sheet_id = s.id JOIN person p ON p.id = s.rater_id"
    " LEFT JOIN cycle_subject b ON b.cycle_id = s.cycle_id AND b.person_id = s.rater_id"
    " LEFT JOIN unit u ON u.id = b.unit_id"
    " WHERE s.cycle_id = :id AND s.done_at IS NULL"
    " GROUP BY p.id, p.name, p.staff_number, p.email, s.invited_at, s.reminded_at ORDER BY p.staff_number"
)
STAGES = Statement("SELECT stage, count(*) FROM cycle GROUP BY stage")
ASKED = Statement("SELECT count(*), min(wanted_at) FROM cycle_request WHERE taken_at IS NULL")
REQUESTED = Statement("SELECT 1 FROM cycle_request WHERE cycle_id = :id AND taken_at IS NULL LIMIT 1")


@dataclass(frozen=True)
class CycleLine:
    """A cycle in the list; `sentence` says what it waits for."""

    id: str
    number: str
    title: str
    stage: str
    stage_label: str
    unit_id: str
    unit_name: str
    period_from: date
    period_until: date
    due_at: datetime | None
    sentence: str
    counts: Counts
    example: bool


@dataclass(frozen=True)
class StretchLine:
    """One stretch of work; `run_ref` is the run of whoever runs cycles, empty for the terminal."""

    owner: str
    run_ref: str
    from_label: str
    to_label: str
    started_at: datetime
    ended_at: datetime | None
    message: str


@dataclass(frozen=True)
class CyclePage:
    """A cycle's page: where it stands, what is open, what the actor may do. No result, no name."""

    cycle: Cycle
    stage_label: str
    unit_name: str
    scheme_title: str
    scheme_version: str
    lines: tuple[StageLine, ...]
    sentence: str
    due_at: datetime | None
    counts: Counts
    offers: tuple[Offer, ...]
    stretches: tuple[StretchLine, ...]
    working: bool
    requested: bool

    @property
    def run_ref(self) -> str:
        """The last run that is known, to link to."""
        return next((one.run_ref for one in self.stretches if one.run_ref), "")


@dataclass(frozen=True)
class MissingRater:
    """Somebody whose ratings are not all in; for the page of those who may remind them."""

    person_id: str
    name: str
    staff_number: str
    unit_name: str
    reachable: bool
    done: int
    total: int
    invited_at: datetime | None
    reminded_at: datetime | None


def cycles(tx: Transaction) -> list[CycleLine]:
    """Return the cycles the actor may see, the newest period first."""
    found = [(cycle_of(row), row["unit_name"]) for row in ALL.rows(tx, most=MOST)]
    return [_line(tx, cycle, unit_name) for cycle, unit_name in found if _sees(tx, cycle)]


@dataclass(frozen=True)
class Load:
    """How many cycles stand in each stage, how many are asked to go on, and since when the oldest was."""

    stages: dict[str, int]
    asked: int
    asked_at: datetime | None


def load(tx: Transaction) -> Load:
    """Count the cycles and the requests nobody has taken."""
    stages = {str(row[0]): int(row[1]) for row in STAGES.run(tx).fetchall()}
    asked, since = ASKED.one(tx)
    return Load(stages, int(asked), moment(since))


def page(tx: Transaction, number: str) -> CyclePage:
    """Return one cycle's page; raises NotFound for one the actor may not see."""
    cycle = visibility.seen(tx, number)
    scheme = scheme_of(tx, cycle)
    stretches = tuple(_stretch(row) for row in STRETCHES.moments(tx, id=cycle.id))
    working = _working(tx, cycle)
    return CyclePage(
        cycle=cycle,
        stage_label=LAW.state(cycle.stage).label,
        unit_name=UNIT.one(tx, id=cycle.unit_id)[0],
        scheme_title=scheme.document.title,
        scheme_version=scheme.document.version,
        lines=tuple(progress.stage_lines(tx, cycle.id, working=working)),
        sentence=progress.message(tx, cycle, working=working),
        due_at=due_at(cycle),
        counts=standing.counts(tx, cycle.id),
        offers=LAW.offers(cycle.stage, standing.facts(tx, cycle), tx.actor.roles),
        stretches=stretches,
        working=working,
        requested=REQUESTED.one(tx, id=cycle.id) is not None,
    )


def missing(tx: Transaction, cycle_id: str) -> list[MissingRater]:
    """Return who has ratings left to give, by staff number."""
    return [
        MissingRater(
            person_id=row["person_id"],
            name=row["name"],
            staff_number=row["staff_number"],
            unit_name=row["unit_name"] or "",
            reachable=bool(row["email"]),
            done=row["done"],
            total=row["total"],
            invited_at=row["invited_at"],
            reminded_at=row["reminded_at"],
        )
        for row in MISSING.moments(tx, id=cycle_id)
    ]


def due_at(cycle: Cycle) -> datetime | None:
    """Return the end of the wait a cycle is in."""
    return {
        "collecting": cycle.collect_until_at,
        "evaluated": cycle.confirm_until_at,
        "feedback": cycle.appeal_until_at,
    }.get(cycle.stage)


def _line(tx: Transaction, cycle: Cycle, unit_name: str) -> CycleLine:
    return CycleLine(
        id=cycle.id,
        number=cycle.number,
        title=cycle.title,
        stage=cycle.stage,
        stage_label=LAW.state(cycle.stage).label,
        unit_id=cycle.unit_id,
        unit_name=unit_name,
        period_from=cycle.period_from,
        period_until=cycle.period_until,
        due_at=due_at(cycle),
        sentence=progress.message(tx, cycle, working=_working(tx, cycle)),
        counts=standing.counts(tx, cycle.id),
        example=cycle.example,
    )


def _working(tx: Transaction, cycle: Cycle) -> bool:
    return cycle.lease_until is not None and cycle.lease_until > tx.now


def _sees(tx: Transaction, cycle: Cycle) -> bool:
    if visibility.sees_all(tx.actor) or "system" in tx.actor.roles:
        return True
    units = {row[0] for row in visibility.UNITS.run(tx, id=cycle.id).fetchall()}
    return bool(tx.actor.units & (units | {cycle.unit_id}))


def _stretch(row: dict[str, object]) -> StretchLine:
    def label(stage: object) -> str:
        return LAW.state(str(stage)).label if stage else ""

    return StretchLine(
        owner=str(row["owner"]),
        run_ref=str(row["run_ref"]),
        from_label=label(row["from_stage"]),
        to_label=label(row["to_stage"]),
        started_at=row["started_at"],  # type: ignore[arg-type]  # `moments` reads it as one
        ended_at=row["ended_at"],  # type: ignore[arg-type]  # as above
        message=str(row["message"]),
    )
