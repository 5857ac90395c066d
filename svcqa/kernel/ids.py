"""Identifiers: time-ordered UUIDs (RFC 9562, version 7) written as 32 lowercase hex characters.

Within a process each sorts after the one before, also in the same millisecond (method 1 of section 6.2:
twelve bits of counter behind the milliseconds, the rest random).
"""

import os
import threading
import time

COUNTER = 1 << 12


class _Series:
    """The milliseconds and the counter of the last identifier given out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self, milliseconds: int) -> int:
        """Return milliseconds and counter as one rising number."""
        with self._lock:
            self._last = max(self._last + 1, milliseconds * COUNTER)
            return self._last


_series = _Series()


def new_id() -> str:
    """Return a fresh identifier that sorts after all this process gave out before."""
    # Wall time only orders the ids; no business rule reads it back.
    tick = _series.next(time.time_ns() // 1_000_000)  # noqa: TID251 - an id is not a business time
    random = int.from_bytes(os.urandom(8), "big") & (1 << 62) - 1
    value = (tick // COUNTER & (1 << 48) - 1) << 80 | 0x7 << 76 | tick % COUNTER << 64 | 0b10 << 62 | random
    return f"{value:032x}"
