"""One client's way to the JSON API while its processes die: it asks until it is answered, and keeps the journal.

What got no answer is repeated with the same key; now and then the client gives up instead and notes the doubt.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any

from svcqa.demo.api_desk import Rejection
from svcqa.kernel.ids import new_id
from tests.faults.journal import Journal, Operation
from tests.faults.world import PATIENCE_SECONDS

START = "/api/v1/complaints"
GIVES_UP, ASKS_AGAIN = 0.3, 0.1
THINKS_SECONDS = 0.1
"""At most, before each act: clients that never rest leave nothing of the machine to who starts anew."""


class GaveUp(Exception):
    """The client will never know whether its last operation happened."""


class Stale(Exception):
    """The case moved on between the client's reading and its writing."""


@dataclass(frozen=True)
class Answer:
    """What came back, to the byte."""

    status: int
    body: bytes
    replayed: bool

    def json(self) -> dict[str, Any]:
        """Read the body."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Door:
    """The way to the API of one client."""

    port: int
    journal: Journal
    random: Random

    def call(self, method: str, path: str, key: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        """Ask or act until there is an answer; raises Rejection, and GaveUp for an act that stays in doubt."""
        if body is None:
            return self._patiently(method, path, key).json()
        while True:
            try:
                return self._act(path, key, body).json()
            except Stale:
                body = {
                    **body,
                    "version": self._patiently("GET", path.rpartition("/")[0], key).json()["version"],
                }

    def _act(self, path: str, key: str, body: Mapping[str, Any]) -> Answer:
        time.sleep(self.random.uniform(0, THINKS_SECONDS))
        number, _, move = path.removeprefix(START).strip("/").partition("/")
        operation = Operation(
            body.get("external_id") or new_id(), move or "register", number, body.get("version", 0)
        )
        self.journal.note(operation, "begun")
        answer = self._answered(operation, path, key, json.dumps(body).encode())
        told = answer.json()
        if answer.status >= 400:
            overtaken = told["type"] == "urn:svcqa:stale"
            self.journal.note(operation, "overtaken" if overtaken else "refused", sentence=told["detail"])
            raise Stale if overtaken else Rejection(answer.status, told["detail"])
        self.journal.note(operation, "done", **{name: told[name] for name in ("number", "state", "version")})
        return answer

    def _answered(self, operation: Operation, path: str, key: str, data: bytes) -> Answer:
        """Send one operation until it is answered, and now and then once more to compare."""
        while True:
            try:
                answer = self._patiently("POST", path, key, data, operation.key)
            except (OSError, HTTPException) as cut:
                self.journal.note(operation, "in doubt", cut=repr(cut))
                if self.random.random() < GIVES_UP:
                    raise GaveUp from cut
                continue
            if answer.status < 400 and self.random.random() < ASKS_AGAIN:
                again = self._repeated(path, key, data, operation.key)
                assert (again.status, again.body, again.replayed) == (answer.status, answer.body, True)
            return answer

    def _repeated(self, path: str, key: str, data: bytes, once: str) -> Answer:
        while True:
            try:
                return self._patiently("POST", path, key, data, once)
            except (OSError, HTTPException):
                time.sleep(0.05)

    def _patiently(
        self, method: str, path: str, key: str, data: bytes | None = None, once: str = ""
    ) -> Answer:
        """Wait for a door that is shut and for a busy database; a read is also repeated when it was cut off."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._once(method, path, key, data, once)
            except ConnectionRefusedError:
                assert time.monotonic() < until, f"nobody opened within {PATIENCE_SECONDS:.0f} s"
            except (OSError, HTTPException):
                if data is not None:
                    raise
            else:
                assert answer.status < 500 or answer.status == 503, answer.body.decode()
                if answer.status != 503:
                    return answer
            time.sleep(0.05)

    def _once(self, method: str, path: str, key: str, data: bytes | None, once: str) -> Answer:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, data, {**headers, **({"Idempotency-Key": once} if once else {})})
            answer = connection.getresponse()
            replayed = answer.headers.get("Idempotency-Replayed") == "true"
            return Answer(answer.status, answer.read(), replayed)
        finally:
            connection.close()
