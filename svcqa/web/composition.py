"""How a result adds up, as pages show it: what each part could have given, what it gave, and the waterfall. Pure.

Reads no row; integers in hundredths come in, texts and drawings go out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from svcqa.assessment.outcome import IndicatorResult, SubjectResult
from svcqa.reporting import charts
from svcqa.reporting.charts import Fall
from svcqa.reporting.strokes import NARROW, WIDE, exact
from svcqa.rulebook.scheme import NATURES, Scheme
from svcqa.web.views import points

FULL = 10_000


@dataclass(frozen=True)
class Chart:
    """One chart, drawn for a desk and for a phone."""

    wide: Markup
    narrow: Markup


@dataclass(frozen=True)
class Part:
    """One indicator of a result: value, observations, target, points, effective weight and what it gave."""

    label: str
    tag: str
    shown: str
    n: int
    target: str
    mean: str
    points: str | None
    weight: str
    contribution: str
    bar: Markup


def twice(draw: Callable[..., Markup], *values: object, title: str) -> Chart:
    """Draw a chart in both widths."""
    return Chart(draw(*values, title=title, width=WIDE), draw(*values, title=title, width=NARROW))


def shares(indicators: Sequence[IndicatorResult]) -> Mapping[str, int]:
    """Return how much each indicator could have given, in hundredths that sum to 100 points.

    What has no data has no share: its weight is spread over the rest. Nothing gave more than it could, and what is
    at full marks gave all it could; so what is left over by cutting goes to those below, the largest first.
    """
    applied = [one for one in indicators if one.points_hundredths is not None]
    weight = sum(one.weight_hundredths for one in applied)
    found = {
        one.id: one.contribution_hundredths
        if one.points_hundredths == FULL
        else max(one.weight_hundredths * FULL // weight, one.contribution_hundredths)
        for one in applied
    }
    while rest := FULL - sum(found.values()):
        step = 1 if rest > 0 else -1
        open_ = [
            one
            for one in applied
            if one.points_hundredths != FULL and found[one.id] + step >= one.contribution_hundredths
        ]
        if not open_:
            break
        by_excess = sorted(open_, key=lambda one: found[one.id] - one.weight_hundredths * FULL / weight)
        found[by_excess[0 if rest > 0 else -1].id] += step
    return {one.id: found.get(one.id, 0) for one in indicators}


def falls(result: SubjectResult, scheme: Scheme) -> tuple[Fall, ...]:
    """Return the columns from full marks to the composite: what each quality lost, deductions, bonuses."""
    could = shares(result.indicators)
    columns = [Fall("满分", FULL, "level")]
    for group in scheme.groups:
        own = [one for one in result.indicators if one.group == group.id and could[one.id]]
        if own:
            lost = sum(one.contribution_hundredths - could[one.id] for one in own)
            columns.append(Fall(group.label, lost))
    columns += [Fall(one.label, -one.hundredths) for one in result.deductions if one.hundredths]
    columns += [Fall(one.label, one.hundredths) for one in result.bonus if one.hundredths]
    return (*columns, Fall("综合得分", result.composite_hundredths or 0, "level"))


def waterfall(result: SubjectResult, scheme: Scheme) -> tuple[Chart, str]:
    """Return the waterfall and where its axis begins."""
    columns = falls(result, scheme)
    return twice(charts.waterfall, columns, title="得分构成"), points(charts.ground(columns))


def parts(result: SubjectResult, scheme: Scheme) -> tuple[Part, ...]:
    """Return the indicators as lines of a page."""
    could = shares(result.indicators)
    return tuple(_part(one, could[one.id], scheme) for one in result.indicators)


def extras(result: SubjectResult) -> tuple[tuple[str, str, str], ...]:
    """Return deductions and bonuses: label, signed figure, and of how many."""
    taken = [(one, -one.hundredths) for one in result.deductions]
    return tuple(
        (one.label, exact(figure), f"{one.article}，{one.n} 件" if one.article else "")
        for one, figure in (*taken, *((one, one.hundredths) for one in result.bonus))
    )


def _part(one: IndicatorResult, could: int, scheme: Scheme) -> Part:
    known = scheme.indicator(one.id)
    return Part(
        label=one.label,
        tag="暂定" if one.provisional else NATURES[known.nature] if known.nature == "subjective" else "",
        shown=one.shown or "没有数据",
        n=one.n,
        target=one.target,
        mean="" if one.unit_points_hundredths is None else points(one.unit_points_hundredths),
        points=None if one.points_hundredths is None else points(one.points_hundredths),
        weight=points(could),
        contribution=exact(one.contribution_hundredths),
        bar=charts.progress(one.contribution_hundredths, could) if could else Markup(),
    )
