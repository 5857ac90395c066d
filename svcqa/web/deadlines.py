"""Deadlines as chips: which step, how much working time is left or over, and how a closed case kept its time."""

from datetime import datetime, timedelta

from svcqa.kernel.calendar import Calendar, YearMissing, describe
from svcqa.web.views import Due, short_time

DAY = timedelta(days=1)


def step_chip(
    calendar: Calendar,
    *,
    now: datetime,
    horizon: datetime,
    step: str,
    due_at: datetime | None,
    missing_year: int | None,
) -> Due:
    """Return the chip of the step that is due; red where its year is not published, for it needs somebody."""
    if due_at is None:
        return Due("overdue", f"时限待定（缺 {missing_year} 年日历）", None, step)
    try:
        text = describe(calendar.remaining(now, due_at), day=calendar.hours.length)
    except YearMissing:
        text = f"截止 {short_time(due_at)}"
    return Due("overdue" if due_at < now else "soon" if due_at <= horizon else "normal", text, due_at, step)


def reply_chip(*, now: datetime, due_at: datetime, step: str) -> Due:
    """Return the chip of the customer's clock, which counts all days."""
    left = due_at - now
    level = "overdue" if left < timedelta(0) else "soon" if left < 2 * DAY else "normal"
    return Due(level, describe(left, day=DAY), due_at, step)  # type: ignore[arg-type]  # one of the three levels


def spent(calendar: Calendar, start_at: datetime, end_at: datetime) -> str:
    """Say how much working time lay between two moments: `用时 1 天 3 小时`."""
    try:
        worked = calendar.working_time(start_at, end_at)
    except YearMissing:
        return ""
    if worked < timedelta(minutes=1):
        return "用时不足 1 分钟"
    return describe(worked, day=calendar.hours.length).replace("剩余", "用时")
