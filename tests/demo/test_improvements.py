"""The weeks after the demo's cycles: results acknowledged and contested, measures in every state, one cycle closed."""

from collections import Counter

import pytest

from states.measure import LAW
from svcqa.casework.rebuilding import compare
from svcqa.demo import cycles, people, seeding, story
from svcqa.demo.postman import Postman
from svcqa.improvement import queries, standing
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.kernel.verifying import verify
from svcqa.organisation import accounts, roster
from svcqa.organisation.sessions import Signed
from tests.conftest import opened
from tests.databases import copied

PAIRS = (
    "SELECT r.staff_number AS rater, p.staff_number AS ratee, t.direction FROM rating_task t"
    " JOIN rating_sheet s ON s.id = t.sheet_id JOIN person r ON r.id = s.rater_id"
    " JOIN person p ON p.id = t.ratee_id ORDER BY rater, ratee"
)
FIGURES = (
    "SELECT p.staff_number, r.composite_hundredths, r.grade, r.rank, r.rank_best, r.rank_worst FROM result r"
    " JOIN person p ON p.id = r.person_id ORDER BY p.staff_number"
)
MEASURES = (
    "SELECT m.number, m.state, m.metric, m.verdict, p.staff_number FROM measure m"
    " LEFT JOIN person p ON p.id = m.subject_id ORDER BY m.number"
)
MAILS = (
    "SELECT p.staff_number, o.slug, o.posted_at FROM outbox o JOIN person p ON p.id = o.person_id"
    " ORDER BY o.posted_at, p.staff_number, o.slug"
)


@pytest.fixture(scope="module")
def told(tmp_path_factory, peopled_database):
    """Return a workplace in which the cycles and the weeks up to the demo's first morning were told."""
    folder = copied(peopled_database, tmp_path_factory.mktemp("weeks"))
    clock = FrozenClock(cycles.BEGINS_AT)
    with opened(folder, clock) as place:
        tell(place, clock)
        yield place


def tell(place, clock):
    """Tell the cycles and the weeks after them to a workplace that has the branch's people."""
    _, weeks = story.tell_cycles(place, clock, Postman(place))
    planned = len(weeks.steps)
    weeks.pass_until(seeding.ENDS_AT)
    assert planned
    assert not weeks.steps


def measures(place):
    with place.reading(SYSTEM) as tx:
        return standing.every(tx)


def rows(place, text):
    with place.reading(SYSTEM) as tx:
        return Statement(text).rows(tx)


def test_every_state_of_a_measure_is_on_the_board(told):
    counts = Counter(one.state for one in measures(told))
    assert set(counts) == {state.name for state in LAW.states}
    assert counts["in_progress"] + counts["agreed"] > counts.total() / 2


def test_the_file_tells_of_every_measure(told):
    with told.reading(SYSTEM) as tx:
        untouched = [one for one in standing.every(tx) if one.version == 1]
    assert len(untouched) == 2


def test_one_cycle_is_told_to_its_end_with_every_measure_judged(told):
    assert rows(told, "SELECT number, stage FROM cycle ORDER BY number") == [
        {"number": "KH-201604-001", "stage": "improving"},
        {"number": "KH-202607-001", "stage": "closed"},
    ]
    ended = "SELECT m.judged_at FROM measure m JOIN cycle c ON c.id = m.origin_id WHERE c.stage = 'closed'"
    assert [row["judged_at"] is None for row in rows(told, ended)] == [False] * 3


def test_few_are_late_and_the_due_days_lie_around_the_first_morning(told):
    with told.reading(SYSTEM) as tx:
        cards = [one for one in queries.listed(tx) if one.measure.open and one.measure.state != "done"]
    late = [one for one in cards if one.late]
    assert 2 <= len(late) <= 5
    assert len({one.measure.due_on for one in cards}) >= 10


def test_the_verdicts_are_those_of_the_figures(told):
    judged = {one.state: one for one in measures(told) if one.judged_at}
    assert set(judged) == {"effective", "not_effective", "not_enough_data"}
    assert "起点相同的可比对象" in judged["effective"].verdict
    assert rows(told, "SELECT DISTINCT example FROM interaction WHERE resolved_at >= '2026-10-01'") == [
        {"example": 1}
    ]


def test_most_have_acknowledged_their_result_and_one_was_heard(told):
    (read,) = rows(told, "SELECT count(*) AS people, count(acknowledged_at) AS done FROM cycle_subject")
    assert read["people"] / 2 < read["done"] < read["people"]
    assert rows(told, "SELECT state FROM appeal WHERE kind = 'result'") == [{"state": "upheld"}]


def test_what_was_told_is_in_order_of_time(told):
    query = "SELECT at FROM audit_event WHERE object_kind IN ('cycle', 'result', 'measure') ORDER BY seq"
    moments = [row["at"] for row in rows(told, query)]
    assert moments == sorted(moments)
    with told.reading(SYSTEM) as tx:
        assert verify(tx).fault is None


def test_the_assessed_employee_who_is_shown_signs_in_and_has_a_result_and_a_measure(told):
    with told.transaction(SYSTEM) as tx:
        signed = accounts.sign_in(tx, name=people.ASSESSED, password=people.PASSWORD)
    assert isinstance(signed, Signed)
    theirs = "SELECT count(*) AS n FROM {} t JOIN person p ON p.id = t.{} WHERE p.staff_number = '{}'"
    for table, column in (("result", "person_id"), ("measure", "subject_id")):
        assert rows(told, theirs.format(table, column, people.ASSESSED))[0]["n"] == 1


def test_two_tellings_give_the_same_pairs_and_figures_whatever_the_ids(told, empty_database, tmp_path):
    clock = FrozenClock(cycles.BEGINS_AT)
    with opened(copied(empty_database, tmp_path / "again"), clock) as again:
        with again.transaction(SYSTEM) as tx:
            roster.load(tx, people.roster())
        tell(again, clock)
        for text in (PAIRS, FIGURES, MEASURES, MAILS):
            assert rows(again, text) == rows(told, text)
        ids = "SELECT id FROM person ORDER BY staff_number"
        assert rows(again, ids) != rows(told, ids), "the people's ids are drawn anew"


def test_casework_takes_no_offence_at_the_appeals_of_results(told):
    with told.reading(SYSTEM) as tx:
        assert compare(tx) == []
