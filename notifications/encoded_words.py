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
    rest = text.encode()
    limit = _payload(min(room, _WORD))
    while len(rest) > limit:
        end = limit
        while rest[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        words.append(_word(rest[:end]))
        rest, limit = rest[end:], _payload(_WORD)
    words.append(_word(rest))
    return "\r\n ".join(words)


def _payload(columns: int) -> int:
    return (columns - len(_OPEN) - len(_CLOSE)) // 4 * 3


def _word(chunk: bytes) -> str:
    return _OPEN + b2a_base64(chunk, newline=False).decode("ascii") + _CLOSE
