"""Doing one transaction again that the database undid for the sake of another. Of the first try nothing is left."""

import random
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar

from svcqa.kernel.errors import Busy

TRIES = 4
"""How often one transaction is begun before its failure is told."""

Given = ParamSpec("Given")
Found = TypeVar("Found")


def done_again(work: Callable[Given, Found]) -> Callable[Given, Found]:
    """Let work that is one transaction begin anew when it was undone; raises Busy when it never comes through."""

    @wraps(work)
    def attempted(*given: Given.args, **named: Given.kwargs) -> Found:
        for pause in pauses():
            try:
                return work(*given, **named)
            except Busy as busy:
                if not busy.undone:
                    raise
            time.sleep(pause)
        return work(*given, **named)

    return attempted


def pauses() -> Iterator[float]:
    """Yield the seconds to wait before each further try: random, because two that met shall not meet again."""
    for _ in range(TRIES - 1):
        yield random.uniform(0.005, 0.05)  # noqa: S311 - nothing to guess
