"""What a measure came to is judged once, by what was measured before and after, and then the cycle can close."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from svcqa.assessment.compared import Comparison, followed
from svcqa.assessment.sweeping import sweep
from svcqa.assessment.terms import scheme_of
from svcqa.improvement import forms, measures, standing
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.verifying import verify
from svcqa.organisation import people
from tests.assessment.month import INTERACTION, TEAMS

NOVEMBER_END = date(2026, 11, 30)
FACTS_IN = datetime(2027, 1, 8, 1, 30, tzinfo=UTC)
"""December was over a week ago."""
OTHERS_KEPT = (28, 31, 29, 32, 30, 27, 33)
"""How many promises of 40 the people without a measure keep in December."""
MAILS = Statement("SELECT recipient_name FROM outbox WHERE slug = 'measure_effect' ORDER BY recipient_name")


@pytest.fixture
def improving(told):
    """Return October's cycle when its measures are proposed; they are about answers of customers."""
    told.later(days=5)
    told.advance()
    assert told.cycle.stage == "improving"
    return told


def team(month):
    return [tuple(row) for row in month.read(lambda tx: TEAMS.run(tx).fetchall())]


def proposed(month, *, part="test", metric="promise_kept", subject=None, subject_kind="person"):
    """Propose a measure for the first of the team and return its number."""
    person = subject or team(month)[0][0]
    asked = {
        "origin_kind": "cycle", "origin_id": month.cycle_id, "origin_part": part,
        "subject_kind": subject_kind, "subject_id": person, "title": "按承诺时限办结", "problem": "逾期偏多。",
        "owner_id": team(month)[0][0],
        "metric": metric, "baseline_hundredths": None, "target_hundredths": 9500,
        "due_on": NOVEMBER_END,
    }  # fmt: skip
    return month.act_as_system(lambda tx: standing.load(tx, measures.propose(tx, **asked)).number)


def done(month, number, *, due_on=NOVEMBER_END):
    agreed = forms.Agree(plan="每天下班前清一遍快到期的单", target=Decimal(95), due_on=due_on)
    for form in (agreed, forms.Start(), forms.Complete(note="已连续做了两周")):
        month.act("liumin", lambda tx, form=form: measures.advance(tx, number, form=form))


def enter(month, day, kept, *, of=40):
    """Enter what the team did on a day: of so many interactions each, `kept` in time, in the team's order."""

    def rows(tx):
        for (person, unit), in_time in zip(team(month), kept, strict=True):
            for number in range(of):
                opened = day + timedelta(minutes=number)
                INTERACTION.run(
                    tx, id=new_id(), source="later", reference=f"{day} {person} {number}", person_id=person,
                    unit_id=unit, channel="phone", kind="", urgency=2, opened_at=opened,
                    responded_at=opened, resolved_at=opened + timedelta(minutes=5), answered=True, reopened=0,
                    met_target=number < in_time, satisfaction=None, example=True, learnt_at=tx.now,
                    import_id="",
                )  # fmt: skip

    month.act_as_system(rows)


def judged_in(month, kept):
    """Let a measure for the first of the team be done, and December bring so many promises kept."""
    number = proposed(month)
    done(month, number)
    enter(month, datetime(2026, 12, 10, 2, tzinfo=UTC), kept)
    month.clock.at = FACTS_IN
    assert sweep(month.place).judged == 1
    return found(month, number)


def found(month, number):
    return month.read(lambda tx: standing.numbered(tx, number))


def figures(measure):
    return json.loads(measure.judgement)


def test_a_gain_that_the_others_did_not_have_is_effective(improving):
    measure = judged_in(improving, (40, *OTHERS_KEPT))
    assert measure.state == "effective"
    assert figures(measure) | {
        "method": "same_start",
        "compared": 7,
        "n_before": 25,
        "n_after": 40,
    } == figures(measure)
    assert figures(measure)["after"] == 100_00
    assert "已达到目标值 95.00" in measure.verdict


def test_before_is_what_the_cycle_froze_whatever_is_corrected_since(improving):
    october = (
        "SELECT sum(CASE WHEN met_target THEN 1 ELSE 0 END), count(*) FROM interaction"
        " WHERE source = 'test' AND person_id = :person"
    )
    person = team(improving)[0][0]
    kept, all_ = improving.read(lambda tx: Statement(october).one(tx, person=person))
    improving.act_as_system(lambda tx: tx.driver.execute("UPDATE interaction SET met_target = true"))
    measure = judged_in(improving, (40, *OTHERS_KEPT))
    assert (figures(measure)["n_before"], figures(measure)["before"]) == (all_, 100_00 * kept // all_)


def test_what_the_others_reached_too_is_no_effect(improving):
    measure = judged_in(improving, (29, *OTHERS_KEPT))
    assert measure.state == "not_effective"
    assert "可以排除" in measure.verdict


def test_too_few_observations_decide_nothing(improving):
    number = proposed(improving)
    done(improving, number)
    enter(improving, datetime(2026, 12, 10, 2, tzinfo=UTC), (19, *[19] * 7), of=19)
    improving.clock.at = FACTS_IN
    sweep(improving.place)
    measure = found(improving, number)
    assert (measure.state, figures(measure)["n_after"]) == ("not_enough_data", 19)


def test_whoever_has_a_measure_on_the_same_figure_is_nobody_to_compare_with(improving):
    others = [person for person, _ in team(improving)[1:4]]
    for person in others:
        proposed(improving, subject=person)
    measure = judged_in(improving, (40, *OTHERS_KEPT))
    assert measure.state == "not_enough_data"
    assert "只有 4 个" in measure.verdict


@pytest.mark.parametrize("metric", ["conduct", "outages", "no longer there"])
def test_a_figure_that_cannot_be_measured_again_is_said_to_be_none(improving, metric):
    number = proposed(improving, metric=metric)
    done(improving, number)
    improving.clock.at = FACTS_IN
    sweep(improving.place)
    measure = found(improving, number)
    assert measure.state == "not_enough_data"
    assert "没有可以与措施之前对照的数据" in measure.verdict


def elsewhere(month, code):
    """Let another unit have had the same October, confirmed, with the same figures."""

    def copy(tx):
        unit = people.unit_coded(tx, code)
        (row,) = Statement("SELECT * FROM cycle WHERE id = :id").rows(tx, id=month.cycle_id)
        assert unit is not None
        copied = {**row, "id": new_id(), "number": f"KH-{code}", "unit_id": unit.id}
        insert("cycle", " ".join(copied)).run(tx, **copied)

    month.act_as_system(copy)


def test_a_unit_is_compared_with_the_other_units_of_its_period(improving):
    for code in ("cx", "cd1", "fgs"):
        elsewhere(improving, code)
    unit = proposed(improving, subject=improving.cycle.unit_id, subject_kind="unit")
    done(improving, unit)
    enter(improving, datetime(2026, 12, 10, 2, tzinfo=UTC), (40, *OTHERS_KEPT))
    series = improving.read(lambda tx: Comparison(tx).series(standing.numbered(tx, unit)))
    assert (series.subject.before.n, series.subject.after.n) == (200, 320)
    assert series.subject.after.total == 100_00 * sum((40, *OTHERS_KEPT))
    assert [pair.before.n for pair in series.comparison] == [200], "none of those above or below it"


def test_ratings_and_sums_over_a_period_are_not_followed(improving):
    indicators = improving.read(lambda tx: scheme_of(tx, improving.cycle)).indicators
    assert {one.id for one in indicators if not followed(one)} == {"conduct", "outages"}


def test_the_cycle_closes_when_the_last_of_its_measures_is_judged(improving):
    numbers = [one.number for one in improving.read(standing.every)]
    assert len(numbers) > 1
    for number in numbers:
        done(improving, number)
    improving.clock.at = FACTS_IN - timedelta(days=1)
    assert sweep(improving.place).judged == 0, "the last facts of December may still come in"
    assert improving.advance() == f"等待改进措施 0/{len(numbers)}"
    improving.clock.at = FACTS_IN
    swept = sweep(improving.place)
    assert (swept.judged, swept.wanted, swept.failed) == (len(numbers), 1, 0)
    assert improving.advance() == "已办结"


def test_swept_again_nothing_is_judged_or_told_twice(improving):
    number = judged_in(improving, (40, *OTHERS_KEPT)).number
    before = found(improving, number), improving.read(lambda tx: MAILS.run(tx).fetchall())
    assert before[1] == [("冯建军",)], "the owner, who is the head of the team"
    assert sweep(improving.place).judged == 0
    assert (found(improving, number), improving.read(lambda tx: MAILS.run(tx).fetchall())) == before
    assert improving.read(lambda tx: verify(tx).fault) is None


def test_one_that_cannot_be_measured_yet_leaves_the_others_and_is_tried_again(improving, caplog):
    waits = proposed(improving, part="waits", metric="repair")
    done(improving, waits, due_on=date(2026, 12, 31))
    enter(improving, datetime(2027, 1, 11, 2, tzinfo=UTC), [30] * 8)
    measured = proposed(improving)
    done(improving, measured)
    enter(improving, datetime(2026, 12, 10, 2, tzinfo=UTC), (40, *OTHERS_KEPT))
    improving.clock.at = datetime(2027, 2, 8, 1, 30, tzinfo=UTC)
    swept = sweep(improving.place)
    assert (swept.judged, swept.failed) == (1, 1), "nobody has published the working days of 2027"
    assert waits in caplog.text
    assert (found(improving, waits).state, found(improving, measured).state) == ("done", "effective")
    assert sweep(improving.place).failed == 1
