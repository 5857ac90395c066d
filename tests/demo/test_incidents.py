"""The months the demo's cycles assess: real incidents with their desk, and facts made up where no log has them."""

from datetime import date

import polars as pl
import pytest

from svcqa.demo import incidents
from svcqa.demo import people as demo_people
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import people
from svcqa.records import reads
from tests.conftest import MONDAY_MORNING, opened
from tests.databases import copied

APRIL = {"from_on": date(2016, 4, 1), "until_on": date(2016, 4, 30)}
OCTOBER = {"from_on": date(2026, 10, 1), "until_on": date(2026, 10, 31)}


@pytest.fixture(scope="module")
def desk():
    return demo_people.desk()


@pytest.fixture(scope="module")
def april(tmp_path_factory, peopled_database):
    """Return a workplace that April was told in, and the desk's unit; made once, for reading."""
    folder = copied(peopled_database, tmp_path_factory.mktemp("april"))
    with opened(folder, FrozenClock(MONDAY_MORNING)) as place:
        yield place, incidents.tell_facts(place)


def facts(place, unit_id, period):
    with place.reading(SYSTEM) as tx:
        path = people.unit(tx, unit_id).path
        kinds = (reads.interactions, reads.exams, reads.outages, reads.surveys)
        return {read.__name__: read(tx, path, **period) for read in kinds}


def test_the_desk_has_one_head_a_team_and_teams_of_a_size_in_which_colleagues_can_rate(desk):
    teams: dict[str, list[str]] = {unit.code: [] for unit in desk.units if unit.parent == incidents.DESK}
    heads = []
    for person in desk.people:
        for post in person.posts:
            if post.unit in teams and post.post == "member":
                teams[post.unit].append(person.staff_number)
            if post.post == "head":
                heads.append(post.unit)
    assert sorted(heads) == sorted([incidents.DESK, *teams])
    assert sum(map(len, teams.values())) == 76
    assert all(4 <= len(team) <= 25 for team in teams.values())


def test_april_has_every_incident_and_what_its_log_lacks_marked_as_an_example(april):
    place, unit_id = april
    found = facts(place, unit_id, APRIL)
    assert {name: frame.height for name, frame in found.items()} == {
        "interactions": 7794, "exams": 152, "outages": 3, "surveys": 1000,
    }  # fmt: skip
    calls = found["interactions"]
    by_person = calls.filter(pl.col("person_id").is_not_null()).group_by("person_id").len()
    assert (by_person.height, by_person["len"].min(), by_person["len"].max()) == (76, 21, 1215)
    assert calls["unit_id"].null_count() == 0
    assert calls["met_target"].mean() == pytest.approx(0.7273543751603798)
    with place.reading(SYSTEM) as tx:
        marked = "SELECT count(*) FROM {} WHERE example = {}"
        counted = [
            tx.driver.execute(marked.format(table, flag)).fetchone()[0]
            for table, flag in (
                ("interaction", "false"),
                ("exam", "true"),
                ("outage", "true"),
                ("survey_answer", "true"),
            )
        ]
    assert counted == [7794, 152, 3, 1000]


def test_april_told_again_changes_nothing(april):
    place, unit_id = april
    with place.reading(SYSTEM) as tx:
        events = tx.driver.execute("SELECT count(*) FROM audit_event").fetchone()
    assert incidents.tell_facts(place) == unit_id
    with place.reading(SYSTEM) as tx:
        assert tx.driver.execute("SELECT count(*) FROM audit_event").fetchone() == events


def test_october_is_made_up_the_same_each_time(place):
    unit_id = incidents.tell_hotline(place, incidents.OCTOBER, addressed=incidents.ADDRESSED_EACH)
    october = facts(place, unit_id, OCTOBER)
    assert {name: frame.height for name, frame in october.items()} == {
        "interactions": 420, "exams": 14, "outages": 3, "surveys": 120,
    }  # fmt: skip
    assert incidents.tell_hotline(place, incidents.OCTOBER, addressed=incidents.ADDRESSED_EACH) == unit_id
    assert facts(place, unit_id, OCTOBER)["interactions"].height == 420


def test_the_shipped_incidents_are_those_of_the_log_that_were_resolved_in_april(shared_data):
    log = pl.read_csv(
        shared_data / "servicenow_incidents" / "servicenow_incident_events.csv.gz", infer_schema=False
    )
    last = log.group_by("number").last().filter(pl.col("resolved_at").str.contains(r"/4/2016 "))
    assert sorted(last["number"]) == sorted(
        number for frame in incidents.table().frames() for number in frame["number"]
    )
