"""Identifiers: time-ordered UUIDs (RFC 9562, version 7) written as 32 lowercase hex characters."""

import os
import time


def new_id() -> str:
    """Return a fresh identifier; later ones sort after earlier ones to the millisecond."""
    # Wall time only orders the ids; no business rule reads it back.
    milliseconds = time.time_ns() // 1_000_000  # noqa: TID251 - an id is not a business time
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | random & (1 << 62) - 1
    return f"{value:032x}"
