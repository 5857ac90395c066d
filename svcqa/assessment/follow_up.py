"""Did the measures of a cycle work? Each whose window is over is judged once by what was measured before and after.

The verdict is `improvement.judge`'s; here it is given its figures.
"""

from collections.abc import Callable
from datetime import timedelta

from svcqa.assessment.compared import Comparison
from svcqa.improvement import judging, standing
from svcqa.improvement.judge import Series
from svcqa.improvement.standing import Measure
from svcqa.kernel.batches import Do, Due, Row, prepared, until_done
from svcqa.kernel.calendar import local_day
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace

AT_ONCE = 1000
"""So many measures are judged by one sweep; the next goes on."""
FACTS_COME_IN = timedelta(days=7)
"""After the window its last facts are waited for: a month's figures are imported in the days after it."""


def sweep(place: Workplace, failed: set[str]) -> int:
    """Judge every measure whose window is over and return how many; what fails is noted and tried again."""
    found = _series(place, failed)
    return until_done(place, _waiting(found), _judging(found), failed) if found else 0


def _series(place: Workplace, failed: set[str]) -> dict[str, Series | None]:
    """Measure before anything is written: reading a month of facts must not keep others from writing."""
    with place.reading(SYSTEM) as tx:
        known = {one.id: one for one in _due(tx)}
        return prepared(tx, map(_row, known.values()), _measuring(Comparison(tx), known), failed)


def _due(tx: Transaction) -> list[Measure]:
    """Return the measures whose window has been over for long enough."""
    over = local_day(tx.now) - FACTS_COME_IN
    return [
        one
        for one in judging.waiting(tx, most=AT_ONCE)
        if one.judge_until_on is not None and one.judge_until_on < over
    ]


def _measuring(compared: Comparison, known: dict[str, Measure]) -> Callable[[Row], Series | None]:
    def measure(row: Row) -> Series | None:
        return compared.series(known[row["id"]])

    return measure


def _waiting(found: dict[str, Series | None]) -> Due:
    def waiting(tx: Transaction, most: int) -> list[Row]:
        return [_row(one) for one in _due(tx) if one.id in found][:most]

    return waiting


def _judging(found: dict[str, Series | None]) -> Do:
    def judge(tx: Transaction, row: Row) -> bool:
        if standing.load(tx, row["id"], locked=True).state != "done":  # another sweep was faster
            return False
        judging.judge(tx, row["id"], series=found[row["id"]])
        return True

    return judge


def _row(one: Measure) -> Row:
    return {"id": one.id, "number": one.number}
