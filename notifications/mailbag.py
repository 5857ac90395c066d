"""What delivery needs from an outbox, and nothing more. The database side is written against these words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from notifications.transport import Reply

MarkState = Literal["data", "sent", "queued", "failed", "held"]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One finished message on its way.

    fence       counts the claims of this letter; a mark that carries an older one is refused
    attempts    how many attempts have failed so far
    doubts      how many times its content left without a known answer (0 or 1 may be sent, 2 is held)
    posted_at   when it was put into the outbox; delivery gives up some days later
    """

    id: str
    fence: int
    attempts: int
    doubts: int
    posted_at: datetime
    sender: str
    recipient: str
    data: bytes = field(repr=False)  # holds personal links: never in a log


@dataclass(frozen=True)
class Mark:
    """What became of a letter.

    data     the content is about to leave; `until` is the end of the lease
    sent     the relay took it (which is not yet "delivered")
    queued   it goes back; `until` is the earliest next attempt
    failed   certainly not sent and never will be
    held     a person must decide: it may have been sent, or not

    `tried` adds one to the letter's attempts, `doubted` one to its doubts.
    """

    letter: Letter
    state: MarkState
    reply: Reply
    until: datetime | None = None
    tried: bool = False
    doubted: bool = False


class Mailbag(Protocol):
    """An outbox. The methods are synchronous and run one at a time, each one transaction in some thread.

    Only `now` is called from the event loop itself and must not wait for anything.
    """

    def now(self) -> datetime:
        """Give the present time, aware."""

    def claim(self, owner: str, limit: int, lease: timedelta) -> list[Letter]:
        """Take up to `limit` letters, oldest due first; none while the queue is paused.

        Due are: queued ones whose time has come; claimed ones whose lease is over; and those in `data`
        whose lease is over, for which doubts and attempts are raised by one. Atomically each becomes
        claimed by `owner` until now + lease and its fence is raised by one. Two callers never get the
        same letter at the same fence.
        """

    def record(self, marks: Sequence[Mark]) -> list[bool]:
        """Store marks durably before returning; say for each whether its fence was still the present one.

        A mark counts only while the letter is claimed or in `data` at the mark's fence; otherwise it
        changes nothing and the answer is False. Mark `data` sets the lease to `until`.
        """

    def pause(self, reason: str) -> None:
        """Stop the queue until a person resumes it, and let the operator know why."""
