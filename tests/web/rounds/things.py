"""What the paths of the matrix speak of in a cycle: October's, told, with a measure that follows from it."""

from datetime import timedelta

from svcqa.improvement import measures
from svcqa.kernel.calendar import local_day
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from tests.assessment.month import furnish, opened
from tests.assessment.stretch import STRETCHES, lead_to
from tests.cast import Cast

RESULT = Statement("SELECT id FROM result WHERE person_id = :person")
SHEET = Statement("SELECT id FROM rating_sheet WHERE rater_id = :person")
MEASURE = Statement("SELECT number FROM measure WHERE id = :id")


def things_of(place: Workplace) -> dict[str, str]:
    """Lead a cycle to its feedback and return what paths name, as seen from wangjianguo."""
    cast = Cast(place)
    with place.transaction(SYSTEM) as tx:
        furnish(tx)
    month = opened(place)
    for stretch in STRETCHES[:3]:
        lead_to(month, stretch)
        month.advance()
    person = cast["wangjianguo"].id
    with place.transaction(SYSTEM) as tx:
        measure = measures.propose(
            tx,
            origin_kind="cycle",
            origin_id=month.cycle_id,
            origin_part="plan",
            subject_kind="person",
            subject_id=person,
            title="个人改进计划",
            problem="考试得分率低于目标。",
            owner_id=cast["fengjianjun"].id,
            metric="exam",
            baseline_hundredths=6000,
            target_hundredths=9500,
            due_on=local_day(tx.now) + timedelta(days=30),
        )
        return {
            "cycle": month.cycle.number,
            "decision": "confirm",
            "person": person,
            "result": RESULT.one(tx, person=person)[0],
            "sheet": SHEET.one(tx, person=person)[0],
            "measure": MEASURE.one(tx, id=measure)[0],
            "step": "agree",
        }
