"""A measure as its page shows it: stepper, dates as chips, figures as text, the record, the forms of its moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from states import Offer
from states.measure import LAW, OPEN
from svcqa.assessment import standing
from svcqa.assessment.metrics import REGISTRY
from svcqa.assessment.showing import UNITS
from svcqa.assessment.standing import Cycle
from svcqa.casework import record
from svcqa.improvement import queries
from svcqa.improvement.queries import Card
from svcqa.improvement.standing import Measure
from svcqa.kernel.calendar import local_day
from svcqa.kernel.transaction import Transaction
from svcqa.reporting import charts
from svcqa.reporting.charts import Series
from svcqa.rulebook import library
from svcqa.web.composition import Chart, twice
from svcqa.web.labels import NOTE_OF
from svcqa.web.views import Due, Entry, Step, Typed, full_time, points

COLUMNS = (
    ("proposed", "待认领", ("proposed",)),
    ("agreed", "待开始", ("agreed",)),
    ("in_progress", "进行中", ("in_progress",)),
    ("done", "观察效果", ("done",)),
    ("judged", "已评估", ("effective", "not_effective", "not_enough_data")),
)
ROAD = ("proposed", "agreed", "in_progress", "done", "judged")
SOON = 7


@dataclass(frozen=True)
class BoardCard:
    """A measure on the board."""

    card: Card
    due: Due

    @property
    def measure(self) -> Measure:
        """The measure itself."""
        return self.card.measure


@dataclass(frozen=True)
class BoardColumn:
    """One column of the board."""

    key: str
    label: str
    cards: tuple[BoardCard, ...]


@dataclass(frozen=True)
class MeasureView:
    """What the page of one measure shows."""

    card: Card
    due: Due | None
    steps: tuple[Step, ...]
    offers: tuple[Offer, ...]
    cycle: str
    metric: str
    unit: str
    effect: Chart | None
    record: tuple[Entry, ...]

    @property
    def measure(self) -> Measure:
        """The measure itself."""
        return self.card.measure

    notes = NOTE_OF

    @property
    def baseline(self) -> str:
        """Where it started."""
        return _written(self.measure.baseline_hundredths, self.unit)

    @property
    def target(self) -> str:
        """What counts as reached."""
        return _written(self.measure.target_hundredths, self.unit)


def board(tx: Transaction) -> tuple[BoardColumn, ...]:
    """Return the board; what was withdrawn is not on it."""
    today, found = local_day(tx.now), queries.listed(tx)
    return tuple(
        BoardColumn(
            key,
            label,
            tuple(BoardCard(one, _due(one, today)) for one in found if one.measure.state in states),
        )
        for key, label, states in COLUMNS
    )


def view(tx: Transaction, number: str) -> MeasureView:
    """Return one measure; raises NotFound."""
    card = queries.one(tx, number)
    measure = card.measure
    cycle = _cycle(tx, measure)
    metric, unit = _metric(tx, cycle, measure.metric)
    return MeasureView(
        card=card,
        due=_due(card, local_day(tx.now)) if measure.state in OPEN else None,
        steps=_steps(measure),
        offers=queries.offers(tx, measure),
        cycle=cycle.number if cycle else "",
        metric=metric,
        unit=unit,
        effect=_effect(card),
        record=tuple(
            Entry(each.who, each.label, each.at, each.texts.get("note", ""), each.state)
            for each in record.events_of(tx, [("measure", measure.id)])
        ),
    )


def blank(measure: Measure, move: str) -> Typed:
    """Return a move's form as it is first opened."""
    values = {"version": str(measure.version)}
    if move == "agree":
        values |= {
            "plan": measure.plan,
            "due_on": f"{measure.due_on}",
            "target": _value(measure.target_hundredths),
        }
    return Typed(values, {}, move)


def forms_of(shown: MeasureView) -> Mapping[str, Typed]:
    """Return the forms of all moves that are open to the actor."""
    return {offer.name: blank(shown.measure, offer.name) for offer in shown.offers if not offer.refusal}


def _due(card: Card, today: date) -> Due:
    left = (card.measure.due_on - today).days
    if card.measure.state == "done":
        return Due("normal", f"{card.measure.judge_until_on} 后评估", None, "")
    if card.late:
        return Due("overdue", f"超期 {-left} 天", None, card.step)
    return Due("soon" if left <= SOON else "normal", f"剩余 {left} 天", None, card.step)


def _steps(measure: Measure) -> tuple[Step, ...]:
    reached = "judged" if LAW.state(measure.state).name in LAW.ends else measure.state
    place = ROAD.index(reached)
    details = {
        "proposed": full_time(measure.proposed_at),
        "agreed": full_time(measure.agreed_at) if measure.agreed_at else "",
        "in_progress": f"完成期限 {measure.due_on}",
        "done": full_time(measure.done_at) if measure.done_at else "",
        "judged": full_time(measure.judged_at) if measure.judged_at else f"{measure.judge_until_on or ''}",
    }
    labels = {**{state.name: state.label for state in LAW.states}, "judged": "评估效果"}
    return tuple(
        Step(labels[name], details[name], "done" if at < place else "now" if at == place else "ahead")
        for at, name in enumerate(ROAD)
    )


def _cycle(tx: Transaction, measure: Measure) -> Cycle | None:
    """Return the cycle a measure came from."""
    return standing.load(tx, measure.origin_id) if measure.origin_kind == "cycle" else None


def _metric(tx: Transaction, cycle: Cycle | None, metric: str) -> tuple[str, str]:
    """Return what a metric is called and the unit its values are read in, as the cycle's scheme says."""
    scheme = library.scheme_by_hash(tx, cycle.scheme_hash) if cycle else None
    found = next((one for one in scheme.indicators if one.id == metric), None) if scheme else None
    return (found.label, UNITS[REGISTRY[found.metric].scale]) if found else (metric, "")


def _effect(card: Card) -> Chart | None:
    """Draw what was measured before and after beside what was to be expected anyway."""
    figures = card.figures
    if figures.get("expected") is None:
        return None
    measured = Series("实际", [figures["before"], figures["after"]])
    expected = Series("预期", [figures["before"], figures["expected"]])
    return twice(charts.trend, [measured, expected], ["措施前", "观察期"], title="措施前后")


def _written(hundredths: int | None, unit: str) -> str:
    return "" if hundredths is None else f"{points(hundredths)}{unit}"


def _value(hundredths: int | None) -> str:
    return "" if hundredths is None else points(hundredths)
