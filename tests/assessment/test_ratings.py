"""A rater's sheet: whose it is, what it takes, until when, and what of it is ever seen by others."""

import pytest

from states import Refused
from svcqa.assessment import inviting, ratings
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.assessment.month import SHEETS, TASKS

RATINGS = Statement("SELECT item, value FROM rating WHERE rater_id = :rater ORDER BY item")
LINKS = Statement("SELECT kind, object_id, person_id FROM decision_link ORDER BY object_id")
EVENTS = Statement("SELECT body FROM audit_event WHERE action = 'rating.given'")
FULL = {"accuracy": 5, "completeness": 4, "ownership": 3, "manner": 2, "teamwork": 1}


@pytest.fixture
def sheet(month):
    """Return the sheet of wangjianguo, who rates one colleague."""
    month.advance()
    rater = month.cast["wangjianguo"].id
    return next(
        one["id"]
        for one in month.read(lambda tx: SHEETS.rows(tx, id=month.cycle_id))
        if one["rater_id"] == rater
    )


def seen(month, sheet, who="wangjianguo"):
    return month.act(who, lambda tx: ratings.sheet(tx, sheet))


def give(month, sheet, *, values=FULL, comment="", who="wangjianguo"):
    task = seen(month, sheet).tasks[0]
    month.act(who, lambda tx: ratings.submit(tx, sheet, task_id=task.id, values=values, comment=comment))


def test_a_sheet_names_its_colleagues_and_the_scale_in_words(month, sheet):
    shown = seen(month, sheet)
    assert [(task.ratee, task.direction, task.direction_label) for task in shown.tasks] == [
        ("李晓彤", "peer", "同事评")
    ]
    assert [item.id for item in shown.items] == list(FULL)
    assert all(len(item.anchors) == 5 for item in shown.items)
    assert (shown.open, shown.done, shown.next) == (True, 0, shown.tasks[0])


def test_every_rater_gets_one_link_to_the_own_sheet(month, sheet):
    sheets = month.read(lambda tx: SHEETS.rows(tx, id=month.cycle_id))
    links = month.read(LINKS.rows)
    assert links == [
        {"kind": "rating", "object_id": one["id"], "person_id": one["rater_id"]}
        for one in sorted(sheets, key=lambda one: one["id"])
    ]


def test_what_is_given_again_replaces_what_was_given(month, sheet):
    give(month, sheet, comment="很好")
    give(month, sheet, values={**FULL, "teamwork": 5}, comment=" 协作好\r\n")
    shown = seen(month, sheet)
    assert shown.tasks[0].values == {**FULL, "teamwork": 5}
    assert (shown.tasks[0].comment, shown.done, shown.next) == ("协作好", 1, None)
    rater = month.cast["wangjianguo"].id
    assert len(month.read(lambda tx: RATINGS.rows(tx, rater=rater))) == 5


@pytest.mark.parametrize(
    ("values", "field"),
    [({"accuracy": 5}, "completeness"), ({**FULL, "manner": 6}, "manner"), ({**FULL, "manner": 0}, "manner")],
)
def test_a_missing_or_impossible_value_keeps_nothing(month, sheet, values, field):
    with pytest.raises(Invalid) as refused:
        give(month, sheet, values=values)
    assert refused.value.field_name == field
    assert seen(month, sheet).tasks[0].values == {}


def test_what_the_form_does_not_ask_is_not_kept(month, sheet):
    give(month, sheet, values={**FULL, "looks": 5})
    assert seen(month, sheet).tasks[0].values == FULL


def test_a_sheet_is_nobody_elses(month, sheet):
    for who in ("liumin", "lixiaotong"):
        with pytest.raises(NotFound):
            seen(month, sheet, who=who)
        with pytest.raises(NotFound):
            give(month, sheet, who=who)


def test_after_closing_a_sheet_shows_what_was_given_and_takes_nothing(month, sheet):
    give(month, sheet)
    month.later(days=8)
    assert not seen(month, sheet).open
    with pytest.raises(Refused, match="截止"):
        give(month, sheet, values={**FULL, "manner": 5})
    assert seen(month, sheet).tasks[0].values == FULL


def test_looking_stores_nothing(month, sheet):
    before = month.read(EVENTS.rows)
    with month.place.reading(SYSTEM) as tx:
        tx.actor = month.cast.actor("wangjianguo")
        ratings.sheet(tx, sheet)
    assert month.read(EVENTS.rows) == before == []


def test_the_chain_knows_that_something_was_given_and_not_to_whom_or_what(month, sheet):
    give(month, sheet, comment="很好")
    (event,) = month.read(EVENTS.rows)
    ratee = month.cast["lixiaotong"].id
    assert ratee not in event["body"]
    assert "accuracy" not in event["body"]


def test_the_sheets_that_wait_are_listed_with_what_is_done(month, sheet):
    me = month.cast["wangjianguo"].id
    (line,) = month.read(lambda tx: ratings.waiting_for(tx, me))
    assert (line.id, line.done, line.total) == (sheet, 0, 1)
    give(month, sheet)
    (line,) = month.read(lambda tx: ratings.waiting_for(tx, me))
    assert line.done == 1


def test_sheets_of_another_draw_stay_as_they_are_made_out(month, monkeypatch):
    month.advance()
    before = month.read(lambda tx: TASKS.run(tx, id=month.cycle_id).fetchall())
    first, *others = month.read(lambda tx: inviting.pairs(tx, month.cycle))
    other = [first._replace(rater=month.cast["liumin"].id), *others]
    monkeypatch.setattr(inviting, "pairs", lambda _tx, _cycle: other)
    month.advance()
    assert month.read(lambda tx: TASKS.run(tx, id=month.cycle_id).fetchall()) == before
