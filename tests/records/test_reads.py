"""The facts of a period come as frames: of a unit with all below it, of its local days, and nobody else's."""

from datetime import date

import pytest

from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import people
from svcqa.records import ratings, reads
from tests.records.shift import FIRST, SECOND, take

NOVEMBER = {"from_on": date(2026, 11, 1), "until_on": date(2026, 11, 30)}
EXAMS = """\
kind: exams
source: papers
reference: no
person: who
title: what
taken_on: day
points: got
full: of
"""
OUTAGES = """\
kind: outages
source: alarms
time_formats: ["%Y-%m-%d %H:%M"]
reference: no
unit: where
service: what
started_at: down
ended_at: up
"""
SURVEYS = """\
kind: surveys
source: calls-back
time_formats: ["%Y-%m-%d %H:%M"]
reference: no
person: who
satisfaction: mark
solved: solved
answered_at: at
"""


def read(place, what, unit, **period):
    with place.reading(SYSTEM) as tx:
        card = people.unit_coded(tx, unit)
        assert card is not None
        return what(tx, card.path, **period)


def test_an_interaction_belongs_to_the_local_day_on_which_it_was_resolved(place, cast):
    last_minute = FIRST.replace("1,10220", "3,10222").replace("2026-11-10 10:00", "2026-11-22 23:59")
    too_late = FIRST.replace("1,", "4,", 1).replace("2026-11-10 10:00", "2026-11-23 00:00")
    take(place, FIRST, SECOND, last_minute, too_late)
    found = read(place, reads.interactions, "cd", from_on=date(2026, 11, 10), until_on=date(2026, 11, 22))
    assert sorted(found["person_id"]) == sorted([cast["wangjianguo"].id, cast["dengzhihua"].id])
    mine = found.filter(person_id=cast["wangjianguo"].id).to_dicts()[0]
    came = 1_794_272_400  # 2026-11-10 09:00 in China
    assert (mine["opened_s"], mine["responded_s"], mine["resolved_s"]) == (came, came + 30, came + 3600)
    assert (mine["met_target"], mine["answered"], mine["reopened"], mine["urgency"]) == (True, True, 0, 2)
    assert read(place, reads.interactions, "cx", **NOVEMBER).is_empty()


def test_a_period_without_facts_has_the_same_columns(place):
    take(place, FIRST)
    some, none = (read(place, reads.interactions, unit, **NOVEMBER) for unit in ("cd", "cx"))
    assert (some.height, none.height) == (1, 0)
    assert some.schema == none.schema


def test_exams_count_for_who_held_a_post_there(place, cast):
    rows = (
        "1,10220,law,2026-11-03,87.5,100",
        "2,10229,law,2026-11-03,60,100",
        "3,10220,law,2026-10-31,1,100",
    )
    take(place, *rows, rules=EXAMS, header="no,who,what,day,got,of")
    found = read(place, reads.exams, "cd", **NOVEMBER)
    assert found.rows() == [(cast["wangjianguo"].id, 8750, 10000)]


def test_an_outage_counts_with_the_seconds_that_fall_into_the_period(place):
    rows = (
        "1,cd1,line,2026-10-31 23:00,2026-11-01 01:00",
        "2,cd,line,2026-11-22 23:00,",
        "3,cx,line,2026-11-05 10:00,2026-11-05 11:00",
    )
    take(place, *rows, rules=OUTAGES, header="no,where,what,down,up")
    period = {"from_on": date(2026, 11, 1), "until_on": date(2026, 11, 22)}
    assert sorted(read(place, reads.outages, "cd", **period)["seconds"]) == [3600, 3600]
    whole = read(place, reads.outages, "fgs", from_on=date(2026, 10, 1), until_on=date(2026, 10, 31))
    assert whole["seconds"].to_list() == [3600]


def test_answers_count_on_the_day_they_were_given(place, cast):
    rows = ("1,10220,5,yes,2026-11-20 08:00", "2,10220,1,,2026-10-20 08:00")
    take(place, *rows, rules=SURVEYS, header="no,who,mark,solved,at")
    found = read(place, reads.surveys, "cd1", **NOVEMBER)
    assert found.select("person_id", "satisfaction", "solved").rows() == [(cast["wangjianguo"].id, 5, True)]


def give(place, values, ratee="lixiaotong"):
    with place.transaction(SYSTEM) as tx:
        rater, rated = people.find(tx, "wangjianguo")[0], people.find(tx, ratee)[0]
        ratings.give(tx, "november", rater_id=rater.id, ratee_id=rated.id, direction="peer", values=values)


def test_a_rating_that_is_given_again_replaces_the_one_before(place, cast):
    give(place, {"polite": 4, "quick": 2})
    give(place, {"polite": 5, "quick": 2})
    with place.reading(SYSTEM) as tx:
        found = reads.ratings(tx, "november").sort("item")
        assert reads.ratings(tx, "december").is_empty()
    assert found.select("item", "value", "direction").rows() == [("polite", 5, "peer"), ("quick", 2, "peer")]
    assert found["ratee_id"].to_list() == [cast["lixiaotong"].id] * 2


def test_a_rating_outside_the_scale_is_refused(place):
    with pytest.raises(Invalid, match="不在 1 到 5 之间"):
        give(place, {"polite": 6})
