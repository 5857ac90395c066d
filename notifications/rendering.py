"""From a notice to words: subject, text and HTML. The one place of this room that knows local time.

Nothing is sent here and no clock is read.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined, select_autoescape

from notifications.notices import Notice
from notifications.styling import StyledLoader

TEMPLATES = Path(__file__).parent / "templates"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Rendered:
    """A mail in words: one line of subject, and the same content as plain text and as HTML."""

    subject: str
    text: str
    html: str


def render(notice: Notice) -> Rendered:
    """Put a notice into its three templates. An unknown name or a subject of two lines is an error."""
    values = {"label": notice.label, **vars(notice)}
    subject = _fill(f"{notice.slug}/subject.txt", values).strip()
    if not subject or not subject.isprintable():
        message = f"the subject of {notice.slug} is not one printable line: {subject!r}"
        raise ValueError(message)
    # Blocks and conditions leave blank lines of their own; a reader needs one at a time.
    text = re.sub(r"\n{3,}", "\n\n", _fill(f"{notice.slug}/body.txt", values)).strip() + "\n"
    return Rendered(subject, text, _fill(f"{notice.slug}/body.html", values))


def legal_time(at: datetime) -> str:
    """Write a time that has legal effect: `2026 年 11 月 30 日 18:00`; midnight is 24:00 of the day before."""
    day, clock = _day_and_clock(at)
    return f"{long_date(day)} {clock}"


def short_time(at: datetime) -> str:
    """Write a time for a subject: `11 月 30 日 18:00`."""
    day, clock = _day_and_clock(at)
    return f"{short_date(day)} {clock}"


def long_day(at: datetime) -> str:
    """Write the local day of a time: `2026 年 11 月 30 日`."""
    return long_date(_day_and_clock(at)[0])


def short_day(at: datetime) -> str:
    """Write the local day of a time for a subject: `11 月 30 日`."""
    return short_date(_day_and_clock(at)[0])


def long_date(day: date) -> str:
    """Write a date: `2026 年 11 月 30 日`."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def short_date(day: date) -> str:
    """Write a date for a subject: `11 月 30 日`."""
    return f"{day.month} 月 {day.day} 日"


def english_time(at: datetime) -> str:
    """Write a time for the English line: 30 Nov 2026, 18:00 (UTC+8)."""
    day, clock = _day_and_clock(at)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}, {clock} (UTC+8)"


def _day_and_clock(at: datetime) -> tuple[date, str]:
    if at.tzinfo is None:
        message = f"a notice holds a time without a zone: {at!r}"
        raise ValueError(message)
    local = at.astimezone(_SHANGHAI)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return local.date() - timedelta(days=1), "24:00"
    return local.date(), f"{local:%H:%M}"


def _fill(name: str, values: dict[str, object]) -> str:
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=StyledLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for written in (legal_time, short_time, long_day, short_day, long_date, short_date, english_time):
        environment.filters[written.__name__] = written
    return environment
