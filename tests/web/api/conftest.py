"""Programs with keys: `program("liumin")` calls the API as liumin, `program("API-10050")` as the hotline platform."""

from collections.abc import Callable
from dataclasses import dataclass
from json import dumps
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import people, tokens
from tests.web.conftest import SITE

START = "/api/v1/complaints"


@dataclass(frozen=True)
class Program:
    """A client that sends a key with every call."""

    client: TestClient
    key: str
    person_id: str

    def get(self, path: str = "", **more: Any) -> Response:
        """Read below `/api/v1/complaints`."""
        return self.client.get(START + path, headers=self._headers(None), **more)

    def post(self, path: str, json: Any, *, key: str | None = None, **more: Any) -> Response:
        """Send JSON, with an idempotency key when one is given."""
        headers = {**self._headers(key), "Content-Type": "application/json"}
        return self.client.post(START + path, content=dumps(json), headers=headers, **more)

    def _headers(self, key: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", **({"Idempotency-Key": key} if key else {})}


@pytest.fixture
def program(app: FastAPI, place: Workplace) -> Callable[[str], Program]:
    """Return a function that gives a person's program its key."""

    def issued(name: str) -> Program:
        with place.transaction(SYSTEM) as tx:
            person = people.find(tx, name)[0]
            tx.actor = tx.actor.__class__(
                person_id=None, name="管理员", roles=frozenset({"administrator"}), via="cli"
            )
            key = tokens.issue_token(tx, person_id=person.id, label="test")
        client = TestClient(app, base_url=SITE, raise_server_exceptions=False)
        return Program(client, key, person.id)

    return issued
