"""How the people of the told cycle take their results: most acknowledge, one contests and is heard."""

from datetime import UTC, datetime, timedelta
from random import Random

from svcqa.assessment import contesting
from svcqa.demo import people
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace

READ_BY = 0.7
APART = timedelta(minutes=18)
CONTESTED_AT = datetime(2026, 9, 15, 7, 20, tzinfo=UTC)
HEARD_AT = datetime(2026, 9, 16, 6, 40, tzinfo=UTC)
APPELLANT, REVIEWER = "IM0208", "10214"
REASON = "四月有两周我替同事值夜班，夜间回访的评价大多不是对我的，请核对回访对象。"
GROUNDS = "已逐条核对回访记录，评价对应的工单均由本人办理，代班工单未计入，维持原结果。"
RESULTS = Statement(
    "SELECT r.id, p.staff_number FROM result r JOIN person p ON p.id = r.person_id"
    " WHERE r.cycle_id = :cycle_id ORDER BY p.staff_number"
)


def tell(place: Workplace, clock: FrozenClock, *, cycle_id: str) -> None:
    """Let the results be read from now on, one be contested, and that be decided."""
    acknowledge(place, clock, cycle_id=cycle_id)
    with place.reading(SYSTEM) as tx:
        results = RESULTS.rows(tx, cycle_id=cycle_id)
    contested = next(row["id"] for row in results if row["staff_number"] == APPELLANT)
    clock.at = CONTESTED_AT
    with place.transaction(people.acting(place, APPELLANT, via="link")) as tx:
        contesting.appeal(tx, contested, reason=REASON, how="link")
    clock.at = HEARD_AT
    with place.transaction(people.acting(place, REVIEWER)) as tx:
        contesting.uphold(tx, contested, grounds=GROUNDS)


def acknowledge(place: Workplace, clock: FrozenClock, *, cycle_id: str) -> None:
    """Let most people read their results and acknowledge them, one after the other from now on."""
    random, told_at = Random(201609), clock.now()  # noqa: S311 - the same each time
    with place.reading(SYSTEM) as tx:
        results = RESULTS.rows(tx, cycle_id=cycle_id)
    readers = [row for row in results if random.random() < READ_BY]
    random.shuffle(readers)
    for number, row in enumerate(readers, 1):
        clock.at = place.calendar.add_working(told_at, number * APART)
        with place.transaction(people.acting(place, row["staff_number"], via="link")) as tx:
            contesting.acknowledge(tx, row["id"])
