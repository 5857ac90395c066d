"""Frozen inputs and a scheme become results, the same on every machine and every run. Pure.

Reads no database and no clock; whoever stores or tells the results stands elsewhere.
"""

import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from svcqa.assessment.composite import TOP, Composite, half_widths, settle, weigh
from svcqa.assessment.frames import Frames
from svcqa.assessment.grading import capped, grade_of, veto_of
from svcqa.assessment.indicators import Scored, score, unit_means
from svcqa.assessment.measuring import Figure, measure
from svcqa.assessment.metrics import REGISTRY
from svcqa.assessment.outcome import ExtraResult, IndicatorResult, SubjectResult, VetoResult
from svcqa.assessment.ranking import Place, places
from svcqa.assessment.scoring import FINE, hundredths
from svcqa.assessment.showing import shown, target
from svcqa.kernel.money import hundredths as in_hundredths
from svcqa.rulebook.scheme import Extra, Indicator, Scheme

ENGINE = "1"
"""Changes whenever the same inputs may give other results."""
NO_DATA = "无数据"

COUNTED = SubjectResult._fields[: SubjectResult._fields.index("indicators")]
COUNTED_EACH = (
    "id",
    "value",
    "counted",
    "n",
    "points_hundredths",
    "weight_hundredths",
    "contribution_hundredths",
)
"""What of a line and of an indicator goes into the hash."""


@dataclass(frozen=True)
class Evaluation:
    """The results of all subjects in the order of their ids, and the hash over every number in them."""

    scheme_hash: str
    lines: tuple[SubjectResult, ...]

    @cached_property
    def score_hash(self) -> str:
        """The SHA-256 over engine, scheme and all integers and ids of the results as canonical JSON."""
        text = json.dumps(
            [ENGINE, self.scheme_hash, _columns(self.lines)], ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()


def evaluate(frames: Frames, scheme: Scheme) -> Evaluation:
    """Evaluate a snapshot by a scheme."""
    with _collector_resting():
        return Evaluation(scheme.hash, tuple(_evaluated(frames, scheme)))


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Keep Python's garbage collector from walking the growing results again and again: half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _evaluated(frames: Frames, scheme: Scheme) -> list[SubjectResult]:
    subjects = frames.subjects.sort("subject").collect()
    units = subjects["unit"].to_list()
    sources: tuple[Indicator | Extra, ...] = (*scheme.indicators, *scheme.deductions, *scheme.bonuses)
    columns = measure(frames, sources, subjects=subjects, rating=scheme.rating)
    count = len(scheme.indicators)
    scored = [
        score(one, column, units=units)
        for one, column in zip(scheme.indicators, columns[:count], strict=True)
    ]
    judge = _Judge(scheme, _classes(frames))
    rows = list(zip(*scored, strict=True))
    composites = [weigh(judge.weights, [each and each.points for each in row]) for row in rows]
    explained = _explained(scheme, scored, composites, units)
    extras = zip(*columns[count:], strict=True) if columns[count:] else [()] * len(rows)
    lines = [
        judge.line(subject, unit, composite=composite, row=row, explained=lines, extras=figures)
        for (subject, unit), composite, row, lines, figures in zip(
            subjects.rows(), composites, rows, explained, extras, strict=True
        )
    ]
    return _ranked(lines)


class _Judge:
    """What one person's line needs of the scheme, worked out once for all."""

    def __init__(self, scheme: Scheme, classes: dict[str, list[str]]) -> None:
        self.scheme, self.classes = scheme, classes
        self.weights = [in_hundredths(each.weight) for each in scheme.indicators]

    def line(
        self,
        subject: str,
        unit: str,
        *,
        composite: Composite | None,
        row: Sequence[Scored | None],
        explained: tuple[IndicatorResult, ...],
        extras: Sequence[Figure | None],
    ) -> SubjectResult:
        """Put one person's line together; its rank comes later. Without an indicator there is no score."""
        if composite is None:
            return _nothing(subject, unit, explained)
        split = len(self.scheme.deductions)
        deductions = _due(self.scheme.deductions, extras[:split])
        bonus = _due(self.scheme.bonuses, extras[split:])
        settled = settle(
            composite.hundredths,
            bonus=[each.due_hundredths for each in bonus],
            deductions=[each.due_hundredths for each in deductions],
        )
        grading = self.scheme.grading
        veto = veto_of(self.classes.get(subject, ()), self.scheme.vetoes, grading)
        down, up = half_widths(self.weights, [each and each[5:] for each in row])
        return SubjectResult(
            subject=subject,
            unit=unit,
            composite_hundredths=settled.hundredths,
            grade=capped(grade_of(settled.hundredths, grading), veto, grading),
            rank=None,
            rank_best=None,
            rank_worst=None,
            interval_low_hundredths=max(0, settled.hundredths - down),
            interval_high_hundredths=min(TOP, settled.hundredths + up),
            provisional=self._thin(row) or any(each.provisional for each in row if each is not None),
            indicators=explained,
            deductions=_given(deductions, settled.deductions),
            bonus=_given(bonus, settled.bonus),
            veto=None if veto is None else VetoResult(veto.label, veto.article, veto.grade),
        )

    def _thin(self, row: Sequence[Scored | None]) -> bool:
        """Say whether too little of the weight applies for a score to rest on."""
        covered = sum(weight for weight, each in zip(self.weights, row, strict=True) if each is not None)
        return 100 * covered < self.scheme.grading.coverage_percent * sum(self.weights)


def _nothing(subject: str, unit: str, explained: tuple[IndicatorResult, ...]) -> SubjectResult:
    return SubjectResult(
        subject=subject,
        unit=unit,
        composite_hundredths=None,
        grade="",
        rank=None,
        rank_best=None,
        rank_worst=None,
        interval_low_hundredths=None,
        interval_high_hundredths=None,
        provisional=True,
        indicators=explained,
    )


def _explained(
    scheme: Scheme,
    scored: Sequence[Sequence[Scored | None]],
    composites: Sequence[Composite | None],
    units: Sequence[str],
) -> list[tuple[IndicatorResult, ...]]:
    """Return each person's indicators, line by line."""
    columns = []
    for number, (indicator, column) in enumerate(zip(scheme.indicators, scored, strict=True)):
        shares = (0 if composite is None else composite.shares[number] for composite in composites)
        columns.append(_lines(indicator, column, shares=list(shares), units=units))
    return list(zip(*columns, strict=True))


def _lines(
    indicator: Indicator, column: Sequence[Scored | None], *, shares: Sequence[int], units: Sequence[str]
) -> list[IndicatorResult]:
    means = unit_means(column, units)
    scale = REGISTRY[indicator.metric].scale
    nothing = IndicatorResult(
        id=indicator.id,
        group=indicator.group,
        label=indicator.label,
        metric=indicator.metric,
        value=None,
        counted=None,
        trust=FINE,
        shown=NO_DATA,
        n=0,
        target=target(scale, indicator.scoring),
        provisional=False,
        points_hundredths=None,
        weight_hundredths=in_hundredths(indicator.weight),
        contribution_hundredths=0,
    )
    return [
        nothing._replace(unit_points_hundredths=means.get(unit))
        if one is None
        else IndicatorResult(
            *nothing[:4],
            value=one.counted if one.trust == FINE else one.figure[:2],
            counted=one.counted,
            trust=one.trust,
            shown=shown(scale, one.figure.total, one.figure.parts),
            n=one.figure.n,
            target=nothing.target,
            provisional=one.provisional,
            points_hundredths=hundredths(*one.points),
            weight_hundredths=nothing.weight_hundredths,
            contribution_hundredths=share,
            unit_points_hundredths=means.get(unit),
        )
        for one, share, unit in zip(column, shares, units, strict=True)
    ]


def _due(extras: Sequence[Extra], figures: Sequence[Figure | None]) -> list[ExtraResult]:
    """Price what a person has of each extra, up to its cap."""
    found = []
    for extra, figure in zip(extras, figures, strict=True):
        if figure is not None and figure.n:
            each, cap = in_hundredths(extra.each), in_hundredths(extra.cap)
            due = min(cap, hundredths(each * figure.total, 100 * figure.parts))
            found.append(ExtraResult(extra.id, extra.label, extra.article, figure.n, due, due))
    return found


def _given(extras: Sequence[ExtraResult], sums: Sequence[int]) -> tuple[ExtraResult, ...]:
    return tuple(extra._replace(hundredths=sum_) for extra, sum_ in zip(extras, sums, strict=True))


def _classes(frames: Frames) -> dict[str, list[str]]:
    """Return the complaint classes of each person who has complaints."""
    grouped = frames.complaints.group_by("subject").agg(pl.col("class_id").unique().sort())
    return dict(grouped.collect().rows())


def _ranked(lines: Sequence[SubjectResult]) -> list[SubjectResult]:
    scores = [
        (line.composite_hundredths, line.interval_low_hundredths or 0, line.interval_high_hundredths or 0)
        for line in lines
        if line.composite_hundredths is not None
    ]
    found = iter(places(scores))
    return [line if line.composite_hundredths is None else _placed(line, next(found)) for line in lines]


def _placed(line: SubjectResult, place: Place) -> SubjectResult:
    return line._replace(rank=place.rank, rank_best=place.best, rank_worst=place.worst)


def _columns(lines: Sequence[SubjectResult]) -> list[object]:
    """Return everything that is a number or an id, column by column; no text that is only shown."""
    return [
        [[getattr(line, name) for line in lines] for name in COUNTED],
        [None if line.veto is None else line.veto.grade for line in lines],
        [[(each.id, each.n, each.hundredths) for each in (*line.deductions, *line.bonus)] for line in lines],
        [
            [[getattr(each, name) for each in column] for name in COUNTED_EACH]
            for column in zip(*(line.indicators for line in lines), strict=True)
        ],
    ]
