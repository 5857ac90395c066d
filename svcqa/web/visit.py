"""One request as the pages see it: who is signed in, the form, the transaction, and the answer.

A page opens `visit.reading()` or `visit.transaction()` itself; the answer is built after that block.
"""

import hmac
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from svcqa.bootstrap import Runtime
from svcqa.kernel.errors import Busy, Forbidden
from svcqa.kernel.transaction import Actor, Transaction
from svcqa.kernel.visible import visible
from svcqa.organisation import access, sessions
from svcqa.web.again import noticing
from svcqa.web.frames import frame_for
from svcqa.web.reception import ACTOR

COOKIE, FLASH = "svcqa_session", "svcqa_flash"
SECRETS = frozenset({"password", "present", "again"})
PROOFS = frozenset({"csrf", "proof", "digits"})
NOBODY = Actor(person_id=None, name="未登录", via="web")


class NeedsSignIn(Exception):
    """The page is for signed-in people; the answer is the way to the sign-in page."""


class MustChangePassword(Exception):
    """The person has to set an own password first."""


@dataclass
class Visit:
    """One request."""

    request: Request
    form: FormData
    signed_in: sessions.SignedIn | None = None
    actor: Actor = NOBODY

    @property
    def runtime(self) -> Runtime:
        """The runtime the application was made with."""
        return self.request.app.state.runtime  # type: ignore[no-any-return]  # Starlette's state is untyped

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a reading transaction as the signed-in person; raises NeedsSignIn."""
        with self.runtime.place.reading(NOBODY) as tx:
            self._enter(tx)
            yield tx
        self._mark_seen()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a writing transaction as the signed-in person, after the form's token was checked."""
        with noticing(self.request.scope), self.runtime.place.transaction(NOBODY) as tx:
            self._enter(tx)
            self.demand_token()
            yield tx

    @contextmanager
    def unsigned(self, *, writes: bool = False) -> Iterator[Transaction]:
        """Open a transaction for somebody without an account (sign-in, mailed links)."""
        place = self.runtime.place
        opened = place.transaction if writes else place.reading
        with noticing(self.request.scope), opened(self._stamped(NOBODY)) as tx:
            try:
                yield tx
            finally:
                self.request.scope[ACTOR] = tx.actor.person_id or ""  # a mailed link may have told who it is

    @property
    def present(self) -> sessions.SignedIn:
        """Who is signed in; raises NeedsSignIn before a transaction was opened as them."""
        if self.signed_in is None:
            raise NeedsSignIn
        return self.signed_in

    def text(self, name: str) -> str:
        """Return what was typed into a field; an absent field, or a file in its place, is an empty text."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self) -> dict[str, str]:
        """Return every text field that was sent, without what proves who sent it."""
        return {name: self.text(name) for name in self.form if name not in PROOFS}

    def files(self, name: str) -> list[tuple[str, bytes]]:
        """Return the files chosen in a field as (name, content); an empty field sends a nameless one."""
        sent = (one for one in self.form.getlist(name) if isinstance(one, UploadFile))
        return [(one.filename, one.file.read()) for one in sent if one.filename]

    def demand_token(self) -> None:
        """Refuse a form that does not carry this session's token."""
        sent = str(self.form.get("csrf", ""))
        if self.signed_in is None or not hmac.compare_digest(sent.encode(), self.signed_in.csrf.encode()):
            raise Forbidden("页面已过期，你的操作没有保存。请返回上一页刷新后重新提交。")

    def page(self, template: str, *, tx_frame: Any = None, status: int = 200, **values: Any) -> HTMLResponse:
        """Render a page; signed-in pages pass the frame they read in their transaction."""
        flash = unquote(self.request.cookies.get(FLASH, ""))
        frame = replace(tx_frame, flash=flash) if tx_frame is not None else None
        html = self.request.app.state.templates.get_template(template).render(frame=frame, **values)
        answer = HTMLResponse(html, status_code=status)
        if flash:
            answer.delete_cookie(FLASH)
        return answer

    def frame(self, tx: Transaction, here: str) -> Any:
        """Read what the shell around a signed-in page shows."""
        csrf = self.signed_in.csrf if self.signed_in else ""
        return frame_for(tx, here=here, csrf=csrf)

    def go(self, to: str, *, flash: str = "") -> RedirectResponse:
        """Answer 303 to an own path, with a line to show there."""
        answer = RedirectResponse(to, status_code=303)
        if flash:
            answer.set_cookie(
                FLASH, quote(flash), max_age=60, httponly=True, samesite="lax", secure=self.secure
            )
        return answer

    def count_try(self, matter: str) -> None:
        """Count a try at what can be guessed; raises TooManyTries when an address tries too often."""
        self.request.app.state.tries.count(matter, self.address)

    def count_miss(self, matter: str) -> None:
        """Count a try that was wrong, of which an address has few."""
        self.request.app.state.tries.miss(matter, self.address)

    @property
    def secure(self) -> bool:
        """Whether people reach this installation over HTTPS."""
        return self.runtime.place.settings.base_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session cookie; bound to the host where HTTPS allows it."""
        return f"__Host-{COOKIE}" if self.secure else COOKIE

    def remember(self, answer: Response, secret: str) -> None:
        """Put the session's secret into the browser."""
        answer.set_cookie(
            self.cookie,
            secret,
            httponly=True,
            samesite="lax",
            secure=self.secure,
            path="/",
            max_age=self.runtime.place.settings.session_hours * 3600,
        )

    def _enter(self, tx: Transaction) -> None:
        secret = self.request.cookies.get(self.cookie, "")
        self.signed_in = sessions.session(tx, secret) if secret else None
        if self.signed_in is None:
            raise NeedsSignIn
        if self.signed_in.must_change and self.request.url.path not in ("/password", "/sign-out"):
            raise MustChangePassword
        tx.actor = self.actor = access.actor_of(
            tx, self.signed_in.person_id, via="web", request_id=self.request_id, address=self.address
        )
        self.request.scope[ACTOR] = self.signed_in.person_id

    def _mark_seen(self) -> None:
        """Note at most every five minutes that the session is alive: a read mark, no business row.

        A page that was read is shown also when the mark cannot be had; the next visit makes it.
        """
        if self.signed_in and self.signed_in.mark_due:
            with suppress(Busy), self.runtime.place.transaction(self.actor) as tx:
                sessions.mark_seen(tx, self.signed_in.session_id)

    def _stamped(self, actor: Actor) -> Actor:
        return replace(actor, request_id=self.request_id, address=self.address)

    @property
    def request_id(self) -> str:
        """The number of this request, also in the answer's header."""
        return str(self.request.scope.get("request_id", ""))

    @property
    def address(self) -> str:
        """The address the request came from."""
        return self.request.client.host if self.request.client else ""


async def visit_of(request: Request) -> AsyncIterator[Visit]:
    """Read the form, the one thing that must be awaited; let go of uploaded files afterwards."""
    if request.method != "POST":
        yield Visit(request, FormData())
        return
    async with request.form(max_files=10, max_fields=200) as form:
        yield Visit(request, _seen(form))


def _seen(form: FormData) -> FormData:
    """Drop from what was typed what nobody can see; a password is taken as it is."""
    return FormData(
        [
            (name, visible(value) if isinstance(value, str) and name not in SECRETS else value)
            for name, value in form.multi_items()
        ]
    )


AVisit = Annotated[Visit, Depends(visit_of)]
