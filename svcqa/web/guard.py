"""What holds for every request before a page sees it: number, size, origin; and the headers of every answer."""

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
)


class TooLarge(Exception):
    """The body is larger than the limit."""


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: App, *, largest: int, site: str) -> None:
        self.app = app
        self.largest = largest
        self.site = urlsplit(site).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass or refuse it; put the headers on whatever answers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["request_id"] = request_id = secrets.token_hex(8)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(b"x-request-id", request_id.encode())]
                if not scope["path"].startswith("/static/"):
                    extra.append((b"cache-control", b"no-store"))
                message["headers"] = [
                    *message["headers"],
                    *(h for h in (*HEADERS, *extra) if h[0] not in present),
                ]
            await send(message)

        refusal = self.refusal(scope)
        if refusal:
            await _answer(dressed, *refusal)
            return
        await self.app(scope, _measured(receive, self.largest), dressed)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return (status, sentence) for a request that must not reach a page."""
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.largest:
            return 413, f"提交的内容超过 {self.largest // 1_000_000} MB，没有保存。请缩小附件后再提交。"
        if scope["method"] in SAFE or scope["path"].startswith("/api/"):
            return None
        if not self._same_site(headers):
            return 403, "这个提交不是从本系统的页面发出的，没有保存。请回到系统页面重新操作。"
        return None

    def _same_site(self, headers: dict[bytes, bytes]) -> bool:
        fetch_site = headers.get(b"sec-fetch-site")
        if fetch_site is not None:
            return fetch_site in (b"same-origin", b"none")
        origin = headers.get(b"origin")
        host = headers.get(b"host", b"").decode("latin-1")
        return origin is None or urlsplit(origin.decode("latin-1")).netloc in (host, self.site)


def _measured(receive: Receive, largest: int) -> Receive:
    """Count a body that came without a length, and stop it at the limit."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > largest:
            raise TooLarge
        return message

    return counted


async def _answer(send: Send, status: int, sentence: str) -> None:
    body = sentence.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
