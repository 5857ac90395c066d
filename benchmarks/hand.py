"""A process of its own that works when it is told to: `python -m benchmarks.hand courier|import <folder>`.

It reads one JSON line for each piece of work and answers with one: how many, in how many seconds, at which peak.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import world
from notifications.delivery import drain_once
from notifications.transport import Transport
from svcqa.kernel.mailbag import Outbox
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.records import importing, mapping, sheets


class Hand:
    """Such a process, as the one that tells it sees it."""

    def __init__(self, kind: str, folder: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.hand", kind, str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.answer()  # it is ready

    def tell(self, **work: Any) -> None:
        """Let it begin a piece of work."""
        assert self.process.stdin is not None
        print(json.dumps(work), file=self.process.stdin)

    def answer(self) -> dict[str, Any]:
        """Wait until it is done and return what it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a hand of the benchmark stopped; what it said stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Let it go."""
        self.process.communicate()


@contextmanager
def hands(kind: str, folder: Path, count: int) -> Iterator[list[Hand]]:
    """Give so many hands that are ready."""
    found = [Hand(kind, folder) for _ in range(count)]
    try:
        yield found
    finally:
        for one in found:
            one.close()


def together(*told: tuple[Hand, dict[str, Any]]) -> tuple[int, float]:
    """Let hands work side by side; return how much they did and the seconds until the last was done."""
    started = time.perf_counter()
    for hand, work in told:
        hand.tell(**work)
    done = sum(hand.answer()["count"] for hand, _ in told)
    return done, time.perf_counter() - started


def drain(place: Workplace, *, port: int, lanes: int) -> int:
    """Send what is due until nothing is, as the courier does."""
    transport = Transport(host="127.0.0.1", port=port, security="none", development=True)
    bag, sent = Outbox(place), 0
    while True:
        done = asyncio.run(
            drain_once(bag, transport, owner=f"hand-{os.getpid()}", jitter=Random(1), lanes=lanes)
        )
        sent += done["sent"]
        if not done.total():
            return sent


def take_over(place: Workplace, *, table: str, rules: str) -> int:
    """Import a table of facts by a mapping."""
    parsed = mapping.parse(rules, name="benchmark.map.yaml")
    with place.transaction(SYSTEM) as tx:
        done = importing.take_over(tx, sheets.read(Path(table)), mapping=parsed, policy="refuse")
    return done.new


def _main(kind: str, folder: Path) -> None:
    kinds: dict[str, Callable[..., int]] = {"courier": drain, "import": take_over}
    work = kinds[kind]
    place = world.opened(folder)
    print("{}", flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        count = work(place, **json.loads(line))
        seconds = time.perf_counter() - started
        print(json.dumps({"count": count, "seconds": seconds, "megabytes": _peak()}), flush=True)


def _peak() -> int:
    """Return the most megabytes this process had; what Linux gives as `ru_maxrss` begins with its parent's."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
