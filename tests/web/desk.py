"""A browser without a screen: one signed-in person who opens pages and sends forms with the session's token."""

from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import people, sessions
from svcqa.web.visit import COOKIE


@dataclass(frozen=True)
class Desk:
    """A client with somebody's session in it; `post` adds the form token."""

    client: TestClient
    csrf: str
    person_id: str

    def get(self, path: str, **more: Any) -> Response:
        """Open a page; a redirect is answered as it is."""
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Response:
        """Send a form with the token."""
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)


def sit_down(place: Workplace, client: TestClient, name: str) -> Desk:
    """Put a new session of the named person (`刘敏` or `liumin`) into the client, without typing a password."""
    with place.transaction(SYSTEM) as tx:
        person = people.find(tx, name)[0]
        signed = sessions.open_session(tx, person.id)
    client.cookies.set(COOKIE, signed.session_secret)
    return Desk(client, signed.csrf, person.id)
