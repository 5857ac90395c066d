"""Keys of programs."""

import pytest

from svcqa.kernel.errors import Forbidden, Invalid, NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import accounts, tokens

STORED = Statement("SELECT * FROM api_token")


@pytest.fixture
def platform(cast):
    return cast["热线平台"].id


@pytest.fixture
def key(place, luowenbo, platform):
    with place.transaction(luowenbo) as tx:
        return tokens.issue_token(tx, person_id=platform, label=" 10050 ")


def test_a_key_acts_for_its_owner(place, key, platform, recorded):
    with place.reading(SYSTEM) as tx:
        assert tokens.token_owner(tx, key) == platform
        assert tokens.token_owner(tx, key + "x") is None
        assert tokens.token_owner(tx, "") is None
    assert recorded() == ["token.issued"]


def test_only_the_hash_of_a_key_is_stored(place, key):
    with place.reading(SYSTEM) as tx:
        [row] = STORED.rows(tx)
        assert key not in str(row)
        assert tokens.token_owner(tx, row["secret_sha256"]) is None


def test_keys_are_listed_without_their_text(place, key, platform):
    with place.reading(SYSTEM) as tx:
        [card] = tokens.tokens_of(tx, platform)
    assert (card.label, card.revoked_at) == ("10050", None)
    assert key not in str(card)


def test_a_revoked_key_opens_nothing(place, luowenbo, key, platform, recorded):
    with place.transaction(luowenbo) as tx:
        [card] = tokens.tokens_of(tx, platform)
        tokens.revoke_token(tx, card.id)
        tokens.revoke_token(tx, card.id)
        assert tokens.token_owner(tx, key) is None
    assert recorded() == ["token.issued", "token.revoked"]


def test_a_key_stops_with_its_owner(place, luowenbo, key, platform):
    with place.transaction(luowenbo) as tx:
        accounts.disable(tx, platform)
        assert tokens.token_owner(tx, key) is None
        accounts.enable(tx, platform)
        assert tokens.token_owner(tx, key) == platform
        Statement("UPDATE person SET left_on = '2026-11-22' WHERE id = :id").run(tx, id=platform)
        assert tokens.token_owner(tx, key) is None


def test_a_key_is_not_given_to_somebody_who_left_and_has_no_role(place, cast, luowenbo):
    with place.transaction(luowenbo) as tx:
        Statement("UPDATE person SET left_on = '2026-11-22' WHERE id = :id").run(tx, id=cast["liumin"].id)
        with pytest.raises(Invalid, match="没有任何角色"):
            tokens.issue_token(tx, person_id=cast["liumin"].id, label="10050")


def test_a_key_says_what_it_is_for(place, luowenbo, platform):
    with place.transaction(luowenbo) as tx, pytest.raises(Invalid, match="哪个系统"):
        tokens.issue_token(tx, person_id=platform, label="  ")


def test_only_an_administrator_gives_and_ends_keys(place, cast, key, platform):
    with place.transaction(cast.actor("liumin")) as tx:
        with pytest.raises(Forbidden, match="管理员"):
            tokens.issue_token(tx, person_id=platform, label="10050")
        with pytest.raises(Forbidden, match="管理员"):
            tokens.revoke_token(tx, tokens.tokens_of(tx, platform)[0].id)


def test_an_unknown_key_is_not_found(place, luowenbo):
    with place.transaction(luowenbo) as tx, pytest.raises(NotFound):
        tokens.revoke_token(tx, "nothing")
