"""Where an axis of points begins and ends, its ticks, and the lines across a chart. Hundredths of a point."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from svcqa.reporting import strokes

TEN, FULL = 1000, 10_000


def tens(values: Sequence[int]) -> tuple[int, int]:
    """Return the tens around all values, never less than ten points apart."""
    low = min(values, default=0) // TEN * TEN
    high = -(-max(values, default=FULL) // TEN) * TEN
    return low, max(high, low + TEN)


def ticks(low: int, high: int) -> range:
    """Return where lines cross, from the top down, not more than seven."""
    return range(high, low - 1, -TEN if high - low <= 6 * TEN else -2 * TEN)


def grid(low: int, high: int, y: Callable[[int], float], left: int, right: int) -> list[Markup]:
    """Draw a line across at each tick, with its figure at the left."""
    drawn: list[Markup] = []
    for tick in ticks(low, high):
        drawn.append(strokes.line(left, y(tick), right, y(tick), "chart-grid"))
        drawn.append(strokes.label(left - 8, y(tick) + 4, strokes.points(tick), anchor="end"))
    return drawn
