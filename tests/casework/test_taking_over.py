"""A case of another system stands here as it was handed over: its times, its clocks, one event, no mail."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from svcqa.casework import complaints, forms, mapping, rebuilding, sweep
from svcqa.casework.snapshot import load
from svcqa.kernel import batches
from svcqa.kernel.transaction import SYSTEM
from svcqa.rulebook import library
from tests.casework.old_desk import LATE, OPEN, RULES, ask, case, imported


@pytest.fixture
def place(life):
    """Return the workplace where the regulation is in force."""
    return life.place


@pytest.fixture
def rules():
    return mapping.parse(RULES, name="old.map.yaml")


def test_an_open_case_is_received_with_the_clocks_of_the_regulation_from_its_receipt(place, rules):
    (number,) = imported(place, rules, OPEN).numbers
    found = case(place, number)
    row = found.row
    assert (row["state"], row["origin"], row["source"], row["external_id"]) == (
        "received", "imported", "old-desk", "A1",
    )  # fmt: skip
    assert row["received_at"] == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert row["occurred_at"] == datetime(2026, 11, 18, 16, tzinfo=UTC)
    assert row["due_at"] == place.calendar.add_working(row["received_at"], timedelta(hours=16))
    assert sorted(clock["step"] for clock in found.running) == ["reply", "verify"]


def test_a_given_end_is_kept_as_it_came(place, rules):
    row = OPEN.replace(",,,open", ",2026-12-24 12:00,,open")
    (number,) = imported(place, rules, row).numbers
    found = case(place, number)
    (clock,) = [c for c in found.running if c["step"] == "verify"]
    assert (clock["term"], clock["rule"]) == ("", "导入")
    assert clock["due_at"] == found.row["due_at"] == datetime(2026, 12, 24, 4, tzinfo=UTC)


def test_a_closed_case_keeps_when_and_whether_it_was_late(place, rules):
    timely = LATE.replace("A2", "A3").replace("11-13", "11-11")
    untimed = LATE.replace("A2", "A4").replace(",2026-11-12 09:00,", ",,")
    numbers = imported(place, rules, LATE, timely, untimed).numbers
    rows = [case(place, number).row for number in numbers]
    assert {(row["state"], row["closed_how"], row["answer_owed"]) for row in rows} == {
        ("closed", "imported", 0)
    }
    assert [(bool(row["late"]), row["due_at"] is None) for row in rows] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    (clock,) = case(place, numbers[0]).deadlines
    assert (clock["step"], clock["ended_at"], clock["left_minutes"]) == ("close", rows[0]["closed_at"], -420)


def test_nobody_is_told_of_alarms_that_passed_elsewhere(place, rules, clock):
    old = OPEN.replace("2026-11-20 09:00", "2025-03-05 09:00").replace("2026-11-19", "2025-03-04")
    imported(place, rules, old, OPEN.replace("A1", "A5"))
    assert ask(place, "SELECT count(*) FROM outbox") == [(0,)]
    assert sweep.sweep(place).alarms == 0
    clock.advance(timedelta(days=1))
    assert sweep.sweep(place).alarms > 0
    told = ask(place, "SELECT DISTINCT c.external_id FROM outbox o JOIN complaint c ON c.id = o.about_id")
    assert told == [("A5",)]


def test_a_given_end_beyond_the_published_calendar_stops_no_sweep(place, rules, clock):
    row = OPEN.replace(",,,open", ",2027-03-01 12:00,,open")
    (number,) = imported(place, rules, row).numbers
    clock.advance(timedelta(days=30))
    sweep.sweep(place)
    assert case(place, number).row["due_at"] == datetime(2027, 3, 1, 4, tzinfo=UTC)


def test_cases_that_wait_for_a_year_before_the_calendar_do_not_keep_the_sweep_busy(place, rules, monkeypatch):
    monkeypatch.setattr(batches, "SIZE", 1)
    old = OPEN.replace("2026-11-20", "2003-12-20").replace("2026-11-19", "2003-12-19")
    imported(place, rules, old, old.replace("A1", "A6"))
    assert sweep.sweep(place).computed == 0


def test_times_before_the_published_calendar_are_taken_over_as_not_computable(place, rules):
    old = OPEN.replace("2026-11-20", "2003-12-20").replace("2026-11-19", "2003-12-19")
    given = old.replace("A1", "A6").replace(",,,open", ",2003-12-30,,open")
    first, second = imported(place, rules, old, given).numbers
    assert case(place, first).row["due_missing_year"] == 2003
    assert case(place, second).row["due_missing_year"] is None
    sweep.sweep(place)


def test_an_imported_case_is_led_on_under_the_regulation_of_today(place, rules, cast):
    (number,) = imported(place, rules, OPEN).numbers
    form = forms.Verify(
        finding="responsible",
        text="属实。",
        respondents=(cast["wangjianguo"].staff_number,),
        no_evidence_reason="无",
    )
    with place.transaction(cast.actor("xuwenjing")) as tx:
        assert complaints.advance(tx, number, form=form).state == "verified"
    with place.reading(SYSTEM) as tx:
        regulation = library.by_hash(tx, load(tx, number).row["regulation"])
    assert regulation.document.id == "complaints-trial"


def test_every_case_has_one_event_from_which_its_rows_can_be_folded(place, rules):
    done = imported(place, rules, OPEN, LATE)
    events = ask(place, "SELECT body FROM audit_event WHERE action = 'complaint.import' ORDER BY seq")
    bodies = [json.loads(body) for (body,) in events]
    assert [(b["facts"]["from"], b["facts"]["to"]) for b in bodies] == [
        ("new", "received"),
        ("new", "closed"),
    ]
    assert {b["facts"]["import"] for b in bodies} == {done.run}
    (folded,) = bodies[1]["facts"]["rows"]["complaint"].values()
    assert folded["late"] is True
    assert "subject" not in folded
    with place.reading(SYSTEM) as tx:
        assert rebuilding.compare(tx) == []
