"""The mailed link itself: what the row says counts, tries are counted, right digits are remembered once."""

import pytest

from svcqa.appeals import links
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import SYSTEM
from tests.web.rows import every_row


@pytest.fixture
def token(place, cast):
    """Return the token of a link to a penalty, mailed to wangjianguo (10220)."""
    with place.transaction(SYSTEM) as tx:
        address = links.issue(tx, kind="penalty", object_id="penalty-1", person_id=cast["wangjianguo"].id)
    return address.removeprefix(f"{place.links.base_url}/a/")


def look(place, token):
    with place.reading(SYSTEM) as tx:
        return links.look(tx, token)


def check(place, token, digits):
    with place.transaction(SYSTEM) as tx:
        return links.check_digits(tx, links.look(tx, token, locked=True), digits)


def test_an_issued_link_is_open_and_names_its_decision(place, token, cast):
    link = look(place, token)
    assert (link.kind, link.object_id, link.person_id) == ("penalty", "penalty-1", cast["wangjianguo"].id)
    assert (link.standing, link.problem) == ("open", "")


@pytest.mark.parametrize("text", ["", "x", "W10.x", "a" * 2000])
def test_what_was_not_issued_here_is_unknown(place, text):
    assert look(place, text) == links.UNKNOWN


def test_a_link_whose_row_is_gone_is_unknown(place, token):
    with place.transaction(SYSTEM) as tx:
        tx.connection.exec_driver_sql("DELETE FROM decision_link")
    assert look(place, token) == links.UNKNOWN


def test_five_wrong_tries_lock_one_link_and_no_other(place, token, cast):
    with place.transaction(SYSTEM) as tx:
        other = links.issue(tx, kind="penalty", object_id="penalty-1", person_id=cast["wangjianguo"].id)
    assert [check(place, token, "9999").tries_left for _ in range(5)] == [4, 3, 2, 1, 0]
    assert look(place, token).standing == "locked"
    assert look(place, other.rpartition("/")[2]).standing == "open"


def test_right_digits_are_confirmed_and_recorded_once(place, token):
    for _ in range(2):
        assert check(place, token, "0220").right
    with place.reading(SYSTEM) as tx:
        count = "SELECT count(*) FROM audit_event WHERE action = 'link.confirmed'"
        assert tx.connection.exec_driver_sql(count).scalar() == 1


def test_right_digits_forgive_the_wrong_ones_before(place, token):
    for _ in range(4):
        check(place, token, "9999")
    check(place, token, "0220")
    assert check(place, token, "9999").tries_left == 4


@pytest.mark.parametrize("digits", ["", "220", "00220", "10220", "零二二零", "02 20"])
def test_what_cannot_be_four_digits_is_no_try(place, token, digits):
    before = every_row(place)
    with pytest.raises(Invalid) as refused:
        check(place, token, digits)
    assert refused.value.field_name == "digits"
    assert every_row(place) == before


def test_replacing_closes_every_link_to_the_decision_and_to_no_other(place, token, cast):
    with place.transaction(SYSTEM) as tx:
        other = links.issue(tx, kind="penalty", object_id="penalty-2", person_id=cast["wangjianguo"].id)
        links.replace(tx, kind="penalty", object_id="penalty-1")
    assert look(place, token).standing == "replaced"
    assert look(place, other.rpartition("/")[2]).standing == "open"
