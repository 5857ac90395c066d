"""The report of a cycle as plain data: what its page, its workbook and later its document are made of.

Holds only what the actor may see; counts and words for everything else. Writes nothing.
"""

from dataclasses import dataclass

from states.cycle import LAW
from svcqa.assessment import board, freezing, standing, visibility
from svcqa.assessment.board import IndicatorLoss, RankLine
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import scheme_of
from svcqa.improvement import queries as improvement
from svcqa.improvement.queries import Card
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.reporting import agreeing, clauses, comparing, quality, summing_up
from svcqa.reporting.agreeing import Agreement
from svcqa.reporting.clauses import ClauseLine
from svcqa.reporting.comparing import PeriodMean, UnitMean
from svcqa.rulebook.scheme import Scheme

RATED = Statement(
    "SELECT direction, count(done_at) AS done, count(*) AS total FROM rating_task WHERE cycle_id = :id"
    " GROUP BY direction ORDER BY direction DESC"
)


@dataclass(frozen=True)
class RatingProgress:
    """How many ratings of one perspective are in."""

    label: str
    done: int
    total: int


@dataclass(frozen=True)
class CycleReport:
    """Everything the report says; scores and sums in hundredths. `earlier` are the periods before, oldest first."""

    cycle: Cycle
    unit_name: str
    stage_label: str
    scheme: Scheme
    lines: tuple[RankLine, ...]
    distribution: dict[str, int]
    mean_hundredths: int | None
    units: tuple[UnitMean, ...]
    losses: tuple[IndicatorLoss, ...]
    clauses: tuple[ClauseLine, ...]
    ratings: tuple[RatingProgress, ...]
    agreements: tuple[Agreement, ...]
    measures: tuple[Card, ...]
    measure_counts: dict[str, int]
    earlier: tuple[PeriodMean, ...]
    remarks: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The summary, one thing a sentence."""
        said = (
            summing_up.grades(
                self.cycle.title, self.distribution, people=len(self.lines), mean=self.mean_hundredths
            ),
            summing_up.trend(self.earlier, self.mean_hundredths),
            summing_up.units(self.units),
            summing_up.losses(self.losses),
            summing_up.complaints(self.clauses),
            summing_up.measures(self.measure_counts),
        )
        return tuple(one for one in said if one)


def of_number(tx: Transaction, number: str) -> CycleReport:
    """Return the report of the cycle people call by this number; raises NotFound where the actor may not see it."""
    return cycle_report(tx, visibility.seen(tx, number).id)


def cycle_report(tx: Transaction, cycle_id: str) -> CycleReport:
    """Return the report of a cycle as far as the actor may see its results."""
    cycle = standing.load(tx, cycle_id)
    scheme = scheme_of(tx, cycle)
    lines = tuple(board.ranking(tx, cycle))
    seen = frozenset(line.unit_id for line in lines)
    grades = board.by_unit(lines, [grade.id for grade in scheme.grading.grades])
    frames = freezing.thawed(tx.blobs, cycle.snapshot_sha256) if cycle.snapshot_sha256 and lines else None
    ratings = _ratings(tx, cycle, scheme)
    unrated = sum(one.total - one.done for one in ratings)
    counts = standing.counts(tx, cycle_id)
    surveys = (counts.surveys, counts.answered)
    remarks = quality.remarks(lines, unrated=unrated, surveys=surveys, example=cycle.example)
    return CycleReport(
        cycle=cycle,
        unit_name=people.unit(tx, cycle.unit_id).name,
        stage_label=LAW.state(cycle.stage).label,
        scheme=scheme,
        lines=lines,
        distribution={g.id: sum(one.counts[g.id] for one in grades) for g in scheme.grading.grades},
        mean_hundredths=comparing.mean_of(lines),
        units=comparing.units(lines, grades),
        losses=tuple(board.losses(lines)),
        clauses=clauses.by_clause(tx, cycle, seen),
        ratings=ratings,
        agreements=agreeing.agreement(frames.ratings, scheme.rating) if frames and scheme.rating else (),
        measures=improvement.of_origin(tx, "cycle", origin_id=cycle.id),
        measure_counts=improvement.counts(tx, "cycle", origin_id=cycle.id),
        earlier=comparing.earlier(tx, cycle, seen),
        remarks=(*remarks, *(quality.of_inputs(frames) if frames else ())),
    )


def _ratings(tx: Transaction, cycle: Cycle, scheme: Scheme) -> tuple[RatingProgress, ...]:
    labels = {one.id: one.label for one in scheme.rating.directions} if scheme.rating else {}
    return tuple(
        RatingProgress(labels.get(direction, direction), done, total)
        for direction, done, total in RATED.run(tx, id=cycle.id).fetchall()
    )
