"""What becomes of the told cycles' measures as the weeks pass: agreed, begun, done, and judged by the figures.

The figures of autumn are invented, and marked so; the verdicts on them are real.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

import yaml

from svcqa.assessment import follow_up
from svcqa.demo import incidents, people
from svcqa.demo.postman import Postman
from svcqa.demo.tales import Told
from svcqa.improvement import forms, measures, sweeping
from svcqa.kernel.calendar import local_day
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace

FILE, JULY_FILE = "improvements.yaml", "improvements_july.yaml"
MORNING = time(1, 10, tzinfo=UTC)
APART = timedelta(minutes=17)
FACTS_AT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
"""When October's figures are delivered."""
JULY_FACTS_AT = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
JULY_ENDS_AT = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
"""When the figures of September are delivered, in which July's measures show, and when the last verdict is there."""
PROPOSED = Statement(
    "SELECT m.number, m.metric, o.staff_number AS owner, p.staff_number FROM measure m"
    " JOIN person o ON o.id = m.owner_id"
    " LEFT JOIN person p ON m.subject_kind = 'person' AND p.id = m.subject_id"
    " WHERE m.origin_kind = 'cycle' AND m.origin_id = :cycle_id ORDER BY m.number"
)

Row = dict[str, Any]


class Texts(Told):
    """What an owner writes about a measure on one indicator."""

    plan: str
    note: str


class Life(Told):
    """What becomes of one measure, and when."""

    metric: str
    due: date | None = None
    agree: date | None = None
    start: date | None = None
    complete: date | None = None
    withdraw: date | None = None
    pace: float | None = None


class Lives(Told):
    """The whole file."""

    texts: dict[str, Texts]
    withdrawn: str = ""
    lives: tuple[Life, ...]


@dataclass(frozen=True)
class Step:
    """Something that somebody does at a moment."""

    at: datetime
    do: Callable[[], object]


@dataclass
class Weeks:
    """The weeks after the measures were proposed, told up to one moment after the other."""

    place: Workplace
    clock: FrozenClock
    postman: Postman
    steps: list[Step] = field(default_factory=list)
    swept_on: date = date.min

    def plan(self, steps: Sequence[Step]) -> None:
        """Take steps into the weeks, each in its time."""
        self.steps = sorted([*self.steps, *steps], key=lambda step: step.at)

    def pass_until(self, at: datetime) -> None:
        """Do what was to be done by then, with the sweep of each day; the clock never goes back."""
        while self.steps and self.steps[0].at <= at:
            step = self.steps.pop(0)
            self._let_be(step.at)
            step.do()
            self.postman.deliver()
        self._let_be(at)

    def _let_be(self, at: datetime) -> None:
        self.clock.at = max(self.clock.at, at)
        today = local_day(self.clock.at)
        if today > self.swept_on:
            self.swept_on, failed = today, set[str]()
            follow_up.sweep(self.place, failed)
            if failed or sweeping.sweep(self.place).failed:
                raise ValueError(f"a sweep failed at {self.clock.at}, see the log above")


def after_april(place: Workplace, *, cycle_id: str, supervisor: str) -> list[Step]:
    """Plan what the file tells for April's measures; the supervisor, by staff number, withdraws."""
    told, matched = _told(place, FILE, cycle_id)
    facts = Step(FACTS_AT, lambda: incidents.tell_autumn(place, _paces(matched)))
    return [facts, *_lives(place, told, matched, supervisor)]


def after_july(
    place: Workplace, *, cycle_id: str, supervisor: str, close: Callable[[], object]
) -> list[Step]:
    """Plan how July's measures are carried out and judged, all of them, and the cycle ends."""
    told, matched = _told(place, JULY_FILE, cycle_id)
    paces = _paces(matched)
    facts = Step(JULY_FACTS_AT, lambda: incidents.tell_hotline(place, incidents.SEPTEMBER, paces=paces))
    return [facts, *_lives(place, told, matched, supervisor), Step(JULY_ENDS_AT, close)]


def _told(place: Workplace, file: str, cycle_id: str) -> tuple[Lives, list[tuple[Life, Row]]]:
    told = Lives.model_validate(yaml.safe_load(files("svcqa.demo").joinpath(file).read_text("utf-8")))
    with place.reading(SYSTEM) as tx:
        known = PROPOSED.rows(tx, cycle_id=cycle_id)
    return told, list(_matched(told.lives, known))


def _lives(
    place: Workplace, told: Lives, matched: Sequence[tuple[Life, Row]], supervisor: str
) -> Iterator[Step]:
    for index, (life, row) in enumerate(matched):
        for day, by, form in _moves(told, life, owner=row["owner"], supervisor=supervisor):
            at = datetime.combine(day, MORNING) + index * APART
            yield Step(at, _moving(place, row["number"], by, form))


def _matched(lives: Sequence[Life], known: Sequence[Row]) -> Iterator[tuple[Life, Row]]:
    """Give each line of the file the next measure on its indicator, as far as there is one."""
    left = {
        metric: [row for row in known if row["metric"] == metric] for metric in {one.metric for one in lives}
    }
    for life in lives:
        if left[life.metric]:
            yield life, left[life.metric].pop(0)


def _paces(matched: Sequence[tuple[Life, Row]]) -> dict[str, float]:
    return {row["staff_number"]: life.pace for life, row in matched if life.pace is not None}


def _moves(told: Lives, life: Life, *, owner: str, supervisor: str) -> Iterator[tuple[date, str, forms.Form]]:
    """Return the moves of a measure in their order, each with its day and the staff number of who makes it."""
    if life.agree:
        yield life.agree, owner, forms.Agree(plan=told.texts[life.metric].plan, due_on=life.due)
    if life.start:
        yield life.start, owner, forms.Start()
    if life.complete:
        yield life.complete, owner, forms.Complete(note=told.texts[life.metric].note)
    if life.withdraw:
        yield life.withdraw, supervisor, forms.Withdraw(note=told.withdrawn)


def _moving(place: Workplace, number: str, by: str, form: forms.Form) -> Callable[[], object]:
    def move() -> None:
        with place.transaction(people.acting(place, by)) as tx:
            measures.advance(tx, number, form=form)

    return move
