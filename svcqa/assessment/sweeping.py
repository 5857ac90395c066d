"""What comes due by itself: here raters and customers are reminded once, measures judged,
and cycles that can go on asked for. Customers whose survey is over are forgotten.

`sweep_all` does it for the rooms below too; it is what a door calls.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from svcqa.assessment import follow_up, inviting, requests, standing, surveying, terms
from svcqa.assessment.standing import Cycle
from svcqa.casework import sweep as complaints
from svcqa.improvement import sweeping as measures
from svcqa.kernel.batches import Row, until_done
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace

COLLECTING = Statement(
    "SELECT * FROM cycle WHERE stage = 'collecting' AND collect_until_at > :now ORDER BY id"
)


@dataclass(frozen=True)
class Swept:
    """How much one sweep did in the cycles; what failed is tried again by the next."""

    reminded: int
    judged: int
    wanted: int
    failed: int = 0


@dataclass(frozen=True)
class SweptAll:
    """How much one sweep did in every room."""

    complaints: complaints.Swept
    measures: measures.Swept
    cycles: Swept

    @property
    def failed(self) -> int:
        """How much failed and is tried again by the next."""
        return self.complaints.failed + self.measures.failed + self.cycles.failed


def sweep_all(place: Workplace) -> SweptAll:
    """Do everything that has come due anywhere."""
    return SweptAll(complaints.sweep(place), measures.sweep(place), sweep(place))


def sweep(place: Workplace) -> Swept:
    """Do everything that has come due in the cycles."""
    failed: set[str] = set()
    reminded = until_done(place, _unreminded, _remind, failed)
    reminded += until_done(place, surveying.unreminded, surveying.remind, failed)
    judged = follow_up.sweep(place, failed)  # before the cycles: the last verdict lets one close
    with place.transaction(SYSTEM) as tx:
        surveying.forget(tx)
        return Swept(reminded, judged, requests.sweep(tx), len(failed))


def _unreminded(tx: Transaction, most: int) -> list[Row]:
    return [
        {**sheet, "number": cycle.number, "cycle_id": cycle.id}
        for cycle in _closing_soon(tx)
        for sheet in inviting.unreminded(tx, cycle, most=most)
    ][:most]


def _remind(tx: Transaction, sheet: Row) -> bool:
    inviting.remind(tx, standing.load(tx, sheet["cycle_id"]), sheet)
    return True


def _closing_soon(tx: Transaction) -> Iterator[Cycle]:
    for row in COLLECTING.rows(tx, now=tx.now):
        cycle = standing.cycle_of(row)
        if cycle.collect_until_at and tx.now >= terms.remind_at(tx, cycle, cycle.collect_until_at):
            yield cycle
