"""What a schedule opens by itself: the cycle of the period just over, for each unit that is assessed so.

Asked each morning, it acts from the first working day of a new period on, and once per unit and period.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from svcqa.assessment import cycles
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Duplicate, Invalid
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people


@dataclass(frozen=True)
class Opened:
    """How many cycles were opened now, and how many were there before."""

    new: int = 0
    before: int = 0
    holiday: bool = False


def open_past(tx: Transaction, scheme_id: str, *, cadence: str, unit_codes: tuple[str, ...]) -> Opened:
    """Open the cycles of the period that ended last, on a working day; raises Invalid for an unknown unit."""
    today = local_day(tx.now)
    if not tx.calendar.is_workday(today):
        return Opened(holiday=True)
    period_from = past_period(cadence, today)
    new = 0
    for code in unit_codes:
        unit = people.unit_coded(tx, code)
        if unit is None:
            raise Invalid(
                "units", f"没有代码为 {code} 的单位。请核对 SVCQA_ASSESSED_UNITS 或本次运行的参数。"
            )
        try:
            with tx.part():
                cycles.open(tx, scheme_id, unit_id=unit.id, cadence=cadence, period_from=period_from)
        except Duplicate:
            continue
        new += 1
    return Opened(new, len(unit_codes) - new)


def past_period(cadence: str, today: date) -> date:
    """Return the first day of the last period that was over before a day; raises Invalid."""
    if cadence == "daily":
        return today - timedelta(days=1)
    months = cycles.MONTHS.get(cadence)
    if months is None:
        raise Invalid("cadence", f"没有“{cadence}”这种考核周期。可选：{'、'.join(cycles.CADENCES)}。")
    begun = today.year * 12 + (today.month - 1) // months * months - months
    return date(begun // 12, begun % 12 + 1, 1)
