"""A key is claimed once; its answer comes back to the byte, for the same client and the same request only."""

import pytest

from svcqa.kernel import idempotency
from svcqa.kernel.errors import Invalid
from svcqa.kernel.idempotency import Answer
from svcqa.kernel.transaction import SYSTEM

GIVEN = Answer(201, '{"number":"TS-202611-0001"}')


def claim(tx, **changed):
    return idempotency.claim(tx, **{"client": "platform", "key": "k1", "body_sha256": "one", **changed})


@pytest.fixture
def answered(empty_place):
    with empty_place.transaction(SYSTEM) as tx:
        assert claim(tx) is None
        idempotency.keep(tx, client="platform", key="k1", answer=GIVEN)
    return empty_place


def test_the_same_request_finds_its_answer(answered):
    with answered.transaction(SYSTEM) as tx:
        assert claim(tx) == GIVEN


def test_another_request_under_the_key_is_refused(answered):
    with answered.transaction(SYSTEM) as tx, pytest.raises(Invalid, match="已经用于另一个请求"):
        claim(tx, body_sha256="two")


@pytest.mark.parametrize("changed", [{"client": "other"}, {"key": "k2"}])
def test_another_client_or_key_is_a_request_of_its_own(answered, changed):
    with answered.transaction(SYSTEM) as tx:
        assert claim(tx, **changed) is None


def test_a_request_that_failed_leaves_its_key_free(empty_place):
    with empty_place.reading(SYSTEM) as tx:  # ends without a commit, as a refused request does
        claim(tx)
    with empty_place.transaction(SYSTEM) as tx:
        assert claim(tx, body_sha256="two") is None
