"""The board shows each measure in its state, to whom it concerns, with the moves that are theirs."""

from datetime import date

import pytest

from states.measure import LAW
from svcqa.improvement import forms, queries
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import SYSTEM
from tests.improvement.desk import CYCLE


def seen_by(desk, who):
    with desk.place.reading(desk.cast.actor(who)) as tx:
        return [card.measure.number for column in queries.board(tx) for card in column.cards]


def test_the_board_has_every_state_and_each_measure_in_its_own(desk):
    waits, runs = desk.proposed(), desk.agreed(origin_part="other")
    with desk.place.reading(SYSTEM) as tx:
        columns = queries.board(tx)
    assert [column.state for column in columns] == [state.name for state in LAW.states]
    assert {c.state: [card.measure.number for card in c.cards] for c in columns if c.cards} == {
        "proposed": [waits],
        "agreed": [runs],
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("wangjianguo", True),
        ("fengjianjun", True),
        ("zhaozhiqiang", True),
        ("liumin", True),
        ("hejing", True),
        ("lixiaotong", False),
        ("xieweidong", False),
        ("xuwenjing", False),
    ],
)
def test_owner_heads_above_and_overseers_see_a_measure_and_nobody_else(desk, who, sees):
    number = desk.proposed()
    assert seen_by(desk, who) == ([number] if sees else [])
    with desk.place.reading(desk.cast.actor(who)) as tx:
        assert len(queries.of_origin(tx, "cycle", origin_id=CYCLE)) == sees
        if sees:
            assert queries.one(tx, number).owner == "王建国"
        else:
            with pytest.raises(NotFound):
                queries.one(tx, number)


def test_a_card_names_its_people_and_says_when_it_is_late(desk):
    number = desk.agreed()
    with desk.place.reading(SYSTEM) as tx:
        card = queries.one(tx, number)
    assert (card.subject, card.unit, card.state_label, card.step) == ("王建国", "城东一班", "待开始", "开始")
    assert not card.late
    desk.on(date(2026, 12, 19))
    with desk.place.reading(SYSTEM) as tx:
        assert queries.one(tx, number).late


def test_a_measure_of_a_unit_shows_the_unit_as_its_subject(desk):
    unit = desk.cast["wangjianguo"].unit_id
    desk.proposed(subject_kind="unit", subject_id=unit)
    with desk.place.reading(SYSTEM) as tx:
        assert [card.subject for card in queries.listed(tx)] == ["城东一班"]


@pytest.mark.parametrize(
    ("who", "moves"),
    [
        ("wangjianguo", ["agree"]),
        ("fengjianjun", ["agree"]),
        ("liumin", ["agree", "withdraw"]),
        ("hejing", []),
    ],
)
def test_everybody_is_offered_what_is_theirs(desk, who, moves):
    number = desk.proposed()
    with desk.place.reading(desk.cast.actor(who)) as tx:
        assert [offer.name for offer in queries.offers(tx, queries.one(tx, number).measure)] == moves


def test_the_measures_of_an_origin_are_counted_by_state(desk):
    desk.proposed()
    number = desk.proposed(origin_part="other")
    desk.proposed(origin_id="another")
    desk.act("liumin", number, forms.Withdraw(note="重复"))
    with desk.place.reading(SYSTEM) as tx:
        assert queries.counts(tx, "cycle", origin_id=CYCLE) == {"proposed": 1, "withdrawn": 1}
