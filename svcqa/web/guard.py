"""What holds for every request before a page sees it: size and origin; and the headers of every answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from svcqa.kernel.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
)
ELSEWHERE = "这个提交不是从本系统的页面发出的，没有保存。请回到系统页面重新操作。"

Refuse = Callable[[Request, Exception], Response]


class TooLarge(HTTPException):
    """The body is larger than the limit. An HTTPException, because FastAPI turns others into a 400."""

    def __init__(self) -> None:
        super().__init__(413)


class Guard:
    """ASGI middleware around the whole application; `refuse` makes the answer to what it does not let in."""

    def __init__(self, app: ASGIApp, *, largest: int, site: str, refuse: Refuse) -> None:
        self.app = app
        self.largest = largest
        self.site = urlsplit(site).netloc
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass or refuse it; put the headers on whatever answers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self.refusal(scope)
        if refusal:
            await self.refuse(Request(scope), refusal)(scope, receive, _dressed(scope, send))
        else:
            await self.app(scope, _measured(receive, self.largest), _dressed(scope, send))

    def refusal(self, scope: Scope) -> Exception | None:
        """Return why a request must not reach a page, or None."""
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.largest:
            return TooLarge()
        if scope["method"] in SAFE or scope["path"].startswith("/api/"):
            return None
        return None if self._same_site(scope["path"], headers) else Forbidden(ELSEWHERE)

    def _same_site(self, path: str, headers: dict[bytes, bytes]) -> bool:
        fetch_site = headers.get(b"sec-fetch-site")
        if fetch_site is not None:
            return fetch_site in (b"same-origin", b"none")
        origin = headers.get(b"origin")
        # Browsers without Sec-Fetch-Site (old, or plain HTTP) send `null` from pages that hide their address.
        if origin is None or (origin == b"null" and _is_link(path)):
            return True
        host = headers.get(b"host", b"").decode("latin-1")
        return urlsplit(origin.decode("latin-1")).netloc in (host, self.site)


def _is_link(path: str) -> bool:
    """Tell whether the path holds a mailed token: nothing may learn of it, also not by the referrer."""
    return path.startswith(("/a/", "/s/"))


def _dressed(scope: Scope, send: Send) -> Send:
    """Add the headers that an answer does not bring itself."""
    extra = [
        (b"x-request-id", scope["request_id"].encode()),
        (b"referrer-policy", b"no-referrer" if _is_link(scope["path"]) else b"same-origin"),
    ]
    if not scope["path"].startswith("/static/"):
        extra.append((b"cache-control", b"no-store"))

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            more = [header for header in (*HEADERS, *extra) if header[0] not in present]
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return dressed


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
