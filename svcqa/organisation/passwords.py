"""What a password must be, and how it is stored (argon2id). Knows no account and no database."""

from collections.abc import Iterable
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from svcqa.kernel.errors import Invalid

SHORTEST, LONGEST = 12, 128
FEWEST_CHARACTERS = 5
# Stems of what people choose first; a password is not a stem with something short around it.
COMMON = (
    "password", "passw0rd", "p@ssw0rd", "qwertyuiop", "1qaz2wsx", "1q2w3e4r", "asdfghjkl", "zxcvbnm",
    "abcdefgh", "abc12345", "12345678", "87654321", "01234567", "iloveyou", "woaini", "5201314",
    "admin123", "administrator", "welcome", "letmein", "changeme", "kefu1234", "kefu@123", "10050",
)  # fmt: skip
SURROUNDINGS = 6


@cache
def hasher() -> PasswordHash:
    """Return the hasher: OWASP's argon2id for many sign-ins at once (19 MiB each, two passes)."""
    return PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))


@cache
def nobody() -> str:
    """Return a hash that no password opens, so that an unknown name costs the same time as a known one."""
    return hasher().hash("\0")


def verify(password: str, stored: str) -> tuple[bool, str | None]:
    """Tell whether a password opens a hash, and give a new hash where the old one is weaker than today's.

    The empty hash of an account without a password, or of no account, takes as long as any other.
    """
    nowhere = nobody()
    right, stronger = hasher().verify_and_update(password[: LONGEST + 1], stored or nowhere)
    return right and bool(stored), stronger if stored else None


def refuse_weak(password: str, *, personal: Iterable[str]) -> None:
    """Refuse (Invalid) what is short, monotonous, common, or made of the person's own name or number."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid("password", f"密码要有 {SHORTEST} 到 {LONGEST} 个字符，建议用几个不相关的词连起来。")
    if len(set(password)) < FEWEST_CHARACTERS:
        raise Invalid("password", f"密码里重复的字符太多，请至少用 {FEWEST_CHARACTERS} 种不同的字符。")
    lowered = password.lower()
    if any(text and text.lower() in lowered for text in personal):
        raise Invalid("password", "密码里不能有你的姓名、工号或邮箱名，请换一个。")
    if any(stem in lowered and len(password) - len(stem) <= SURROUNDINGS for stem in COMMON):
        raise Invalid("password", "这个密码太常见，容易被猜到，请换一个。")
