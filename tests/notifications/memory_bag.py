"""An outbox in memory that keeps the contract of `Mailbag`, with a clock held by the test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock

from notifications.mailbag import Letter, Mark
from notifications.transport import Reply


@dataclass
class Row:
    """A letter as the outbox keeps it."""

    letter: Letter
    state: str
    due_at: datetime
    reply: Reply | None = None


def quietly(_mark: Mark) -> None:
    """Let a mark pass."""


class MemoryBag:
    """Keeps rows in a dictionary; one lock stands for the database's transactions."""

    def __init__(self, addresses: Sequence[str], before_record: Callable[[Mark], None] | None = None) -> None:
        self.clock = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        self.paused: str | None = None
        self.batches: list[int] = []
        self.owners: list[str] = []
        self.before_record = before_record or quietly
        self.after_record: Callable[[Mark], None] = quietly
        self._lock = Lock()
        self.rows = {f"{number}": self._row(number, address) for number, address in enumerate(addresses)}

    def _row(self, number: int, address: str) -> Row:
        data = f"Message-ID: <{number}@corp.example>\r\n\r\n{number}\r\n".encode()
        letter = Letter(
            id=f"{number}",
            fence=0,
            attempts=0,
            doubts=0,
            posted_at=self.clock,
            sender="bounce@corp.example",
            recipient=address,
            data=data,
        )
        return Row(letter, "queued", self.clock)

    def now(self) -> datetime:
        return self.clock

    def claim(self, owner: str, limit: int, lease: timedelta) -> list[Letter]:
        with self._lock:
            self.owners.append(owner)
            if self.paused:
                return []
            due = [row for row in self.rows.values() if row.state in {"queued", "claimed", "data"}]
            taken = [row for row in due if row.due_at <= self.clock][:limit]
            for row in taken:
                lost = row.state == "data"
                row.letter = replace(
                    row.letter,
                    fence=row.letter.fence + 1,
                    doubts=row.letter.doubts + lost,
                    attempts=row.letter.attempts + lost,
                )
                row.state, row.due_at = "claimed", self.clock + lease
            return [row.letter for row in taken]

    def record(self, marks: Sequence[Mark]) -> list[bool]:
        with self._lock:
            for mark in marks:
                self.before_record(mark)
            self.batches.append(len(marks))
            accepted = [self._store(mark) for mark in marks]
        for mark in marks:
            self.after_record(mark)
        return accepted

    def _store(self, mark: Mark) -> bool:
        row = self.rows[mark.letter.id]
        if row.letter.fence != mark.letter.fence or row.state not in {"claimed", "data"}:
            return False
        row.state, row.reply, row.due_at = mark.state, mark.reply, mark.until or self.clock
        row.letter = replace(
            row.letter, attempts=row.letter.attempts + mark.tried, doubts=row.letter.doubts + mark.doubted
        )
        return True

    def pause(self, reason: str) -> None:
        self.paused = reason

    def states(self) -> dict[str, str]:
        return {row.letter.recipient.partition("@")[0]: row.state for row in self.rows.values()}
