"""Tokens name a row and nothing else; another purpose, another secret or a damaged text is a broken link."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from svcqa.kernel.links import BrokenLink, Links

LINKS = Links(b"one secret", "http://127.0.0.1:8400/")


@given(st.text(min_size=1, max_size=40))
def test_a_token_gives_its_jti_back(jti: str) -> None:
    assert LINKS.read("decision", LINKS.token("decision", jti)) == jti


def test_a_token_of_another_purpose_or_secret_is_broken() -> None:
    token = LINKS.token("decision", "j1")
    for links, purpose in ((LINKS, "follow"), (Links(b"another", ""), "decision")):
        with pytest.raises(BrokenLink):
            links.read(purpose, token)


@given(st.data())
def test_a_token_with_one_character_changed_never_names_another_row(data: st.DataObject) -> None:
    token = LINKS.token("decision", "01a2094800c677c791c4a2085cf0c967")
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("abcXYZ019-_.="))
    changed = token[:at] + other + token[at + 1 :]
    try:
        assert LINKS.read("decision", changed) == "01a2094800c677c791c4a2085cf0c967"
    except BrokenLink:
        assert changed != token


@pytest.mark.parametrize("text", ["", ".", "a.b", "\u0000", "你好", "=" * 9, "a" * 5000])
def test_what_is_no_token_is_broken(text: str) -> None:
    with pytest.raises(BrokenLink):
        LINKS.read("decision", text)


def test_a_signed_value_that_is_no_text_is_broken() -> None:
    with pytest.raises(BrokenLink):
        LINKS.read("decision", str(LINKS._signer("decision").dumps({"jti": 1})))


def test_the_signature_is_not_the_libraries_default_sha1() -> None:
    token = LINKS.token("decision", "j1")
    signature = token.rpartition(".")[2]
    assert len(base64.urlsafe_b64decode(f"{signature}==")) == 32
    plain = URLSafeSerializer(b"one secret", salt="svcqa.decision").dumps("j1")
    assert json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "==")) == "j1"
    with pytest.raises(BrokenLink):
        LINKS.read("decision", str(plain))


def test_addresses_join_without_a_double_slash() -> None:
    assert LINKS.address("/a/x") == "http://127.0.0.1:8400/a/x"
