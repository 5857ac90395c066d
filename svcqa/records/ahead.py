"""Making the next thing while the last one is used: reading and checking run beside the writes of the database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")


def ahead(things: Iterator[Thing]) -> Iterator[Thing]:
    """Yield what an iterator yields, one ahead on a thread of its own; what it raises is raised here."""
    with ThreadPoolExecutor(1) as beside:
        following = beside.submit(next, things, None)
        while (thing := following.result()) is not None:
            following = beside.submit(next, things, None)
            yield thing
