"""Finding and showing people and units."""

from datetime import UTC, date, datetime, time

import pytest

from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import people, roster
from svcqa.organisation.roster_file import Roster
from svcqa.organisation.spelling import spell

TODAY = date(2026, 11, 23)


def test_a_card_shows_number_name_unit_and_address(cast):
    card = cast["wangjianguo"]
    assert (card.staff_number, card.name, card.unit_name) == ("10220", "王建国", "城东一班")
    assert (card.email, card.designated, card.left) == ("wangjianguo@kefu.example.com", True, False)


def test_a_leaver_has_a_card_without_a_unit(cast):
    card = cast["jinxin"]
    assert (card.left, card.unit_id, card.unit_name) == (True, None, "")


def test_a_mailbox_without_consent_is_not_designated(cast):
    assert [cast[one].designated for one in ("jiangwenbin", "fandongmei", "liumin")] == [False, False, True]


def test_an_unknown_person_or_unit_is_not_found(place):
    with place.reading(SYSTEM) as tx:
        for read in (people.card, people.unit):
            with pytest.raises(NotFound):
                read(tx, "nobody")
        assert people.by_staff_number(tx, "99999") is None
        assert people.unit_coded(tx, "nowhere") is None


@pytest.mark.parametrize(
    "text", ["10206", "１０２０６", " 10206 ", "刘敏", "刘 敏", "liumin", "Liu Min", "LM"]
)
def test_a_person_is_found_by_number_name_pinyin_and_initials(place, text):
    with place.reading(SYSTEM) as tx:
        assert "刘敏" in [one.name for one in people.find(tx, text)]


@pytest.mark.parametrize("text", ["", "  ", "'", "%", "_", "\\", "1_2%", "nobody"])
def test_blanks_and_wildcards_find_nobody(place, text):
    with place.reading(SYSTEM) as tx:
        assert people.find(tx, text) == []


def test_a_search_returns_twenty_people_at_most(place):
    with place.reading(SYSTEM) as tx:
        found = people.find(tx, "102")
        assert len(found) == 20
        assert people.find(tx, "jinx")[0].left


def test_an_exact_number_comes_before_longer_ones(empty_place):
    data = Roster.model_validate(
        {
            "from_on": TODAY,
            "people": [{"staff_number": n, "name": "刘敏"} for n in ("1020", "10201", "A-1020")],
        }
    )
    with empty_place.transaction(SYSTEM) as tx:
        roster.load(tx, data)
        assert [one.staff_number for one in people.find(tx, "1020")] == ["1020", "10201"]
        assert [one.staff_number for one in people.find(tx, "a-10")] == ["A-1020"]
        assert people.by_staff_number(tx, "a-1020") == people.find(tx, "A-1020")[0]


def test_two_heads_of_a_workshop_are_named_head_first(place, cast):
    with place.reading(SYSTEM) as tx:
        workshop = people.unit_coded(tx, "cd")
        assert workshop is not None
        assert [one.name for one in people.heads_of(tx, workshop.id, TODAY)] == ["赵志强", "孙丽"]
        assert people.heads_of(tx, workshop.id, date(2025, 12, 31)) == []


def test_one_who_is_head_and_secretary_is_named_once(empty_place):
    posts = [{"unit": "cd", "post": "head"}, {"unit": "cd", "post": "party_secretary"}]
    data = Roster.model_validate(
        {
            "from_on": TODAY,
            "units": [{"code": "cd", "name": "城东车间", "kind": "workshop"}],
            "people": [{"staff_number": "10217", "name": "赵志强", "posts": posts}],
        }
    )
    with empty_place.transaction(SYSTEM) as tx:
        roster.load(tx, data)
        workshop = people.unit_coded(tx, "CD")
        assert workshop is not None
        assert [one.name for one in people.heads_of(tx, workshop.id, TODAY)] == ["赵志强"]


def test_a_transfer_shows_in_the_unit_of_each_day(empty_place, clock):
    posts = [
        {"unit": "cd1", "until_on": "2026-06-30"},
        {"unit": "cd2", "from_on": "2026-07-01"},
        {"unit": "cd1", "post": "head", "from_on": "2026-08-01"},
    ]
    data = Roster.model_validate(
        {
            "from_on": "2026-01-01",
            "units": [{"code": one, "name": one, "kind": "team"} for one in ("cd1", "cd2")],
            "people": [{"staff_number": "10220", "name": "王建国", "posts": posts}],
        }
    )
    with empty_place.transaction(SYSTEM) as tx:
        roster.load(tx, data)
        person = people.find(tx, "wjg")[0].id
    units = []
    for on in (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 1)):
        clock.at = datetime.combine(on, time(4), UTC)
        with empty_place.reading(SYSTEM) as tx:
            units.append(people.card(tx, person).unit_name)
    assert units == ["", "cd1", "cd2", "cd2"]


def test_units_come_each_after_the_one_above(place):
    with place.reading(SYSTEM) as tx:
        units = people.units(tx)
    seen: set[str | None] = {None}
    for one in units:
        assert one.parent_id in seen
        seen.add(one.id)
    assert len(units) == 14


@pytest.mark.parametrize(
    ("digits", "right"),
    [
        ("0220", True),
        ("０２２０", True),
        (" 0220 ", True),
        ("0221", False),
        ("220", False),
        ("10220", False),
        ("", False),
    ],
)
def test_the_last_four_digits_confirm_a_person(place, cast, digits, right):
    with place.reading(SYSTEM) as tx:
        assert people.staff_suffix_matches(tx, cast["wangjianguo"].id, digits) is right


def test_no_digits_confirm_a_person_that_does_not_exist(place):
    with place.reading(SYSTEM) as tx:
        assert people.staff_suffix_matches(tx, "nobody", "") is False


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("刘敏", "liumin", "lm"),
        ("曾国华", "zengguohua", "zgh"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("吕布", "lvbu", "lb"),
        ("Anna Li", "annali", "a"),
    ],
)
def test_names_are_spelt_as_they_are_typed(name, pinyin, initials):
    assert spell(name) == (pinyin, initials)
