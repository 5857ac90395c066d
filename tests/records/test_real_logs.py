"""Two real logs come in whole, and the figures of their people equal those another tool computed from the files."""

import json

import pytest

from svcqa.demo import incidents
from svcqa.demo import people as demo_people
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import roster, roster_file
from svcqa.records import importing, mapping, sheets
from tests.records.shift import ask, counted

AGENTS = ("Becky", "Dan", "Diane", "Greg", "Jim", "Joe", "Martha", "Stewart")
MAPS = mapping.__file__.replace("records/mapping.py", "demo")
OF_A_PERSON = """
SELECT count(*), avg(met_target), avg(unixepoch(resolved_at) - unixepoch(opened_at)) / 3600.0
FROM interaction i JOIN person p ON p.id = i.person_id
WHERE p.staff_number = '{}' AND strftime('%Y-%m', resolved_at, '+8 hours') = '2016-04'
"""
OF_CALLS = """
SELECT count(*), sum(answered), avg(answered), sum(met_target),
       avg(unixepoch(responded_at) - unixepoch(opened_at)), avg(satisfaction)
FROM interaction i JOIN person p ON p.id = i.person_id WHERE {}
"""


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
    assert ask(empty_place, "SELECT sum(met_target), sum(reopened > 0), sum(reopened) FROM interaction") == [
        (stats["made_sla_true"], stats["reopened_incidents"], stats["reopen_count_sum"])
    ]
    reference = stats["top15_resolvers_2016-04"]
    assert len(reference) == 15
    for agent, expected in reference.items():
        ((count, share, hours),) = ask(empty_place, OF_A_PERSON.format(f"IM{agent:0>4}"))
        assert count == expected["n"]
        assert share == pytest.approx(expected["made_sla_share"], abs=1e-12)
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


def assert_calls(place, where, expected):
    ((calls, answered, share, solved, wait, mark),) = ask(place, OF_CALLS.format(where))
    assert (calls, answered, solved) == (expected["calls"], expected["answered"], expected["resolved"])
    assert share == pytest.approx(expected["answered_rate"])
    assert wait == pytest.approx(expected["mean_speed_of_answer_s"])
    assert mark == pytest.approx(expected["mean_satisfaction"])


def test_the_calls_give_the_figures_of_the_whole_of_each_month_and_of_each_agent(call_centre, shared_data):
    stats = json.loads((shared_data / "callcentre_phonenow_2021q1" / "reference_stats.json").read_text())
    assert_calls(call_centre, "1 = 1", stats["overall"])
    ((share, wait, mark),) = [row[2:3] + row[4:] for row in ask(call_centre, OF_CALLS.format("1 = 1"))]
    assert (round(share * 100, 2), round(wait, 2), round(mark, 2)) == (81.08, 67.52, 3.40)
    for month, expected in stats["by_month"].items():
        assert_calls(call_centre, f"strftime('%Y-%m', resolved_at, '+8 hours') = '{month}'", expected)
    for agent, expected in stats["by_agent"].items():
        assert_calls(call_centre, f"p.name = '{agent}'", expected)
