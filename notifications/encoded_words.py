"""RFC 2047 encoded words: Chinese in header fields. Pure text in, folded ASCII out."""

import re
from binascii import b2a_base64

_PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_OPEN, _CLOSE = "=?utf-8?b?", "?="
# A line that holds an encoded word ends at column 76, a word at 75 (RFC 2047 section 2).
_WORD, _LINE = 75, 76


def encode_subject(subject: str) -> str:
    """Write a subject: as it is when short plain ASCII, else as encoded words."""
    room = _LINE - len("Subject: ")
    if len(subject) <= room and "=?" not in subject and _PLAIN.fullmatch(subject):
        return subject
    return encode_words(subject, room)


def encode_words(text: str, room: int) -> str:
    """Write text as encoded words of at most 75 columns, one a line; the first has `room` columns.

    No character is split: each word decodes alone.
    """
    words: list[str] = []
    chunk = b""
    limit = _payload(min(room, _WORD))
    for mark in text:
        encoded = mark.encode()
        if len(chunk) + len(encoded) > limit:
            words.append(_word(chunk))
            chunk, limit = b"", _payload(_WORD)
        chunk += encoded
    words.append(_word(chunk))
    return "\r\n ".join(words)


def _payload(columns: int) -> int:
    return (columns - len(_OPEN) - len(_CLOSE)) // 4 * 3


def _word(chunk: bytes) -> str:
    return _OPEN + b2a_base64(chunk, newline=False).decode("ascii") + _CLOSE
