"""Passwords and keys from the terminal."""

from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import accounts, tokens
from svcqa.organisation.sessions import Signed

GOOD = "copper-window-88"


def test_a_password_typed_twice_opens_the_account(installed, office):
    result = installed("password", "set", "10207", "--no-must-change", typed=f"{GOOD}\n{GOOD}\n")
    assert result.exit_code == 0, result.output
    assert GOOD not in result.output
    with office.transaction(SYSTEM) as tx:
        signed = accounts.sign_in(tx, name="10207", password=GOOD)
    assert isinstance(signed, Signed)
    assert not signed.must_change


def test_a_weak_password_is_refused_in_one_sentence(installed):
    result = installed("password", "set", "10207", typed="short\nshort\n")
    assert result.exit_code == 2
    assert "密码要有 12 到 128 个字符" in result.stderr


def test_an_issued_key_belongs_to_its_owner(installed, office):
    key = installed("token", "issue", "API-10050", "--label", "10050 hotline").stdout.strip()
    with office.reading(SYSTEM) as tx:
        assert tokens.token_owner(tx, key) is not None


def test_a_key_for_nobody_is_refused(installed):
    assert "没有工号为 99999 的人员" in installed("token", "issue", "99999", "--label", "x").stderr
