"""One letter as it was sent, for people who look after the post: its secrets are masked, and no link in it works."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

from cryptography.exceptions import InvalidTag

from svcqa.kernel.errors import NotFound
from svcqa.kernel.mailbag import UNREADABLE
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import Transaction

LETTER = Statement("SELECT * FROM outbox WHERE id = :id")
# What opens something: the token of a link, a one-time code.
SECRETS = (
    (re.compile(r"(/[a-z]/)[\w.~-]{16,}"), r"\1（已隐去）"),
    (re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"), "（已隐去）"),
)


@dataclass(frozen=True)
class OpenedLetter:
    """A letter's row and its text as it went; `row` holds the columns of the outbox without the bytes."""

    row: dict[str, Any]
    text: str


def masked(text: str) -> str:
    """Return a text without the tokens and codes in it."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def opened(tx: Transaction, letter_id: str) -> OpenedLetter:
    """Open a letter; raises NotFound."""
    row = LETTER.row(tx, id=letter_id)
    if row is None:
        raise NotFound("没有这封邮件。请从邮件记录列表重新进入。")
    values = dict(with_moments(row))
    try:
        content = tx.seal.open(bytes(values.pop("sealed")))
    except InvalidTag:
        return OpenedLetter(values, UNREADABLE)
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    return OpenedLetter(values, masked(str(body.get_content())) if body is not None else "")
