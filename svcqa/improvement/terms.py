"""The dates of a measure: when its owner is reminded, and in which month its effect is looked for. All pure.

Days are calendar days: a measure runs for weeks, also into a year whose working days nobody has published.
"""

from datetime import date, timedelta

ESCALATE_AFTER = timedelta(days=7)
"""How long a measure may be overdue before the head of the unit is told."""


def warn_on(start_on: date, due_on: date) -> date:
    """Return the first day on which three quarters of the time up to the due day are used."""
    days = (due_on - start_on).days
    return start_on + timedelta(days=-(-3 * days // 4))


def window(after_on: date) -> tuple[date, date]:
    """Return the first and last day of the first whole calendar month after a day."""
    first = _next_month(after_on)
    return first, _next_month(first) - timedelta(days=1)


def _next_month(on: date) -> date:
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)
