"""One call of a program as the API sees it: whose key it carries, its raw body, the transaction, the answer."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from svcqa.bootstrap import Runtime
from svcqa.kernel import idempotency
from svcqa.kernel.idempotency import Answer
from svcqa.kernel.transaction import Actor, Transaction
from svcqa.organisation import access, tokens
from svcqa.web.again import noticing
from svcqa.web.reception import ACTOR

NOBODY = Actor(person_id=None, name="未登录", via="api")
KEY = HTTPBearer(auto_error=False, description="A key issued with `svcqa token issue`; it acts as its owner.")


@dataclass(frozen=True)
class Caller:
    """One request of a program."""

    request: Request
    key: str
    body: bytes

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a reading transaction as the key's owner; answers 401 for a key that opens nothing."""
        with self._runtime.place.reading(NOBODY) as tx:
            self._enter(tx)
            yield tx

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a writing transaction as the key's owner; answers 401 for a key that opens nothing."""
        with noticing(self.request.scope), self._runtime.place.transaction(NOBODY) as tx:
            self._enter(tx)
            yield tx

    def once(
        self, tx: Transaction, key: str | None, status: int, act: Callable[[], BaseModel]
    ) -> tuple[Answer, bool]:
        """Do the act and return its answer, or the one this key got before and True."""
        if not key:
            return Answer(status, act().model_dump_json()), False
        client = tx.actor.person_id or ""
        told = f"{self.request.method} {self.request.url.path}\n".encode() + self.body
        before = idempotency.claim(tx, client=client, key=key, body_sha256=hashlib.sha256(told).hexdigest())
        if before:
            return before, True
        answer = Answer(status, act().model_dump_json())
        idempotency.keep(tx, client=client, key=key, answer=answer)
        return answer, False

    @property
    def _runtime(self) -> Runtime:
        return self.request.app.state.runtime  # type: ignore[no-any-return]  # Starlette's state is untyped

    def _enter(self, tx: Transaction) -> None:
        owner = tokens.token_owner(tx, self.key) if self.key else None
        address = self.request.client.host if self.request.client else ""
        if owner is None:
            self.request.app.state.tries.miss("api key", address)
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        request_id = str(self.request.scope.get("request_id", ""))
        tx.actor = access.actor_of(tx, owner, via="api", request_id=request_id, address=address)
        self.request.scope[ACTOR] = owner


async def caller_of(
    request: Request, key: Annotated[HTTPAuthorizationCredentials | None, Depends(KEY)]
) -> Caller:
    """Read the raw body, the one thing that must be awaited, and make the caller."""
    return Caller(request, key.credentials if key else "", await request.body())


ACaller = Annotated[Caller, Depends(caller_of)]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The same key with the same body gets the same answer again and has one effect.",
    ),
]
MaybeKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


def sent(answer: tuple[Answer, bool]) -> Response:
    """Send an answer as its stored bytes; say when it was given before."""
    kept, replayed = answer
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    return Response(kept.body, kept.status, headers, media_type=JSONResponse.media_type)
