"""Giving and ending roles."""

from datetime import date, timedelta

import pytest

from svcqa.kernel.errors import Duplicate, Forbidden, Invalid, NotFound
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import access, accounts, grants, sessions

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)


def test_a_granted_role_is_in_force_from_its_day(place, cast, luowenbo, clock, recorded):
    with place.transaction(luowenbo) as tx:
        grants.grant(tx, cast["dujuan"].id, role="inspector", from_on=TODAY + timedelta(days=1))
    assert "inspector" not in cast.actor("dujuan").roles
    clock.advance(timedelta(days=1))
    assert "inspector" in cast.actor("dujuan").roles
    assert recorded() == ["role.granted"]


def test_a_revoked_role_is_gone_at_once(place, cast, luowenbo, recorded):
    with place.transaction(luowenbo) as tx:
        [held] = grants.grants_of(tx, cast["hanlei"].id)
        grants.revoke(tx, held.id, last_on=YESTERDAY)
    assert cast.actor("hanlei").roles == {"employee"}
    assert recorded() == ["role.ended"]


def test_a_past_role_stays_on_record(place, cast, luowenbo):
    with place.transaction(luowenbo) as tx:
        [held] = grants.grants_of(tx, cast["hanlei"].id)
        grants.revoke(tx, held.id, last_on=YESTERDAY)
        [past] = grants.grants_of(tx, cast["hanlei"].id)
    assert (past.role, past.label, past.until_on) == ("officer", "经办人", YESTERDAY)


@pytest.mark.parametrize(("pinyin", "role"), [("hejing", "administrator"), ("luowenbo", "auditor")])
def test_administrator_and_auditor_are_never_one_person(place, cast, pinyin, role):
    with place.transaction(SYSTEM) as tx, pytest.raises(Invalid, match="必须由不同的人担任"):
        grants.grant(tx, cast[pinyin].id, role=role, from_on=TODAY + timedelta(days=90))
    assert role not in cast.actor(pinyin).roles


def test_one_may_become_auditor_after_having_been_administrator(place, cast):
    with place.transaction(SYSTEM) as tx:
        [held] = grants.grants_of(tx, cast["luowenbo"].id)
        grants.revoke(tx, held.id, last_on=YESTERDAY)
        grants.grant(tx, cast["luowenbo"].id, role="auditor", from_on=TODAY)
    assert cast.actor("luowenbo").roles == {"auditor", "employee"}


@pytest.mark.parametrize("role", ["employee", "unit_head", "system", "customer", "boss"])
def test_a_role_that_nobody_grants_is_refused(place, cast, luowenbo, role):
    with place.transaction(luowenbo) as tx, pytest.raises(Invalid, match="不能授予"):
        grants.grant(tx, cast["dujuan"].id, role=role, from_on=TODAY)


def test_only_an_administrator_gives_roles(place, cast):
    with place.transaction(cast.actor("liumin")) as tx, pytest.raises(Forbidden, match="管理员"):
        grants.grant(tx, cast["dujuan"].id, role="inspector", from_on=TODAY)


def test_nobody_changes_their_own_roles(place, cast, luowenbo):
    with place.transaction(luowenbo) as tx:
        with pytest.raises(Forbidden, match="自己的角色"):
            grants.grant(tx, cast["luowenbo"].id, role="supervisor", from_on=TODAY)
        [held] = grants.grants_of(tx, cast["luowenbo"].id)
        with pytest.raises(Forbidden, match="自己的角色"):
            grants.revoke(tx, held.id, last_on=YESTERDAY)


def test_the_same_role_is_not_given_twice_for_one_day(place, cast, luowenbo):
    with place.transaction(luowenbo) as tx, pytest.raises(Duplicate, match="已有“经办人”角色"):
        grants.grant(tx, cast["hanlei"].id, role="officer", from_on=TODAY)


def test_an_end_before_the_beginning_is_refused(place, cast, luowenbo):
    with place.transaction(luowenbo) as tx, pytest.raises(Invalid, match="早于开始日期"):
        grants.grant(tx, cast["dujuan"].id, role="officer", from_on=TODAY, until_on=YESTERDAY)


def test_an_ended_role_is_not_prolonged_by_ending_it_later(place, cast, luowenbo):
    with place.transaction(luowenbo) as tx:
        key = grants.grant(tx, cast["dujuan"].id, role="officer", from_on=TODAY, until_on=TODAY)
        with pytest.raises(Invalid, match="另授一次"):
            grants.revoke(tx, key, last_on=TODAY + timedelta(days=1))


def test_unknown_persons_and_grants_are_not_found(place, luowenbo):
    with place.transaction(luowenbo) as tx:
        with pytest.raises(NotFound):
            grants.grant(tx, "nobody", role="officer", from_on=TODAY)
        with pytest.raises(NotFound):
            grants.revoke(tx, "nothing", last_on=TODAY)


def test_a_change_of_roles_ends_the_sessions_that_had_the_old_ones(place, cast, luowenbo, recorded):
    person = cast["dujuan"].id
    with place.transaction(SYSTEM) as tx:
        accounts.set_password(tx, person, "seven small boats")
        signed = sessions.open_session(tx, person)
    with place.transaction(luowenbo) as tx:
        grants.grant(tx, person, role="inspector", from_on=TODAY)
        assert sessions.session(tx, signed.session_secret) is None
    assert recorded() == ["account.password_set", "role.granted", "session.ended"]


def test_every_pair_to_be_kept_apart_names_roles_that_are_granted():
    assert all(pair <= access.GRANTED and len(pair) == 2 for pair in access.SEPARATED)
