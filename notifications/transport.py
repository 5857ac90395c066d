"""How a message travels to the relay: settings, one reusable connection, and what each failure means.

Nothing is retried here and no outbox is known; a message is never sent in clear unless in development.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from notifications.message import UnsafeAddress, check_address

_TEMPORARY, _PERMANENT, _END = 400, 500, 600
_CLOSING = 421
_LONGEST_REPLY = 500
_FAREWELL = 5.0


@dataclass(frozen=True)
class Reply:
    """What the relay said. `code` is None where a person or the network spoke instead."""

    code: int | None
    text: str


class DeliveryFailed(Exception):
    """A message did not go, or nobody knows whether it did.

    permanent   trying again cannot help
    in_doubt    the connection ended after the content left: the relay may have taken it
    queue_wide  no other message would fare better now (sign-in, encryption, relay down)
    """

    def __init__(
        self, reply: Reply, *, permanent: bool, in_doubt: bool = False, queue_wide: bool = False
    ) -> None:
        super().__init__(f"{reply.code or '-'} {reply.text}")
        self.reply = reply
        self.permanent = permanent
        self.in_doubt = in_doubt
        self.queue_wide = queue_wide


@dataclass(frozen=True, kw_only=True)
class Transport:
    """Where the relay is and how to speak to it. Time limits are seconds (RFC 5321 section 4.5.3.2)."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    development: bool = False
    local_name: str = "localhost"
    tls_context: ssl.SSLContext | None = None
    connect_timeout: float = 60.0
    command_timeout: float = 300.0
    final_reply_timeout: float = 600.0

    def __post_init__(self) -> None:
        if self.security == "none" and not self.development:
            sentence = "邮件连接未加密：正式环境请把 smtp_security 设为 starttls 或 tls。"
            raise ValueError(sentence)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Connection"]:
        """Open one connection, encrypted and signed in, for many messages. Raises DeliveryFailed."""
        client = SMTP(
            hostname=self.host,
            port=self.port,
            local_hostname=self.local_name,
            timeout=self.connect_timeout,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            tls_context=self.tls_context or _strict_context(),
        )
        try:
            await self._open(client)
            yield Connection(client, self)
            await self._leave(client)
        finally:
            client.close()

    async def _open(self, client: SMTP) -> None:
        try:
            await client.connect()
            if self.username is not None:
                await client.login(self.username, self.password or "")
        except (SMTPException, OSError) as error:
            raise _not_connected(error) from error

    async def _leave(self, client: SMTP) -> None:
        with suppress(SMTPException, OSError):  # the messages have gone; a cut farewell harms nobody
            await client.quit(timeout=_FAREWELL)


class Connection:
    """An open connection. `offer` then `hand_over` send one message; `send` does both."""

    def __init__(self, client: SMTP, transport: Transport) -> None:
        self._client = client
        self._transport = transport

    @property
    def usable(self) -> bool:
        """Say whether another message can be offered on this connection."""
        return self._client.is_connected

    async def offer(self, sender: str, recipient: str) -> None:
        """Name sender and recipient; nothing of the content leaves yet. Raises DeliveryFailed."""
        try:
            check_address(sender)
            check_address(recipient)
            await self._client.mail(sender, timeout=self._transport.command_timeout)
        except UnsafeAddress as error:
            raise DeliveryFailed(Reply(None, str(error)), permanent=True) from error
        except (SMTPException, OSError) as error:
            raise await self._refused(error, queue_wide_if_permanent=True) from error
        try:
            await self._client.rcpt(recipient, timeout=self._transport.command_timeout)
        except (SMTPException, OSError) as error:
            raise await self._refused(error) from error

    async def hand_over(self, data: bytes) -> Reply:
        """Send the content of the offered message and wait for the relay's word. Raises DeliveryFailed."""
        try:
            code, text = await self._client.data(data, timeout=self._transport.final_reply_timeout)
        except (SMTPException, OSError) as error:
            reply = _reply(error)
            known = isinstance(error, SMTPDataError) and _is_refusal(reply.code)
            if not known or reply.code == _CLOSING:
                self._client.close()
            raise DeliveryFailed(
                reply, permanent=known and _is_permanent(reply.code), in_doubt=not known
            ) from error
        return Reply(code, _clean(text))

    async def withdraw(self) -> None:
        """Take back an offer, so that the connection is free for the next message."""
        try:
            await self._client.rset(timeout=self._transport.connect_timeout)
        except (SMTPException, OSError):
            self._client.close()

    async def send(self, sender: str, recipient: str, data: bytes) -> Reply:
        """Send one message to one recipient. Raises DeliveryFailed."""
        await self.offer(sender, recipient)
        return await self.hand_over(data)

    async def _refused(self, error: Exception, *, queue_wide_if_permanent: bool = False) -> DeliveryFailed:
        reply = _reply(error)
        if reply.code is None or reply.code == _CLOSING:
            self._client.close()
        else:
            await self.withdraw()
        permanent = _is_permanent(reply.code)
        return DeliveryFailed(reply, permanent=permanent, queue_wide=permanent and queue_wide_if_permanent)


def _not_connected(error: Exception) -> DeliveryFailed:
    reply = _reply(error)
    if isinstance(error, SMTPResponseException):
        permanent = _is_permanent(reply.code)
    else:
        # A name or a network that fails may come back; a bad certificate, no STARTTLS, no AUTH do not.
        cause = error.__cause__ if isinstance(error, SMTPConnectError) else error
        passing = isinstance(cause, OSError | SMTPServerDisconnected | SMTPTimeoutError)
        cut_short = isinstance(cause, ssl.SSLEOFError | ssl.SSLSyscallError | ssl.SSLZeroReturnError)
        permanent = not passing or (isinstance(cause, ssl.SSLError) and not cut_short)
    return DeliveryFailed(reply, permanent=permanent, queue_wide=True)


@cache
def _strict_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _reply(error: Exception) -> Reply:
    if isinstance(error, SMTPResponseException):
        # aiosmtplib reports a reply it cannot read with the code -1.
        return Reply(error.code if error.code > 0 else None, _clean(error.message))
    return Reply(None, _clean(str(error) or type(error).__name__))


def _is_refusal(code: int | None) -> bool:
    return code is not None and _TEMPORARY <= code < _END


def _is_permanent(code: int | None) -> bool:
    return code is not None and _PERMANENT <= code < _END


def _clean(text: str) -> str:
    # A relay may answer anything; what is stored and shown is one short printable line.
    printable = "".join(mark if mark.isprintable() else " " for mark in text)
    return " ".join(printable.split())[:_LONGEST_REPLY]
