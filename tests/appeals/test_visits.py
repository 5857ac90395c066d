"""The proof of a visit: of one link, for half an hour, and nobody else's to make."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcqa.appeals import visits
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import SYSTEM


def proves(place, proof, jti):
    with place.reading(SYSTEM) as tx:
        return visits.proves(tx, proof, jti=jti)


@pytest.fixture
def jti():
    return new_id()


@pytest.fixture
def proof(empty_place, jti):
    with empty_place.reading(SYSTEM) as tx:
        return visits.proof_of(tx, jti)


def test_a_proof_holds_for_half_an_hour_and_not_a_second_longer(empty_place, clock, jti, proof):
    assert proves(empty_place, proof, jti)
    clock.advance(timedelta(minutes=30))
    assert proves(empty_place, proof, jti)
    clock.advance(timedelta(seconds=1))
    assert not proves(empty_place, proof, jti)


def test_a_proof_is_of_one_link(empty_place, proof):
    assert not proves(empty_place, proof, new_id())


def test_a_token_for_another_purpose_is_no_proof(empty_place, jti):
    ends = int((empty_place.clock.now() + timedelta(hours=1)).timestamp())
    for purpose in ("decision", "visits", ""):
        assert not proves(empty_place, empty_place.links.token(purpose, f"{jti}.{ends}"), jti)


def test_a_proof_signed_with_another_secret_is_none(empty_place, jti, proof):
    forged = type(empty_place.links)(b"another secret", empty_place.links.base_url).token(
        visits.PURPOSE, f"{jti}.9999999999"
    )
    assert not proves(empty_place, forged, jti)


@given(text=st.text(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # nothing is written between examples
def test_whatever_is_typed_instead_is_no_proof(empty_place, text):
    assert not proves(empty_place, text, "0" * 32)
