"""A desk that leads complaints over the JSON API as an outside program would: one key per role.

Uses the standard library only.
"""

import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError

PATIENCE_SECONDS = 30

Call = Callable[[str, str, str, Mapping[str, Any] | None], dict[str, Any]]
"""Method, path, key and body in; the answer's JSON out. Raises Rejection."""


class Rejection(Exception):
    """The API refused; `sentence` is what it said."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status}: {sentence}")
        self.status = status
        self.sentence = sentence


def caller(base_url: str) -> Call:
    """Return the way to an installation's API; no proxy of the environment stands between."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(method: str, path: str, key: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        url = base_url.rstrip("/") + path
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - the operator's own
        try:
            with opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except HTTPError as error:
            with error:
                raise Rejection(error.code, _sentence(error.read())) from error
        except URLError as error:
            raise Rejection(HTTPStatus.SERVICE_UNAVAILABLE, f"{base_url}: {error.reason}") from error

    return call


def _sentence(body: bytes) -> str:
    """Read the sentence of a problem answer, or what came instead of one."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body[:200].decode(errors="replace")


@dataclass(frozen=True)
class Desk:
    """`keys` are by role; `respondents` are staff numbers, the first is whose key the role `employee` has."""

    call: Call
    keys: Mapping[str, str]
    respondents: tuple[str, ...]
    moves: list[str] = field(default_factory=list)

    def read(self, number: str) -> dict[str, Any]:
        """Return a complaint in full, as the officer sees it."""
        return self.call("GET", f"/api/v1/complaints/{number}", self.keys["officer"], None)

    def move(self, role: str, number: str, name: str, **fields: Any) -> None:
        """Take one step from the version that stands; raises Rejection."""
        body = {"version": self.read(number)["version"], **fields}
        self.call("POST", f"/api/v1/complaints/{number}/{name}", self.keys[role], body)
        self.moves.append(name)
