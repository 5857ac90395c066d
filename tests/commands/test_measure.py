"""The measures on the terminal: what is open by due day, what is late, one state, and JSON."""

import json
from datetime import date

import pytest

from svcqa.improvement import measures
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import people


@pytest.fixture
def measured(installed, office):
    """Return the door after two measures were proposed, the one due later first."""
    with office.transaction(SYSTEM) as tx:
        owner = people.by_staff_number(tx, "10220")
        assert owner
        for part, title, due in (("b", "后到期", date(2027, 2, 1)), ("a", "先到期", date(2027, 1, 15))):
            measures.propose(
                tx,
                origin_kind="regulation",
                origin_id="telecom-service",
                origin_part=part,
                subject_kind="person",
                subject_id=owner.id,
                title=title,
                problem="",
                owner_id=owner.id,
                metric="exam",
                baseline_hundredths=None,
                target_hundredths=9000,
                due_on=due,
            )
    return installed


def test_open_measures_are_listed_the_next_due_first(measured):
    lines = measured("measure", "list").stdout.splitlines()
    assert [line.split("  ")[2:] for line in lines[:2]] == [
        ["01-15", "王建国", "先到期"],
        ["02-01", "王建国", "后到期"],
    ]
    assert lines[-1] == "2 measures"


def test_only_one_state_or_only_the_late_ones(measured):
    assert measured("measure", "list", "--state", "agreed").stdout == "0 measures\n"
    assert measured("measure", "list", "--late").stdout == "0 measures\n"
    refused = measured("measure", "list", "--state", "lost")
    assert refused.exit_code == 2
    assert "没有状态“lost”" in refused.output


def test_json_carries_the_days_and_the_names(measured):
    first = json.loads(measured("measure", "list", "--json").stdout)[0]
    assert (first["due_on"], first["owner"], first["state"], first["late"]) == (
        "2027-01-15",
        "王建国",
        "proposed",
        False,
    )
