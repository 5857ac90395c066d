"""Two real logs come in whole, and the figures of their people equal those another tool computed from the files."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

import pytest

from svcqa.demo import incidents
from svcqa.demo import people as demo_people
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import roster, roster_file
from svcqa.records import importing, mapping, sheets
from tests.records.shift import ask, counted

AGENTS = ("Becky", "Dan", "Diane", "Greg", "Jim", "Joe", "Martha", "Stewart")
MAPS = mapping.__file__.replace("records/mapping.py", "demo")
HANDLED = """
SELECT p.staff_number, p.name, opened_at, responded_at, resolved_at, answered, met_target, satisfaction
FROM interaction i JOIN person p ON p.id = i.person_id
"""
IN_ALL = """
SELECT count(CASE WHEN met_target THEN 1 END), count(CASE WHEN reopened > 0 THEN 1 END), sum(reopened)
FROM interaction
"""


@dataclass(frozen=True)
class Handled:
    """An interaction with the person who handled it."""

    staff_number: str
    name: str
    opened_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    answered: bool
    met_target: bool
    satisfaction: int | None

    @property
    def month(self):
        """The month in China in which it was resolved."""
        return (self.resolved_at + timedelta(hours=8)).strftime("%Y-%m") if self.resolved_at else ""


def handled(place):
    return [Handled(*row) for row in ask(place, HANDLED)]


def mean(values):
    return fmean(value for value in values if value is not None)


def between(start, end):
    """Return the seconds between two moments, None where the second never came."""
    return None if end is None else (end - start).total_seconds()


def test_the_whole_incident_log_gives_one_interaction_an_incident(empty_place, shared_data):
    stats = json.loads((shared_data / "servicenow_incidents" / "reference_stats.json").read_text())
    log = sheets.read(shared_data / "servicenow_incidents" / "servicenow_incident_events.csv.gz")
    with empty_place.transaction(SYSTEM) as tx:
        roster.load(tx, demo_people.desk())
        done = importing.take_over(tx, log, mapping=incidents.rules())
    assert counted(done) == {
        "lines": stats["events"],
        "new": stats["incidents"],
        "superseded": stats["events"] - stats["incidents"],
    }
    assert ask(empty_place, IN_ALL) == [
        (stats["made_sla_true"], stats["reopened_incidents"], stats["reopen_count_sum"])
    ]
    april = [one for one in handled(empty_place) if one.month == "2016-04"]
    reference = stats["top15_resolvers_2016-04"]
    assert len(reference) == 15
    for agent, expected in reference.items():
        own = [one for one in april if one.staff_number == f"IM{agent:0>4}"]
        assert len(own) == expected["n"]
        assert mean(one.met_target for one in own) == pytest.approx(expected["made_sla_share"], abs=1e-12)
        hours = mean(between(one.opened_at, one.resolved_at) for one in own) / 3600
        assert hours == pytest.approx(expected["mean_resolve_hours"], abs=1e-9)


@pytest.fixture
def call_centre(empty_place, shared_data):
    """Return the workplace with the agents of the call centre and all their calls."""
    people = "".join(
        f"  - {{staff_number: PN{n:02d}, name: {name}, posts: [hotline]}}\n"
        for n, name in enumerate(AGENTS, 1)
    )
    units = "from_on: 2021-01-01\nunits:\n  - {code: hotline, name: Hotline, kind: office}\n"
    calls = sheets.read(shared_data / "callcentre_phonenow_2021q1" / "callcentre_calls.csv.gz")
    rules = mapping.load(type(shared_data)(MAPS) / "phonenow.map.yaml")
    with empty_place.transaction(SYSTEM) as tx:
        roster.load(tx, roster_file.read(f"{units}people:\n{people}", name="agents.yaml"))
        assert counted(importing.take_over(tx, calls, mapping=rules)) == {"lines": 5000, "new": 5000}
    return empty_place


def figures(calls):
    """Return the share of answered calls, how long they waited in seconds, and what customers gave."""
    return (
        mean(call.answered for call in calls),
        mean(between(call.opened_at, call.responded_at) for call in calls),
        mean(call.satisfaction for call in calls),
    )


def assert_calls(calls, expected):
    assert len(calls) == expected["calls"]
    assert sum(bool(call.answered) for call in calls) == expected["answered"]
    assert sum(bool(call.met_target) for call in calls) == expected["resolved"]
    share, wait, mark = figures(calls)
    assert share == pytest.approx(expected["answered_rate"])
    assert wait == pytest.approx(expected["mean_speed_of_answer_s"])
    assert mark == pytest.approx(expected["mean_satisfaction"])


def test_the_calls_give_the_figures_of_the_whole_of_each_month_and_of_each_agent(call_centre, shared_data):
    stats = json.loads((shared_data / "callcentre_phonenow_2021q1" / "reference_stats.json").read_text())
    calls = handled(call_centre)
    assert_calls(calls, stats["overall"])
    share, wait, mark = figures(calls)
    assert (round(share * 100, 2), round(wait, 2), round(mark, 2)) == (81.08, 67.52, 3.40)
    for month, expected in stats["by_month"].items():
        assert_calls([call for call in calls if call.month == month], expected)
    for agent, expected in stats["by_agent"].items():
        assert_calls([call for call in calls if call.name == agent], expected)
