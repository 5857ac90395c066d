"""The local mailbox of development: an SMTP server that keeps each message as a file, and its reader.

It listens on 127.0.0.1 only, never forwards anything, and is no part of a production set-up.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session

_NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9]{6}\.eml")


@dataclass(frozen=True)
class Entry:
    """A line of the mailbox's list. `date` is None if the message bears none that can be read."""

    name: str
    subject: str
    sender: str
    recipient: str
    date: datetime | None


@dataclass(frozen=True)
class Received:
    """A message taken apart: its line, both bodies (empty if absent) and the source as it came."""

    entry: Entry
    text: str
    html: str
    source: str


def keep(folder: Path, content: bytes, *, at: datetime, number: int) -> None:
    """Put one message into the mailbox. A reader never sees half a file: it is renamed into place."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{at:%Y%m%dT%H%M%S%f}-{number:06d}.eml"
    half = folder / f".{name}"
    half.write_bytes(content)
    half.rename(folder / name)


class _Keeper:
    """Writes what arrives."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock
        self._counter = count(1)

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds its hook by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content, number = cast("bytes", envelope.original_content), next(self._counter)
        await asyncio.to_thread(keep, self._folder, content, at=self._clock(), number=number)
        return "250 OK"


@asynccontextmanager
async def listening(folder: Path, port: int, clock: Callable[[], datetime]) -> AsyncIterator[int]:
    """Receive mail into `folder` while the block runs; give the port (a free one for port 0)."""
    keeper = _Keeper(folder, clock)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="localhost", loop=loop), "127.0.0.1", port
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


async def serve(folder: Path, port: int, stop: asyncio.Event, *, clock: Callable[[], datetime]) -> None:
    """Receive mail into `folder` until `stop` is set."""
    async with listening(folder, port, clock):
        await stop.wait()


def list_messages(folder: Path, *, skip: int = 0, most: int | None = None) -> list[Entry]:
    """List what was received, newest first; `skip` passes over the newest, `most` ends the list."""
    names = sorted((path.name for path in folder.glob("*.eml") if _NAME.fullmatch(path.name)), reverse=True)
    parser = BytesHeaderParser(policy=policy.default)
    shown = names[skip:] if most is None else names[skip : skip + most]
    return [_entry(name, parser.parsebytes((folder / name).read_bytes())) for name in shown]


def read_message(folder: Path, name: str) -> Received:
    """Read one message. Raises FileNotFoundError, also for a name that this mailbox never gives."""
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    content = (folder / name).read_bytes()
    message = message_from_bytes(content, policy=policy.default)
    source = content.decode("utf-8", errors="replace")
    return Received(_entry(name, message), _body(message, "plain"), _body(message, "html"), source)


def _entry(name: str, message: EmailMessage) -> Entry:
    sender, recipient, subject = (str(message.get(field, "")) for field in ("From", "To", "Subject"))
    return Entry(name, subject, sender, recipient, _date(message))


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return cast("str", part.get_content()) if part is not None else ""
