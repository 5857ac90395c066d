"""Draining an outbox in two phases: marked `data` durably before content leaves, marked again after.

A letter is sent at most twice, the same bytes both times, whatever is killed and whenever.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from notifications.mailbag import Letter, Mailbag, Mark
from notifications.transport import Connection, DeliveryFailed, Reply, Transport
from notifications.verdict import after_failure, too_doubtful

PER_CONNECTION = 50
# Longer than both waits of 600 s, for the go-ahead and for the relay's final word: slow is not dead.
LEASE = timedelta(minutes=25)


class _Clerk:
    """Writes marks; those that arrive while one batch is being written go together in the next."""

    def __init__(self, mailbag: Mailbag) -> None:
        self._mailbag = mailbag
        self._pen = asyncio.Lock()
        self._waiting: list[tuple[Mark, asyncio.Future[bool]]] = []

    async def record(self, mark: Mark) -> bool:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((mark, answer))
        async with self._pen:
            if not answer.done():
                await self._write()
        return await answer

    async def _write(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            accepted = await asyncio.to_thread(self._mailbag.record, [mark for mark, _ in batch])
            for (_, answer), fenced in zip(batch, accepted, strict=True):
                answer.set_result(fenced)
        finally:
            for _, answer in batch:
                answer.cancel()  # does nothing where the answer is known


@dataclass
class _Round:
    """One claim's worth of letters, shared by all connections of a round."""

    mailbag: Mailbag
    transport: Transport
    jitter: Random
    letters: deque[Letter]
    stop: asyncio.Event
    clerk: _Clerk
    outcomes: Counter[str] = field(default_factory=Counter)
    obstacle: DeliveryFailed | None = None

    async def lane(self) -> None:
        """Send letters, one connection after the other, until none is left or nothing can be reached."""
        try:
            while self._open():
                async with self.transport.connection() as connection:
                    await self._use(connection)
        except DeliveryFailed as failure:
            self._hindered(failure)

    async def put_back(self) -> None:
        """Return what was claimed and not tried: at once if stopped, later if the relay is away."""
        await asyncio.gather(*(self._settle(self._untried(letter)) for letter in self.letters))

    async def _use(self, connection: Connection) -> None:
        for _ in range(PER_CONNECTION):
            if not self._open():
                return
            await self._settle(await self._attempt(self.letters.popleft(), connection))
            if not connection.usable:
                return

    async def _attempt(self, letter: Letter, connection: Connection) -> Mark:
        held = too_doubtful(letter)
        if held is not None:
            return held
        try:
            await self._offer(letter, connection)
            begun = Mark(letter, "data", Reply(None, ""), until=self.mailbag.now() + LEASE)
            if not await self.clerk.record(begun):
                await connection.withdraw()
                return begun
            return Mark(letter, "sent", await connection.hand_over(letter.data))
        except DeliveryFailed as failure:
            self._hindered(failure)
            return after_failure(letter, failure, self.mailbag.now(), self.jitter)

    async def _offer(self, letter: Letter, connection: Connection) -> None:
        try:
            await connection.offer(letter.sender, letter.recipient)
        except asyncio.CancelledError:
            self.letters.appendleft(letter)  # nothing of its content has left: it is as good as untried
            raise

    async def _settle(self, mark: Mark) -> None:
        kept = mark.state != "data" and await self.clerk.record(mark)
        self.outcomes[mark.state if kept else "lost"] += 1

    def _untried(self, letter: Letter) -> Mark:
        now = self.mailbag.now()
        if self.obstacle is None:
            return Mark(letter, "queued", Reply(None, ""), until=now)
        return after_failure(letter, self.obstacle, now, self.jitter)

    def _hindered(self, failure: DeliveryFailed) -> None:
        # A lane that finds no connection ends alone; the others go on unless the fault is the queue's.
        if failure.queue_wide and (self.obstacle is None or failure.permanent):
            self.obstacle = failure

    def _open(self) -> bool:
        paused = self.obstacle is not None and self.obstacle.permanent
        return bool(self.letters) and not paused and not self.stop.is_set()


async def drain_once(
    mailbag: Mailbag,
    transport: Transport,
    *,
    owner: str,
    jitter: Random,
    lanes: int = 4,
    stop: asyncio.Event | None = None,
) -> Counter[str]:
    """Claim one round of letters, send them over `lanes` connections, and count what became of them.

    Counted are sent, queued, failed, held, and lost (another courier holds the letter now). A fault of
    the whole queue (sign-in, encryption) pauses it.
    """
    letters = await asyncio.to_thread(mailbag.claim, owner, PER_CONNECTION * lanes, LEASE)
    stop = stop or asyncio.Event()
    turn = _Round(mailbag, transport, jitter, deque(letters), stop, _Clerk(mailbag))
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(lanes, len(letters))):
                group.create_task(turn.lane())
    finally:
        await turn.put_back()  # also when cancelled: only what is between its two marks waits for its lease
    if turn.obstacle is not None and turn.obstacle.permanent:
        await asyncio.to_thread(mailbag.pause, str(turn.obstacle))
    return turn.outcomes


async def run(
    mailbag: Mailbag,
    transport: Transport,
    stop: asyncio.Event,
    *,
    owner: str,
    jitter: Random,
    idle: float = 2.0,
    lanes: int = 4,
    tell: Callable[[Counter[str]], None] = lambda _outcomes: None,
) -> None:
    """Drain until `stop` is set, telling what became of each round, resting `idle` seconds when nothing went."""
    while not stop.is_set():
        outcomes = await drain_once(mailbag, transport, owner=owner, jitter=jitter, lanes=lanes, stop=stop)
        tell(outcomes)
        if not outcomes["sent"]:
            await _rest(stop, idle)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
