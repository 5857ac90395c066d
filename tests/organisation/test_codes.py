"""One-time codes: the first administrator, and everybody's first sign-in."""

from datetime import timedelta

import pytest

from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Actor
from svcqa.organisation import accounts, codes
from svcqa.organisation.sessions import NotSigned, Signed

VISITOR = Actor(person_id=None, name="", via="web")
STORED = Statement("SELECT * FROM one_time_code")


@pytest.fixture
def code(place, cast, luowenbo):
    with place.transaction(luowenbo) as tx:
        return codes.issue_code(tx, cast["hanlei"].id)


@pytest.fixture
def redeem(place):
    def redeeming(code, name="10208"):
        with place.transaction(VISITOR) as tx:
            return codes.redeem_code(tx, name=name, code=code)

    return redeeming


def test_a_code_opens_the_first_session_and_a_password_must_follow(cast, code, redeem, recorded):
    signed = redeem(code)
    assert isinstance(signed, Signed)
    assert (signed.person_id, signed.must_change) == (cast["hanlei"].id, True)
    assert recorded() == ["code.issued", "account.signed_in"]


def test_after_the_password_is_set_it_need_not_be_changed(place, cast, code, redeem):
    redeem(code)
    with place.transaction(cast.actor("hanlei")) as tx:
        accounts.set_password(tx, cast["hanlei"].id, "seven small boats")
    with place.transaction(VISITOR) as tx:
        signed = accounts.sign_in(tx, name="10208", password="seven small boats")
    assert isinstance(signed, Signed)
    assert not signed.must_change


def test_a_code_works_once(code, redeem, recorded):
    redeem(code)
    assert redeem(code) == NotSigned(codes.REFUSED)
    assert recorded()[-1] == "account.sign_in_failed"


def test_a_code_lasts_a_day(code, redeem, clock):
    clock.advance(timedelta(hours=24))
    assert redeem(code) == NotSigned(codes.REFUSED)


def test_a_code_is_its_persons_only(code, redeem):
    assert redeem(code, "10207") == NotSigned(codes.REFUSED)
    assert redeem(code, "99999") == NotSigned(codes.REFUSED)
    assert isinstance(redeem(code), Signed)


def test_a_new_code_replaces_the_old_one(place, cast, luowenbo, code, redeem):
    with place.transaction(luowenbo) as tx:
        newer = codes.issue_code(tx, cast["hanlei"].id)
    assert redeem(code) == NotSigned(codes.REFUSED)
    assert isinstance(redeem(newer), Signed)


def test_what_is_easily_misread_is_read_right(code, redeem):
    sloppy = f" {code.replace('-', ' ').replace('0', 'o').replace('1', 'l').lower()} "
    assert isinstance(redeem(sloppy), Signed)


def test_only_the_hash_of_a_code_is_stored(place, code, redeem):
    with place.reading(SYSTEM) as tx:
        [row] = STORED.rows(tx)
    assert code.replace("-", "") not in str(row)
    assert redeem(row["id"]) == NotSigned(codes.REFUSED)


def test_a_code_opens_neither_a_disabled_account_nor_a_leavers(place, cast, luowenbo, code, redeem):
    with place.transaction(luowenbo) as tx:
        accounts.disable(tx, cast["hanlei"].id)
        leavers = codes.issue_code(tx, cast["jinxin"].id)
    assert redeem(code) == NotSigned(codes.REFUSED)
    assert redeem(leavers, "10239") == NotSigned(codes.REFUSED)
    with place.reading(SYSTEM) as tx:
        assert accounts.account_of(tx, cast["jinxin"].id) is None


def test_nobody_unknown_gets_a_code(place, luowenbo):
    with place.transaction(luowenbo) as tx, pytest.raises(NotFound):
        codes.issue_code(tx, "nobody")
