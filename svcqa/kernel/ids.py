"""Identifiers: time-ordered UUIDs (RFC 9562, version 7) written as 32 lowercase hex characters.

Within a process each sorts after the one before, also in the same millisecond (method 1 of section 6.2:
twelve bits of counter behind the milliseconds, the rest random).
"""

import os
import sys
import threading
import time
from array import array
from datetime import datetime

COUNTER = 1 << 12
VARIANT, VARIANT_MASK = 0b10 << 62, (1 << 62) - 1


class _Series:
    """The milliseconds and the counter of the last identifier given out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self, milliseconds: int, count: int = 1) -> int:
        """Return milliseconds and counter as one rising number, the first of `count` that are taken."""
        with self._lock:
            first = max(self._last + 1, milliseconds * COUNTER)
            self._last = first + count - 1
            return first


_series = _Series()


def new_id() -> str:
    """Return a fresh identifier that sorts after all this process gave out before."""
    # Wall time only orders the ids; no business rule reads it back.
    tick = _series.next(time.time_ns() // 1_000_000)  # noqa: TID251 - an id is not a business time
    random = int.from_bytes(os.urandom(8), "big") & VARIANT_MASK
    value = (tick // COUNTER & (1 << 48) - 1) << 80 | 0x7 << 76 | tick % COUNTER << 64 | VARIANT | random
    return f"{value:032x}"


def new_ids(count: int) -> list[str]:
    """Return so many fresh identifiers in rising order, for many rows at once."""
    first = _series.next(time.time_ns() // 1_000_000, count)  # noqa: TID251 - as above
    words = array("Q", bytes(16 * count))
    words[0::2] = array(
        "Q", (tick // COUNTER << 16 | 0x7000 | tick % COUNTER for tick in range(first, first + count))
    )
    words[1::2] = array("Q", (value & VARIANT_MASK | VARIANT for value in array("Q", os.urandom(8 * count))))
    if sys.byteorder == "little":
        words.byteswap()
    text = words.tobytes().hex()
    return [text[at : at + 32] for at in range(0, len(text), 32)]


def floor_of(at: datetime) -> str:
    """Return what sorts before every identifier given out since a moment of the machine's clock."""
    return f"{round(at.timestamp() * 1000):012x}" + "0" * 20
