"""What the paths of the matrix speak of in a cycle: October's, told, with a measure that follows from it."""

from datetime import date, timedelta

from svcqa.assessment import cycles, stretches, surveying
from svcqa.improvement import measures
from svcqa.kernel.calendar import local_day
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from tests.assessment.month import SCHEME, furnish, opened
from tests.assessment.stretch import STRETCHES, lead_to
from tests.cast import Cast

RESULT = Statement("SELECT id FROM result WHERE cycle_id = :cycle AND person_id = :person")
SHEET = Statement("SELECT id FROM rating_sheet WHERE cycle_id = :cycle AND rater_id = :person")
INTERACTION = Statement("SELECT id, person_id, unit_id FROM interaction ORDER BY id LIMIT 1")
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
    survey = survey_of(place, month.cycle.unit_id)
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
            "result": RESULT.one(tx, cycle=month.cycle_id, person=person)[0],
            "sheet": SHEET.one(tx, cycle=month.cycle_id, person=person)[0],
            "measure": MEASURE.one(tx, id=measure)[0],
            "step": "agree",
            "survey": survey,
        }


def survey_of(place: Workplace, unit_id: str) -> str:
    """Ask a customer in September's cycle, which collects, and return the token of the link."""
    with place.transaction(Cast(place).actor("liumin")) as tx:
        cycle_id = cycles.open(tx, SCHEME, unit_id=unit_id, cadence="monthly", period_from=date(2026, 9, 1))
    stretches.advance(place, cycle_id, owner="test")
    with place.transaction(SYSTEM) as tx:
        interaction, person_id, unit_id = INTERACTION.one(tx)
        invitation, over_at = new_id(), tx.now + timedelta(days=5)
        surveying.INVITE.run(
            tx,
            id=invitation,
            campaign_id=cycle_id,
            interaction_id=interaction,
            person_id=person_id,
            unit_id=unit_id,
            customer_key="a customer",
            sealed_name=None,
            sealed_email=tx.seal.close(b"lin@example.com"),
            invited_at=tx.now,
            remind_at=over_at,
            expires_at=over_at,
        )
    return place.links.token(surveying.PURPOSE, invitation)
