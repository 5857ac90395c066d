"""The outermost door: gives each request its number, measures it, writes it down and counts it.

A line names the route as it is registered, never the address that was typed: a mailed link or a search stands there.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from svcqa.kernel.logbook import REQUEST

log = logging.getLogger("svcqa.access")

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE, OTHER, STATIC = "(none)", "(other)", "/static"
QUIET = frozenset({"/healthz", "/readyz", "/metrics", STATIC})
"""Asked for all the time: written only where they fail, or where everything is wanted."""
NEVER_ANSWERED = 499
"""As reverse proxies write it: who asked went away, or the process had to stop."""
ACTOR, PEER, LEARNT = "svcqa.actor", "svcqa.peer", "svcqa.learnt"
"""Keys of a request's scope: who acted, whose address it had before a proxy's word was heard, what `Within` saw."""

Note = Callable[[str, str, int, float], None]
"""Is told method, route, status and seconds of each request."""


class Reception:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, *, proxies: tuple[IPv4Network | IPv6Network, ...], note: Note) -> None:
        self.app = app
        self.proxies = proxies
        self.note = note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, and write down what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope[PEER] = (scope.get("client") or ("",))[0]
        scope["request_id"], scope[LEARNT] = self.number_of(scope), {}
        status, began = NEVER_ANSWERED, time.perf_counter()

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        token = REQUEST.set(scope["request_id"])
        try:
            await self.app(scope, receive, heard)
        finally:
            self._write(scope, status, time.perf_counter() - began)
            REQUEST.reset(token)

    def number_of(self, scope: Scope) -> str:
        """Return the number a trusted proxy gave the request if it looks like one, else a new one."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        if given and NUMBER.fullmatch(given) and is_among(scope[PEER], self.proxies):
            return given
        return secrets.token_hex(8)

    def _write(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER
        route = _route_of(scope)
        self.note(method, route, status, seconds)
        extra = {"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)}
        log.log(_level(route, status), "request", extra={**extra, "actor": scope[LEARNT].get(ACTOR, "")})


class Within:
    """ASGI middleware around the pages alone: tells outside what they found out, also where the scope was copied."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through and keep its route and its actor."""
        try:
            await self.app(scope, receive, send)
        finally:
            learnt = scope.get(LEARNT, {})
            learnt |= {name: scope[name] for name in ("route", ACTOR) if name in scope}


def _route_of(scope: Scope) -> str:
    """Name the route as it is registered; the style sheets and scripts have one together."""
    if scope["path"].startswith(f"{STATIC}/"):
        return STATIC
    return str(getattr(scope[LEARNT].get("route"), "path", "") or NO_ROUTE)


def is_among(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Tell whether an address lies in one of the networks; what is no address lies in none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)


def _level(route: str, status: int) -> int:
    if status >= 500:
        return logging.ERROR if status != 503 else logging.WARNING
    return logging.DEBUG if route in QUIET and status < 400 else logging.INFO
