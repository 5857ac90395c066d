"""The bar that shows how far long work is: on standard error, and only where somebody looks at a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Move = Callable[[int, int], None]
"""Told how much is done, of how much."""


def drawn(*, quiet: bool = False) -> Progress:
    """Return the bar of this house, to be opened with `with`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=quiet or not console.is_terminal)


@contextmanager
def shown(label: str, *, quiet: bool = False) -> Iterator[Move]:
    """Show a bar with a label while work is done, and yield what moves it."""
    with drawn(quiet=quiet) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, most: bar.update(task, completed=done, total=most)
