"""What a measure is judged by: its figure before, from the cycle's snapshot, and after, from the records of the window.

The same scheme measures both, and the same for those to compare with. Decides and writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from svcqa.assessment import freezing, standing
from svcqa.assessment.frames import Frames
from svcqa.assessment.indicators import times_of
from svcqa.assessment.measuring import Figure, measure
from svcqa.assessment.metrics import REGISTRY
from svcqa.assessment.scoring import full_mark, hundredths
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import scheme_of
from svcqa.improvement.judge import Cell, Pair, Series
from svcqa.improvement.standing import Measure
from svcqa.kernel.calendar import midnight
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook.scheme import Indicator

# Whoever had a measure on the figure between the two periods did not just go on as before.
TREATED = Statement(
    "SELECT DISTINCT subject_id FROM measure WHERE metric = :metric AND subject_kind = :subject_kind"
    " AND (state <> 'withdrawn' OR agreed_at IS NOT NULL)"
    " AND proposed_at < :until_at AND judge_until_on >= :from_on"
)
# Other units of the same period under the same scheme, none of them above or below the own one.
OTHERS = Statement(
    "SELECT c.* FROM cycle c JOIN unit u ON u.id = c.unit_id JOIN unit own ON own.id = :unit_id"
    " WHERE c.id <> :id AND c.scheme_hash = :scheme_hash AND c.period_from = :period_from"
    " AND c.period_until = :period_until AND c.confirmed_at IS NOT NULL"
    " AND substr(u.path, 1, length(own.path)) <> own.path AND substr(own.path, 1, length(u.path)) <> u.path"
    " ORDER BY c.id"
)

Cells = Mapping[str, Cell]
"""Per person what was observed; who is missing was not."""
NOTHING = Cell(0, 0)
Days = tuple[date, date]
"""First and last."""


@dataclass
class Comparison:
    """The figures of cycles before and after; read once, since many measures of a cycle share them."""

    tx: Transaction
    _known: dict[tuple[str, Days | None], dict[str, Cells]] = field(default_factory=dict)

    def series(self, one: Measure) -> Series | None:
        """Return what a measure is judged by; None when its figure cannot be followed."""
        if one.origin_kind != "cycle" or one.judge_from_on is None or one.judge_until_on is None:
            return None
        cycle = standing.load(self.tx, one.origin_id)
        indicator = next((each for each in self._followed(cycle) if each.id == one.metric), None)
        if indicator is None:
            return None
        window = (one.judge_from_on, one.judge_until_on)
        pairs = self._people(cycle, window, one.metric)
        if one.subject_kind == "unit":
            pairs = {cycle.unit_id: _whole(pairs.values()), **self._other_units(cycle, window, one.metric)}
        barred = self._treated(cycle, window, one) | {one.subject_id}
        return Series(
            subject=pairs.get(one.subject_id, Pair(NOTHING, NOTHING)),
            comparison=tuple(
                sorted((pair for subject, pair in pairs.items() if subject not in barred), key=_figures)
            ),
            better="higher" if full_mark(indicator.scoring)[1] else "lower",
        )

    def _people(self, cycle: Cycle, window: Days, metric: str) -> dict[str, Pair]:
        before, after = self._cells(cycle)[metric], self._cells(cycle, window)[metric]
        return {
            person: Pair(before.get(person, NOTHING), after.get(person, NOTHING))
            for person in before.keys() | after.keys()
        }

    def _other_units(self, cycle: Cycle, window: Days, metric: str) -> dict[str, Pair]:
        rows = OTHERS.rows(
            self.tx,
            id=cycle.id,
            unit_id=cycle.unit_id,
            scheme_hash=cycle.scheme_hash,
            period_from=cycle.period_from.isoformat(),
            period_until=cycle.period_until.isoformat(),
        )
        return {
            other.unit_id: _whole(self._people(other, window, metric).values())
            for other in map(standing.cycle_of, rows)
        }

    def _treated(self, cycle: Cycle, window: Days, one: Measure) -> set[str]:
        rows = TREATED.run(
            self.tx,
            metric=one.metric,
            subject_kind=one.subject_kind,
            until_at=midnight(window[1] + timedelta(days=1)),
            from_on=cycle.period_from.isoformat(),
        )
        return {row[0] for row in rows.fetchall()}

    def _followed(self, cycle: Cycle) -> list[Indicator]:
        return [each for each in scheme_of(self.tx, cycle).indicators if followed(each)]

    def _cells(self, cycle: Cycle, window: Days | None = None) -> dict[str, Cells]:
        """Return the figures of a cycle's people in its period as they were frozen, or in a window as known now."""
        key = (cycle.id, window)
        if key not in self._known:
            frames = self._later(cycle, window) if window else self._frozen(cycle)
            self._known[key] = _measured(frames, self._followed(cycle))
        return self._known[key]

    def _frozen(self, cycle: Cycle) -> Frames:
        return freezing.thawed(self.tx.blobs, cycle.snapshot_sha256)

    def _later(self, cycle: Cycle, window: Days) -> Frames:
        first, last = window
        return Frames.of(**freezing.gathered(self.tx, replace(cycle, period_from=first, period_until=last)))


def _figures(pair: Pair) -> tuple[int, ...]:
    """Order by the figures alone: a sum of floats depends on the order, and ids are random."""
    return pair.before.n, pair.before.total, pair.after.n, pair.after.total


def followed(indicator: Indicator) -> bool:
    """Tell whether a figure can be measured again in any window: ratings need a campaign, sums grow with the days."""
    metric = REGISTRY[indicator.metric]
    return metric.sums is not None and not metric.absent and metric.scale != "number"


def _measured(frames: Frames, indicators: Sequence[Indicator]) -> dict[str, Cells]:
    subjects = frames.subjects.sort("subject").collect()
    columns = measure(frames, indicators, subjects=subjects, rating=None)
    return {
        indicator.id: {
            person: _cell(indicator, figure)
            for person, figure in zip(subjects["subject"], column, strict=True)
            if figure is not None
        }
        for indicator, column in zip(indicators, columns, strict=True)
    }


def _cell(indicator: Indicator, figure: Figure) -> Cell:
    """Return a figure in hundredths of the unit people read it in, summed over its observations."""
    return Cell(figure.n, hundredths(times_of(indicator) * figure.total * figure.n, figure.parts))


def _whole(pairs: Iterable[Pair]) -> Pair:
    """Return a unit's figure: all observations of its people."""
    found = list(pairs)
    return Pair(_sum(pair.before for pair in found), _sum(pair.after for pair in found))


def _sum(cells: Iterable[Cell]) -> Cell:
    found = list(cells)
    return Cell(sum(cell.n for cell in found), sum(cell.total for cell in found))
