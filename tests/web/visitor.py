"""Somebody with a mailed link and no account: opens it, types digits, sends the forms of the page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from svcqa.appeals import links
from svcqa.kernel.transaction import SYSTEM, Workplace
from tests.cast import Cast

REASON = "录音可以证明，我当晚已经回电说明了情况。"


@dataclass
class Visitor:
    """A person at a link; `proof` is what the last page carried."""

    client: TestClient
    path: str
    right: str
    proof: str = ""

    def look(self) -> Response:
        """Open the link."""
        return self.client.get(self.path)

    def enter(self, digits: str | None = None, **more: str) -> Response:
        """Type digits, the right ones unless others are given."""
        data = {"digits": self.right if digits is None else digits, **more}
        return self._read(self.client.post(self.path, data=data))

    def send(self, act: str, data: dict[str, str] | None = None, **more: Any) -> Response:
        """Send a form of the page."""
        sent = {"proof": self.proof, **(data or {})}
        return self._read(self.client.post(f"{self.path}/{act}", data=sent, **more))

    def appeal(self, reason: str = REASON, **more: Any) -> Response:
        """Type the digits and file the appeal."""
        self.enter()
        return self.send("appeal", {"reason": reason}, **more)

    def _read(self, page: Response) -> Response:
        found = re.search(r'name="proof" value="([^"]+)"', page.text)
        self.proof = found[1] if found else self.proof
        return page


VisitorAt = Callable[..., Visitor]


def visitor_at(place: Workplace, cast: Cast, client: TestClient) -> VisitorAt:
    """Return a function that mails a link: `at(penalty_id, "wangjianguo")` is its receiver."""

    def at(object_id: str, name: str = "wangjianguo", kind: str = "penalty") -> Visitor:
        with place.transaction(SYSTEM) as tx:
            address = links.issue(tx, kind=kind, object_id=object_id, person_id=cast[name].id)
        path = address.removeprefix(place.links.base_url)
        return Visitor(client, path, cast[name].staff_number[-4:])

    return at


def words(page: Response) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"<[^>]+>", "", page.text)
