"""How a value and its target are written for people: shares in percent, times in hours."""

from decimal import Decimal

from svcqa.assessment.metrics import Scale
from svcqa.assessment.scoring import FINE, full_mark, hundredths
from svcqa.rulebook.scheme import Scoring

UNITS: dict[Scale, str] = {"share": "%", "hours": " 小时", "rating": " 分", "number": ""}


def shown(scale: Scale, numerator: int, denominator: int) -> str:
    """Write a value: 9/10 of a share is `90%`."""
    times = 100 if scale == "share" else 1
    value = hundredths(times * numerator, denominator)
    if value % 100 == 0:
        return f"{value // 100}{UNITS[scale]}"
    if value % 10 == 0:
        return f"{value // 100}.{value // 10 % 10}{UNITS[scale]}"
    return f"{value // 100}.{value % 100:02d}{UNITS[scale]}"


def target(scale: Scale, rule: Scoring) -> str:
    """Write from where on the full mark is given."""
    bound, rising = full_mark(rule)
    return f"{'不低于' if rising else '不高于'} {(Decimal(bound) / FINE).normalize():f}{UNITS[scale]}"
