"""What is accepted as a password and what stands in the database."""

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from svcqa.kernel.errors import Invalid
from svcqa.organisation import passwords

IN_USE = passwords.hasher
LIUMIN = ("10206", "刘敏", "liumin", "liumin")


@pytest.mark.parametrize(
    "password", ["seven small boats", "纸船七只在小河里漂着呢吧", "Tr0ubador&3-lamps", "10050 blue umbrellas"]
)
def test_long_and_unrelated_words_are_accepted(password):
    passwords.refuse_weak(password, personal=LIUMIN)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("boats", "12 到 128 个字符"),
        ("elevenchars", "12 到 128 个字符"),
        ("boats " * 30, "12 到 128 个字符"),
        ("111111111111", "重复的字符太多"),
        ("abababababab", "重复的字符太多"),
        ("my 10206 boats", "姓名、工号或邮箱名"),
        ("LiuMin loves boats", "姓名、工号或邮箱名"),
        ("刘敏和七只小纸船在河里", "12 到 128 个字符"),
        ("刘敏和七只小纸船在大河里漂着", "姓名、工号或邮箱名"),
        ("Password2026", "太常见"),
        ("administrator1", "太常见"),
        ("qwertyuiop12", "太常见"),
        ("1234567890ab", "太常见"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, why):
    with pytest.raises(Invalid, match=why) as refused:
        passwords.refuse_weak(password, personal=LIUMIN)
    assert refused.value.field_name == "password"


def test_a_person_without_an_address_is_not_compared_with_nothing():
    passwords.refuse_weak("seven small boats", personal=("10206", "刘敏", "liumin", ""))


def test_a_hash_opens_for_its_password_only():
    stored = passwords.hasher().hash("seven small boats")
    assert passwords.verify("seven small boats", stored) == (True, None)
    assert passwords.verify("seven small boat", stored) == (False, None)


@pytest.mark.parametrize("password", ["", "\0", "seven small boats"])
def test_no_password_opens_an_account_that_has_none(password):
    assert passwords.verify(password, "") == (False, None)


def test_passwords_are_stored_at_the_cost_owasp_asks_for():
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in IN_USE().hash("seven small boats")


def test_the_hash_that_nothing_opens_costs_as_much_as_any():
    cost = passwords.hasher().hash("seven small boats").split("$")[:4]
    assert passwords.nobody().split("$")[:4] == cost


def test_a_weaker_hash_of_earlier_days_is_renewed(monkeypatch):
    stored = passwords.hasher().hash("seven small boats")
    today = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),))
    monkeypatch.setattr(passwords, "hasher", lambda: today)
    right, stronger = passwords.verify("seven small boats", stored)
    assert right
    assert stronger is not None
    assert "m=16,t=2,p=1" in stronger
