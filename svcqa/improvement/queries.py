"""Measures as pages, reports and the terminal show them: plain frozen rows the actor may see. Writes nothing."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from states import Offer
from states.measure import LAW, Facts
from svcqa.improvement import rights, standing, sweeping
from svcqa.improvement.standing import Measure
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

NAMES = Statement(
    "SELECT m.id, o.name AS owner, p.name AS person, u.name AS unit FROM measure m"
    " LEFT JOIN person o ON o.id = m.owner_id LEFT JOIN unit u ON u.id = m.unit_id"
    " LEFT JOIN person p ON m.subject_kind = 'person' AND p.id = m.subject_id"
)
COUNTS = Statement(
    "SELECT state, count(*) FROM measure WHERE origin_kind = :origin_kind AND origin_id = :origin_id"
    " GROUP BY state"
)


@dataclass(frozen=True)
class Card:
    """A measure with the names around it; `late` while its due day is over and it is not done."""

    measure: Measure
    owner: str
    subject: str
    unit: str
    late: bool

    @property
    def state_label(self) -> str:
        """The state as people read it."""
        return LAW.state(self.measure.state).label

    @property
    def step(self) -> str:
        """What comes next; empty at the end."""
        return LAW.state(self.measure.state).step

    @property
    def figures(self) -> dict[str, Any]:
        """The figures of the verdict as `judge.Judgement.as_plain` wrote them; empty before it."""
        return dict(json.loads(self.measure.judgement)) if self.measure.judgement else {}


@dataclass(frozen=True)
class Column:
    """One state of the board with its measures, the next due first."""

    state: str
    label: str
    cards: tuple[Card, ...]


def board(tx: Transaction) -> tuple[Column, ...]:
    """Return the board: every state of the law with the measures the actor may see."""
    found = listed(tx)
    return tuple(
        Column(state.name, state.label, tuple(card for card in found if card.measure.state == state.name))
        for state in LAW.states
    )


def listed(tx: Transaction) -> tuple[Card, ...]:
    """Return all measures the actor may see, the next due first."""
    return _cards(tx, standing.every(tx))


def one(tx: Transaction, number: str) -> Card:
    """Return one measure; raises NotFound for what does not exist for the actor."""
    cards = _cards(tx, [standing.numbered(tx, number)])
    if not cards:
        raise NotFound("没有找到这项改进措施，或你无权查看。请从改进措施列表重新进入。")
    return cards[0]


def of_origin(tx: Transaction, origin_kind: str, *, origin_id: str) -> tuple[Card, ...]:
    """Return the measures an origin led to, such as ("cycle", its id), as far as the actor may see them."""
    return _cards(tx, standing.of_origin(tx, origin_kind, origin_id=origin_id))


def counts(tx: Transaction, origin_kind: str, *, origin_id: str) -> dict[str, int]:
    """Return how many measures of an origin stand in which state."""
    return dict(COUNTS.run(tx, origin_kind=origin_kind, origin_id=origin_id).fetchall())


def offers(tx: Transaction, measure: Measure) -> tuple[Offer, ...]:
    """Return the moves the actor has on a measure now, each with why it is blocked, if it is."""
    roles = rights.fitting(tx.actor, measure) - {"system"}
    return LAW.offers(measure.state, Facts(), roles)


def _cards(tx: Transaction, measures: list[Measure]) -> tuple[Card, ...]:
    seen = [measure for measure in measures if rights.may_see(tx.actor, measure)]
    names = {row["id"]: row for row in NAMES.rows(tx)} if seen else {}
    today = local_day(tx.now)
    return tuple(_card(measure, names[measure.id], today) for measure in seen)


def _card(measure: Measure, names: dict[str, Any], today: date) -> Card:
    return Card(
        measure=measure,
        owner=names["owner"] or "",
        subject=names["person"] or names["unit"] or "",
        unit=names["unit"] or "",
        late=measure.state in sweeping.RUNNING and measure.due_on < today,
    )
