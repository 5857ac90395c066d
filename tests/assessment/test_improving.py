"""What a cycle leads to: measures for the lowest grade and for the weakest indicator, each once."""

import json

from svcqa.assessment import steps, stretches
from svcqa.improvement import standing
from tests.assessment.month import RESULTS


def measures(month):
    return month.read(lambda tx: standing.of_origin(tx, "cycle", origin_id=month.cycle_id))


def improved(told):
    told.later(days=5)
    told.advance()
    return measures(told)


def lowest(told):
    return {person for person, _, body in told.read(lambda tx: RESULTS.run(tx, id=told.cycle_id).fetchall())
            if json.loads(body)["grade"] == "C"}  # fmt: skip


def test_everybody_in_the_lowest_grade_gets_a_plan_of_their_own(told):
    personal = {one.subject_id: one for one in improved(told) if one.subject_kind == "person"}
    assert set(personal) == lowest(told)
    assert personal, "October has somebody in the lowest grade"
    heads = {told.cast[name].id for name in ("fengjianjun", "dengzhihua", "tangxiuying", "zhaozhiqiang")}
    assert {one.owner_id for one in personal.values()} <= heads
    assert not any(one.owner_id == one.subject_id for one in personal.values())


def test_the_units_weakest_indicator_gets_one(told):
    (unit,) = [one for one in improved(told) if one.subject_kind == "unit"]
    assert (unit.subject_id, unit.owner_id) == (told.cycle.unit_id, told.cast["zhaozhiqiang"].id)
    assert unit.metric == unit.origin_part
    assert unit.baseline_hundredths is not None
    assert unit.target_hundredths is not None


def test_what_a_measure_is_called_tells_no_score(told):
    for one in improved(told):
        assert not set("ABC") & set(one.title)
        assert "分" not in one.title.replace("评分", "")


def test_done_again_nothing_is_proposed_twice(told):
    first = improved(told)
    lease = stretches.begin(told.place, told.cycle_id, owner="again")
    assert lease is not None
    assert not stretches.do(told.place, lease, steps.of("improving")[0])
    assert measures(told) == first
