"""Who acts with which roles, and the one check before every move."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel.errors import Forbidden, NotFound
from svcqa.kernel.transaction import SYSTEM, Actor
from svcqa.organisation import access, people, roster
from svcqa.organisation.access import GRANTED, ROLES, Act
from svcqa.organisation.roster_file import Roster

TODAY = date(2026, 11, 23)
CLASSIFY = Act("定性", frozenset({"officer"}))
VERIFY = Act("核实", frozenset({"officer", "unit_head"}))


@pytest.mark.parametrize(
    ("pinyin", "roles"),
    [
        ("liumin", {"supervisor", "employee"}),
        ("hanlei", {"officer", "employee"}),
        ("wangjianguo", {"employee"}),
        ("gaoyuan", {"reviewer", "employee"}),
        ("zhaozhiqiang", {"unit_head", "employee"}),
        ("sunli", {"unit_head", "employee"}),
        ("linkexin", {"hr", "employee"}),
        ("luowenbo", {"administrator", "employee"}),
        ("hejing", {"auditor", "employee"}),
        ("热线平台", {"api"}),
        ("jinxin", set()),
    ],
)
def test_everybody_acts_with_the_roles_of_today(cast, pinyin, roles):
    assert cast.actor(pinyin).roles == roles


def test_a_workshop_head_heads_the_workshop_and_all_teams_below(place, cast):
    with place.reading(SYSTEM) as tx:
        codes = {one.code for one in people.units(tx) if one.id in cast.actor("zhaozhiqiang").units}
    assert codes == {"cd", "cd1", "cd2", "cd3"}


def test_the_head_of_the_branch_heads_every_unit(place, cast):
    with place.reading(SYSTEM) as tx:
        assert cast.actor("shenguoqiang").units == {one.id for one in people.units(tx)}


def test_a_unit_whose_code_begins_like_another_is_not_below_it(empty_place):
    data = Roster.model_validate(
        {
            "from_on": TODAY,
            "units": [
                {"code": "cd", "name": "城东车间", "kind": "workshop"},
                {"code": "cd1", "name": "城东一站", "kind": "workshop"},
            ],
            "people": [
                {"staff_number": "10217", "name": "赵志强", "posts": [{"unit": "cd", "post": "head"}]}
            ],
        }
    )
    with empty_place.transaction(SYSTEM) as tx:
        roster.load(tx, data)
        head = people.find(tx, "zhaozhiqiang")[0]
        units = access.actor_of(tx, head.id, via="web").units
        assert [people.unit(tx, one).code for one in units] == ["cd"]


def test_roles_begin_and_end_with_their_days(place, cast, clock):
    clock.at -= timedelta(days=400)
    assert cast.actor("hanlei").roles == {"employee"}
    assert cast.actor("zhaozhiqiang").roles == {"employee"}


def test_an_actor_carries_the_door_and_the_request(place, cast):
    with place.reading(SYSTEM) as tx:
        actor = access.actor_of(tx, cast["liumin"].id, via="api", request_id="r-1", address="127.0.0.1")
    assert (actor.name, actor.via, actor.request_id, actor.address) == ("刘敏", "api", "r-1", "127.0.0.1")


def test_an_unknown_person_is_no_actor(place):
    with place.reading(SYSTEM) as tx, pytest.raises(NotFound):
        access.actor_of(tx, "nobody", via="web")


def test_a_role_of_the_move_opens_it(cast):
    access.require(cast.actor("hanlei"), CLASSIFY, unit_id=None)


def test_without_a_role_of_the_move_the_sentence_names_who_may(cast):
    with pytest.raises(Forbidden) as refused:
        access.require(cast.actor("wangjianguo"), VERIFY, unit_id=None)
    assert "“核实”只能由经办人、单位负责人办理" in refused.value.sentence


def test_a_unit_head_acts_for_own_units_only(cast):
    head, own, other = cast.actor("zhaozhiqiang"), cast["wangjianguo"].unit_id, cast["dujuan"].unit_id
    access.require(head, VERIFY, unit_id=own)
    for unit_id in (other, None):
        with pytest.raises(Forbidden, match="不在你负责的单位"):
            access.require(head, VERIFY, unit_id=unit_id)


def test_an_officer_who_also_heads_a_unit_is_not_bound_to_it():
    both = Actor(
        person_id="p", name="许文静", roles=frozenset({"officer", "unit_head"}), units=frozenset({"a"})
    )
    access.require(both, VERIFY, unit_id="b")


ANY_ROLES = st.frozensets(st.sampled_from(sorted(ROLES)))
ANY_UNITS = st.frozensets(st.sampled_from("abc"))


@given(held=ANY_ROLES, units=ANY_UNITS, roles=ANY_ROLES, unit_id=st.sampled_from(["a", "b", None]))
def test_require_lets_through_exactly_who_fits(held, units, roles, unit_id):
    actor = Actor(person_id="p", name="许文静", roles=held, units=units)
    fits = any(role in roles and (role != "unit_head" or unit_id in units) for role in held)
    try:
        access.require(actor, Act("核实", roles), unit_id=unit_id)
        assert fits
    except Forbidden:
        assert not fits


@pytest.mark.parametrize(
    ("role", "numbers"),
    [
        ("officer", ["10207", "10208", "10209", "10210"]),
        ("supervisor", ["10205", "10206"]),
        ("reviewer", ["10214", "10215", "10216"]),
        ("hr", ["10212", "10213"]),
        ("adviser", []),
    ],
)
def test_the_holders_of_a_role_are_listed(place, role, numbers):
    with place.reading(SYSTEM) as tx:
        assert [one.staff_number for one in access.people_with_role(tx, role)] == numbers


@pytest.mark.parametrize("role", [*sorted(set(ROLES) - GRANTED), "boss"])
def test_asking_for_the_holders_of_a_role_nobody_grants_is_a_mistake(place, role):
    with place.reading(SYSTEM) as tx, pytest.raises(ValueError, match="not granted"):
        access.people_with_role(tx, role)


def test_superiors_are_the_heads_and_secretaries_up_the_tree(place, cast):
    with place.reading(SYSTEM) as tx:
        found = {people.card(tx, one).name for one in access.superiors_of(tx, cast["wangjianguo"].id, TODAY)}
    assert found == {"冯建军", "赵志强", "孙丽", "沈国强", "梁素芬"}


def test_nobody_is_their_own_superior(place, cast):
    with place.reading(SYSTEM) as tx:
        of_head = access.superiors_of(tx, cast["zhaozhiqiang"].id, TODAY)
        of_two = access.superiors_of_any(tx, {cast["zhaozhiqiang"].id, cast["dujuan"].id})
    assert cast["zhaozhiqiang"].id not in of_head
    assert of_two > of_head
    assert cast["xieweidong"].id in of_two - of_head
