"""Customers are asked once, by a share that does not depend on luck, reminded once, and forgotten."""

from datetime import timedelta
from decimal import Decimal

import pytest

from svcqa.assessment import answering, freezing, progress, surveying, sweeping
from svcqa.casework.mailed import Unknown
from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import Statement
from tests.assessment.customers import LEFT, MANY, address, answer, asked, invited, mailed, token

ANSWERS = Statement(
    "SELECT satisfaction, solved, comment, answered_at, person_id, unit_id FROM survey_answer WHERE source = 'survey'"
)
EVENTS = Statement("SELECT action, body FROM audit_event WHERE object_kind = 'survey' ORDER BY seq")


def answers(month):
    return month.read(ANSWERS.moments)


def frozen(month):
    return month.read(lambda tx: freezing.gathered(tx, month.cycle)["surveys"])


def test_a_share_of_the_customers_is_asked_and_no_address_stays_with_the_facts(month):
    found = asked(month)
    assert 8 <= len(found) <= 35, "a fifth of a hundred, drawn by a hash"
    assert len(mailed(month, "customer_survey")) == len(found)
    assert month.read(lambda tx: LEFT.one(tx)[0]) == 0
    assert {one["expires_at"] for one in found} == {month.cycle.collect_until_at}


def test_the_share_is_exact_in_the_long_run_and_the_same_each_time():
    keys = [f"customer {number}" for number in range(5_000)]
    drawn = [surveying.is_drawn("KH-1", key, Decimal(20)) for key in keys]
    assert 0.18 < sum(drawn) / len(keys) < 0.22
    assert drawn == [surveying.is_drawn("KH-1", key, Decimal(20)) for key in keys]
    assert all(surveying.is_drawn("KH-1", key, Decimal(100)) for key in keys)
    assert not any(surveying.is_drawn("KH-1", key, Decimal(0)) for key in keys)


def test_one_customer_is_asked_once_however_often_they_called(month):
    address(
        month.place,
        {number: f"{'Lin' if number % 2 else 'lin'}{number % 30}@example.com" for number in range(90)},
    )
    month.advance()
    to = [each.lower() for each in mailed(month, "customer_survey")]
    assert to
    assert len(to) == len(set(to))


def test_going_on_again_asks_nobody_twice(month):
    found = asked(month)
    address(month.place, {number: f"c{number}@example.com" for number in range(MANY)})
    month.advance()
    assert invited(month) == found


def test_who_has_not_answered_is_reminded_once(month):
    first, *others = asked(month)
    answer(month, first)
    month.clock.at = first["remind_at"]
    for _ in range(2):
        sweeping.sweep(month.place)
    assert len(mailed(month, "survey_reminder")) == len(others)


def test_an_answer_counts_in_the_month_of_its_interaction_and_is_no_ones_in_the_record(month):
    before = frozen(month).height
    one, *_ = asked(month)
    answer(month, one, 4, solved=False)
    assert frozen(month).height == before + 1
    (kept,) = answers(month)
    assert (kept["satisfaction"], bool(kept["solved"]), kept["person_id"]) == (4, False, one["person_id"])
    (event,) = month.read(EVENTS.rows)
    assert event["action"] == "survey.answered"
    assert "satisfaction" not in event["body"]


def test_an_answer_is_corrected_for_twelve_hours(month):
    one, *_ = asked(month)
    answer(month, one, 5)
    month.later(hours=11)
    answer(month, one, 1, comment="还是没有修好。")
    (kept,) = answers(month)
    assert (kept["satisfaction"], kept["comment"]) == (1, "还是没有修好。")
    month.later(hours=1)
    with pytest.raises(answering.Over, match="已于 2026-11-23 09:30 收到，现在不能再修改"):
        answer(month, one, 5)
    assert answers(month) == [kept]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ((0, True, ""), "satisfaction"),
        ((6, True, ""), "satisfaction"),
        ((5, None, ""), "solved"),
        ((2, False, "  "), "comment"),
        ((5, True, "长" * 501), "comment"),
    ],
)
def test_what_is_missing_is_said_at_its_field(month, said, field):
    one, *_ = asked(month)
    with pytest.raises(Invalid) as refused:
        answer(month, one, *said)
    assert refused.value.field_name == field
    assert answers(month) == []


def test_an_answer_is_refused_when_the_survey_is_over(month):
    one, *_ = asked(month)
    month.clock.at = one["expires_at"]
    with pytest.raises(answering.Over, match="这份问卷已经结束"):
        answer(month, one)


@pytest.mark.parametrize("damaged", ["", "nonsense", "IjEi.x"])
def test_an_unknown_link_says_what_to_do(month, damaged):
    asked(month)
    with pytest.raises(Unknown, match="请从邮件中重新打开"):
        month.read(lambda tx: answering.look(tx, damaged))


def test_a_link_of_another_purpose_opens_no_survey(month):
    one, *_ = asked(month)
    other = month.place.links.token("decision", one["id"])
    with pytest.raises(Unknown):
        month.read(lambda tx: answering.look(tx, other))


def test_the_address_goes_with_the_answer_and_everything_when_it_is_over(month):
    one, *_ = asked(month)
    answer(month, one)
    kept = {each["id"]: each for each in invited(month)}
    assert kept.pop(one["id"])["sealed_email"] is None
    assert all(each["sealed_email"] for each in kept.values())
    month.clock.at = one["expires_at"] + timedelta(seconds=1)
    for _ in range(2):
        sweeping.sweep(month.place)
    known = {(each["sealed_name"], each["sealed_email"], each["customer_key"]) for each in invited(month)}
    assert known == {(None, None, None)}


def test_a_cycle_waits_for_its_customers_and_says_how_many_answered(month):
    found = asked(month)
    month.rate()
    answer(month, found[0])
    said = month.advance()
    assert month.cycle.stage == "collecting"
    assert f"问卷 1/{len(found)}" in said
    month.clock.at = found[0]["expires_at"] + timedelta(seconds=1)
    month.advance()
    assert month.cycle.stage == "evaluated"
    line = next(
        one
        for one in month.read(lambda tx: progress.stage_lines(tx, month.cycle_id))
        if one.stage == "collect"
    )
    assert line.sentence.endswith(f"项评分，问卷 1/{len(found)}")


def test_a_link_never_opens_by_being_looked_at(month):
    one, *_ = asked(month)
    shown = month.read(lambda tx: answering.look(tx, token(month.place, one)))
    assert (shown.is_answered, shown.until_at) == (False, one["expires_at"])
