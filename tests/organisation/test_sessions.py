"""Signed-in browsers: how long they last, how they end, and what of them is stored."""

from datetime import timedelta

import pytest

from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import accounts, sessions

ROWS = Statement("SELECT * FROM sign_in_session")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def liumin(place, cast):
    person = cast["liumin"]
    with place.transaction(SYSTEM) as tx:
        accounts.set_password(tx, person.id, "seven small boats")
    return person


@pytest.fixture
def signed(place, liumin):
    with place.transaction(SYSTEM) as tx:
        return sessions.open_session(tx, liumin.id)


@pytest.fixture
def look(place, signed):
    def looking(secret=None):
        with place.reading(SYSTEM) as tx:
            return sessions.session(tx, signed.session_secret if secret is None else secret)

    return looking


def test_a_secret_names_its_person_and_the_form_token(signed, look, liumin):
    found = look()
    assert (found.person_id, found.csrf, found.must_change) == (liumin.id, signed.csrf, False)


@pytest.mark.parametrize("secret", ["", "x", "é"])
def test_another_secret_opens_nothing(look, signed, secret):
    assert look(secret) is None
    assert look(signed.session_secret + "x") is None


def test_the_stored_row_opens_nothing(place, look, signed):
    with place.reading(SYSTEM) as tx:
        [row] = ROWS.rows(tx)
    assert signed.session_secret not in str(row)
    assert signed.csrf not in str(row)
    assert look(row["id"]) is None


def test_each_session_has_a_secret_of_256_bits_of_its_own(place, liumin, signed):
    with place.transaction(SYSTEM) as tx:
        other = sessions.open_session(tx, liumin.id)
    assert other.session_secret != signed.session_secret
    assert other.csrf != signed.csrf
    assert len(other.session_secret) >= 43


def test_half_an_hour_without_a_visit_ends_a_session(look, clock):
    clock.advance(30 * MINUTE - timedelta(seconds=1))
    assert look() is not None
    clock.advance(timedelta(seconds=1))
    assert look() is None


def test_reading_a_session_writes_nothing(place, look, clock):
    with place.reading(SYSTEM) as tx:
        before = ROWS.rows(tx)
    clock.advance(10 * MINUTE)
    look()
    with place.transaction(SYSTEM) as tx:
        assert ROWS.rows(tx) == before


def test_a_visit_is_to_be_marked_once_in_five_minutes(place, look, clock):
    assert not look().mark_due
    clock.advance(5 * MINUTE)
    found = look()
    assert found.mark_due
    with place.transaction(SYSTEM) as tx:
        sessions.mark_seen(tx, found.session_id)
    assert not look().mark_due


def test_a_mark_is_no_event(place, look, recorded):
    with place.transaction(SYSTEM) as tx:
        sessions.mark_seen(tx, look().session_id)
    assert "session" not in "".join(recorded())


def test_after_twelve_hours_a_session_is_over_however_busy(place, look, clock):
    for _ in range(12 * 60 // 20 - 1):
        clock.advance(20 * MINUTE)
        with place.transaction(SYSTEM) as tx:
            sessions.mark_seen(tx, look().session_id)
    assert look() is not None
    clock.advance(20 * MINUTE)
    assert look() is None


def test_signing_out_ends_this_session_only(place, liumin, look, recorded):
    with place.transaction(SYSTEM) as tx:
        other = sessions.open_session(tx, liumin.id)
        found = sessions.session(tx, other.session_secret)
        assert found is not None
        sessions.sign_out(tx, found)
    assert look(other.session_secret) is None
    assert look() is not None
    assert recorded()[-1] == "session.ended"


def test_all_sessions_of_a_person_end_together(place, cast, liumin, look, recorded):
    with place.transaction(SYSTEM) as tx:
        accounts.set_password(tx, cast["hanlei"].id, "seven small boats")
        sessions.open_session(tx, liumin.id)
        other = sessions.open_session(tx, cast["hanlei"].id)
        assert sessions.end_sessions(tx, liumin.id, reason="lost_phone") == 2
        assert sessions.end_sessions(tx, liumin.id, reason="lost_phone") == 0
    assert look() is None
    assert look(other.session_secret) is not None
    assert recorded().count("session.ended") == 1


def test_a_new_session_clears_the_expired_ones_of_the_person(place, liumin, signed, clock):
    clock.advance(timedelta(hours=13))
    with place.transaction(SYSTEM) as tx:
        sessions.open_session(tx, liumin.id)
        assert len(ROWS.rows(tx)) == 1
