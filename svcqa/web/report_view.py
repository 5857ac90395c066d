"""The report of a cycle as its page shows it: the sentences, the charts, the tables written out. Reads only."""

from dataclasses import dataclass

from svcqa.kernel.transaction import Transaction
from svcqa.reporting import cycle_report
from svcqa.reporting.comparing import UnitMean
from svcqa.reporting.cycle_report import CycleReport
from svcqa.reporting.strokes import exact
from svcqa.web import figures
from svcqa.web.composition import Chart
from svcqa.web.cycle_view import Place, places
from svcqa.web.result_view import between

CLASSES = {"I": "一类", "II": "二类", "III": "三类"}


@dataclass(frozen=True)
class UnitLine:
    """A unit in the table."""

    name: str
    people: int
    grades: str
    mean: str
    interval: str


@dataclass(frozen=True)
class ReportView:
    """What the report page shows."""

    report: CycleReport
    distribution: Chart
    trend: Chart | None
    compared: Chart | None
    units: tuple[UnitLine, ...]
    losses: tuple[figures.Length, ...]
    ratings: tuple[figures.Length, ...]
    clauses: tuple[tuple[str, str, str, int, str, int], ...]
    places: tuple[Place, ...]
    grades: list[tuple[str, str]]


def view(tx: Transaction, number: str) -> ReportView:
    """Return the report of a cycle as far as the actor may see it; raises NotFound."""
    report = cycle_report.of_number(tx, number)
    cycle, means = report.cycle, report.units
    return ReportView(
        report=report,
        distribution=figures.distribution([one.grades for one in means], report.scheme),
        trend=figures.trend(report.earlier, f"{cycle.period_from:%y-%m}", report.mean_hundredths),
        compared=figures.units(means),
        units=tuple(_unit(one) for one in means),
        losses=figures.weakest(report.losses, most=len(report.losses)),
        ratings=figures.ratings(report.ratings),
        clauses=tuple(
            (
                CLASSES[one.class_id],
                one.clause_id,
                one.title,
                one.effective,
                exact(one.points_hundredths),
                one.overturned,
            )
            for one in report.clauses
        ),
        places=places(report.lines, report.scheme),
        grades=figures.grades(report.scheme),
    )


def _unit(one: UnitMean) -> UnitLine:
    mean = one.grades.mean_hundredths
    return UnitLine(
        one.grades.unit_name,
        one.grades.people,
        figures.counted(one.grades.counts),
        "未评" if mean is None else exact(mean),
        between(one.low, one.high),
    )
