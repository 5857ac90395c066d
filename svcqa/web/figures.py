"""The charts and lists of figures that a cycle's page and its report share. Pure: figures in, drawings out."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from svcqa.assessment.board import IndicatorLoss, UnitGrades
from svcqa.reporting import charts
from svcqa.reporting.charts import TONES, Interval, Series, Stack
from svcqa.reporting.comparing import PeriodMean, UnitMean
from svcqa.reporting.cycle_report import RatingProgress
from svcqa.reporting.strokes import exact
from svcqa.rulebook.scheme import Scheme
from svcqa.web.composition import Chart, twice

WEAKEST = 5

Length = tuple[str, Markup, str]
"""A name, a bar as long as its share, and the figures."""


def grades(scheme: Scheme) -> list[tuple[str, str]]:
    """Return tone and words of each grade, for a legend."""
    return [(TONES.get(one.id, "none"), f"{one.id} {one.label}") for one in scheme.grading.grades]


def distribution(units: Sequence[UnitGrades], scheme: Scheme) -> Chart:
    """Draw the grades of each unit, and of all together where there are several."""
    ids = [grade.id for grade in scheme.grading.grades]
    whole = {grade: sum(unit.counts.get(grade, 0) for unit in units) for grade in ids}
    rows = [Stack("全部", whole)] if len(units) > 1 else []
    rows += [Stack(unit.unit_name, unit.counts) for unit in units]
    return twice(charts.stacked, rows, title="等级分布")


def units(means: Sequence[UnitMean]) -> Chart | None:
    """Draw the mean of each unit on its interval; None where fewer than two have one."""
    rows = [_interval(one) for one in means if one.low is not None]
    return twice(charts.intervals, rows, title="各单位平均分") if len(rows) > 1 else None


def trend(earlier: Sequence[PeriodMean], period: str, mean: int | None) -> Chart | None:
    """Draw the means of the periods up to this one; None without an earlier one."""
    if not earlier or mean is None:
        return None
    values = [*(one.mean_hundredths for one in earlier), mean]
    labels = [*(f"{one.period_from:%y-%m}" for one in earlier), period]
    return twice(charts.trend, [Series("平均", values)], labels, title="历次平均分")


def weakest(losses: Sequence[IndicatorLoss], *, most: int = WEAKEST) -> tuple[Length, ...]:
    """Return the indicators that cost the most, as shares of the worst."""
    shown = [one for one in losses if one.mean_loss_hundredths][:most]
    worst = max((one.mean_loss_hundredths for one in shown), default=1)
    return tuple(
        (
            one.label,
            charts.progress(one.mean_loss_hundredths, worst, awaited=False),
            f"{exact(one.mean_loss_hundredths)} 分，n={one.n}",
        )
        for one in shown
    )


def ratings(progress: Sequence[RatingProgress]) -> tuple[Length, ...]:
    """Return how many ratings of each perspective are in."""
    return tuple(
        (one.label, charts.progress(one.done, one.total), f"{one.done} / {one.total}") for one in progress
    )


def counted(counts: Mapping[str, int]) -> str:
    """Write how many have which grade, the best first."""
    return "，".join(f"{grade} {count}" for grade, count in counts.items())


def _interval(one: UnitMean) -> Interval:
    mean = one.grades.mean_hundredths or 0
    return Interval(one.grades.unit_name, mean, one.low or 0, one.high or mean, n=one.grades.people)
