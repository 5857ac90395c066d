"""From words to bytes: a small MIME writer for one kind of message, text and HTML side by side.

Written by hand because the standard library takes milliseconds a message; its parser checks the result.
Nothing that could start a header of its own gets in. No clock is read and nothing is sent.
"""

import re
from binascii import b2a_base64
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from notifications.encoded_words import encode_subject, encode_words
from notifications.rendering import Rendered

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})*)")
_MESSAGE_ID = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*>")
_BARE_NAME = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
# Controls, line and paragraph separators and the marks that turn the reading direction, lone surrogates.
_BANNED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LINES = re.compile(r"(?:[ -~]+\r\n)+")
_MAX_LOCAL, _MAX_ADDRESS, _MAX_NAME, _MAX_SUBJECT, _MAX_ID, _WIDTH = 64, 254, 100, 250, 250, 76


class UnsafeAddress(ValueError):
    """An address or a display name that must not stand in a header or an envelope."""


class UnsafeMessage(ValueError):
    """A subject, a Message-ID or a finished head that is not what was meant to be written."""


@dataclass(frozen=True)
class Mailbox:
    """A display name (may be empty) and an ASCII address. An unsafe one cannot be made."""

    name: str
    address: str

    def __post_init__(self) -> None:
        check_address(self.address)
        if len(self.name) > _MAX_NAME or "=?" in self.name or has_banned(self.name):
            sentence = f"名称 {self.name!r} 含控制字符或编码标记，或超过 {_MAX_NAME} 字，请改正后再保存。"
            raise UnsafeAddress(sentence)


def check_address(address: str) -> None:
    """Refuse an address that is not plain ASCII `local@domain`, raising UnsafeAddress."""
    match = _ADDRESS.fullmatch(address)
    if match is None or "=?" in address or len(address) > _MAX_ADDRESS or len(match[1]) > _MAX_LOCAL:
        sentence = (
            f"邮箱地址 {address!r} 不可用：只接受英文字母、数字和常用符号组成的 名称@域名，请改正后再保存。"
        )
        raise UnsafeAddress(sentence)


def has_banned(text: str) -> bool:
    """Say whether a text holds a character that may end a line, hide, or turn the reading direction."""
    return _BANNED.search(text) is not None


def compose(
    rendered: Rendered,
    *,
    sender: Mailbox,
    recipient: Mailbox,
    message_id: str,
    date: datetime,
    reply_to: Mailbox | None = None,
) -> bytes:
    """Write the whole message, CRLF lines, pure ASCII. The same input gives the same bytes.

    `message_id` comes with its angle brackets; `date` is aware. Raises UnsafeMessage.
    """
    _check(rendered.subject, message_id, date)
    boundary = f"=_{sha256(message_id.encode()).hexdigest()[:32]}"
    fields = [
        ("From", _address_field("From", sender)),
        ("To", _address_field("To", recipient)),
        ("Subject", encode_subject(rendered.subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", message_id),
        ("MIME-Version", "1.0"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Content-Language", "zh-CN"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    ]
    if reply_to is not None:
        fields.insert(2, ("Reply-To", _address_field("Reply-To", reply_to)))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    _compare(head, fields)
    return head.encode("ascii") + b"\r\n" + _parts(rendered, boundary)


def _check(subject: str, message_id: str, date: datetime) -> None:
    if not subject.strip() or len(subject) > _MAX_SUBJECT or has_banned(subject):
        sentence = f"邮件主题 {subject!r} 为空、含换行或控制字符，或超过 {_MAX_SUBJECT} 字，请检查模板。"
        raise UnsafeMessage(sentence)
    if len(message_id) > _MAX_ID or not _MESSAGE_ID.fullmatch(message_id):
        sentence = f"邮件编号 {message_id!r} 不是 <名称@域名> 的形式，请检查邮件域名设置。"
        raise UnsafeMessage(sentence)
    if date.tzinfo is None:
        sentence = f"邮件日期 {date!r} 没有时区，请传入带时区的时间。"
        raise UnsafeMessage(sentence)


def _address_field(field: str, mailbox: Mailbox) -> str:
    if not mailbox.name:
        return mailbox.address
    room = _WIDTH - len(field) - 2
    bare = _BARE_NAME.fullmatch(mailbox.name) and len(mailbox.name) <= room
    name = mailbox.name if bare else encode_words(mailbox.name, room)
    used = len(name.rpartition("\r\n")[2]) + (0 if "\r\n" in name else len(field) + 2)
    fits = used + len(mailbox.address) + 3 <= _WIDTH
    return f"{name} <{mailbox.address}>" if fits else f"{name}\r\n <{mailbox.address}>"


def _compare(head: str, fields: list[tuple[str, str]]) -> None:
    # A second pair of eyes: read back, its lines must be exactly the fields that were meant, no more, no less.
    read = re.split(r"\r\n(?! )", head)
    if read != [*(f"{name}: {value}" for name, value in fields), ""] or not _LINES.fullmatch(head):
        sentence = "邮件头与预期不符，已拒绝生成，请联系系统管理员。"
        raise UnsafeMessage(sentence)


def _parts(rendered: Rendered, boundary: str) -> bytes:
    return b"".join(
        (
            _part("plain", rendered.text, boundary),
            _part("html", rendered.html, boundary),
            f"--{boundary}--\r\n".encode("ascii"),
        )
    )


def _part(kind: str, content: str, boundary: str) -> bytes:
    opening = (
        f"--{boundary}\r\n"
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    # Text travels with CRLF line ends (RFC 2046 section 4.1.1), also under base64.
    lines = content.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    coded = b2a_base64(lines.encode(), newline=False)
    # Sliced here because base64.encodebytes calls the encoder once a line, three times as slow.
    rows = [coded[start : start + _WIDTH] for start in range(0, len(coded), _WIDTH)]
    return opening.encode("ascii") + b"\r\n".join(rows) + b"\r\n"
