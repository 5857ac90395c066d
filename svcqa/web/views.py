"""What templates are given: frozen views of the building blocks, and the filters that write values as people
read them. Pure; reads no row and no clock.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from svcqa.kernel import money
from svcqa.kernel.calendar import ending, local, local_day

TITLES = ("女士", "先生", "小姐")
MINUS = "\N{MINUS SIGN}"
DOUBLE_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "端木",
)


class NavItem(NamedTuple):
    """A line of the side bar with how much waits there; `hot`: it is overdue or waits for the reader."""

    href: str
    icon: str
    label: str
    waiting: int | None = None
    hot: bool = False


@dataclass(frozen=True)
class Me:
    """Who is signed in, as the side bar shows it."""

    name: str
    role: str


@dataclass(frozen=True)
class Frame:
    """What base.html needs around every signed-in page; `here` is the href of the current line."""

    nav: tuple[tuple[str, tuple[NavItem, ...]], ...]
    here: str
    me: Me
    csrf: str
    flash: str = ""
    banner: str = ""


@dataclass(frozen=True)
class Due:
    """A deadline chip: `text` counts working time, `at` is the moment, `step` names what is due."""

    level: Literal["normal", "soon", "overdue", "paused", "done"]
    text: str
    at: datetime | None = None
    step: str = ""


@dataclass(frozen=True)
class Step:
    """One stage of a stepper; `optional` is drawn dashed (it may never come)."""

    label: str
    detail: str = ""
    status: Literal["done", "now", "ahead", "optional"] = "ahead"


@dataclass(frozen=True)
class Entry:
    """One line of a record; `state` is the state reached, where the entry moved the life."""

    who: str
    what: str
    at: datetime
    note: str = ""
    state: str = ""


@dataclass(frozen=True)
class Typed:
    """What a person typed into a form and what was wrong with it; `prefix` keeps ids apart on one page."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    prefix: str = "f"


@dataclass(frozen=True)
class DemoSignIn:
    """A sign-in offered on the first page in development mode."""

    label: str
    name: str
    password: str


def short_time(at: datetime) -> str:
    """Write a moment for lists: 11-24 09:30."""
    return full_time(at)[5:]


def full_time(at: datetime) -> str:
    """Write a moment with its year: 2026-11-24 09:30."""
    return local(at).isoformat(" ", "minutes")[:16]


def legal_time(at: datetime) -> str:
    """Write a moment that has legal effect; the end of a day is written as 24:00 of that day."""
    on, clock = ending(at)
    return f"{on.year} 年 {on.month} 月 {on.day} 日 {clock}"


def long_day(at: datetime) -> str:
    """Write the day of a moment in a sentence: 2026 年 11 月 18 日."""
    day = local_day(at)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals: 80.00."""
    return money.yuan_text(fen).replace("-", MINUS)


def points(hundredths: int) -> str:
    """Write hundredths as points with one decimal, two where they are needed: 2.4, 93.75."""
    whole, rest = divmod(abs(hundredths), 100)
    decimals = f"{rest:02d}".removesuffix("0") or "0"
    return f"{MINUS if hundredths < 0 else ''}{whole}.{decimals}"


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago a moment was, in the coarsest words that still help."""
    minutes = int((now - at).total_seconds() // 60)
    days = (local_day(now) - local_day(at)).days
    if minutes < 1:
        return "刚刚" if minutes >= -1 else short_time(at)
    if minutes < 60:
        return f"{minutes} 分钟前"
    if days == 0:
        return f"{minutes // 60} 小时前"
    if days == 1:
        return "昨天"
    return f"{local(at):%m-%d}" if local(at).year == local(now).year else f"{local(at):%Y-%m-%d}"


def masked_phone(phone: str) -> str:
    """Keep the ends of a phone number: 138****2210; a short number keeps its last two digits."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else f"****{digits[-2:]}" if digits else ""


def masked_name(name: str, title: str = "") -> str:
    """Keep the surname, with the form of address where it is known."""
    if not name:
        return "匿名"
    title = title or next((each for each in TITLES if name.endswith(each)), "")
    surname = name[:2] if name.startswith(DOUBLE_SURNAMES) else name[:1]
    return surname + (title or "**")


def file_size(size: int) -> str:
    """Write the size of a file: 212 KB, 6.1 MB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


FILTERS: Mapping[str, Callable[..., str]] = {
    function.__name__: function
    for function in (
        short_time,
        full_time,
        legal_time,
        long_day,
        yuan,
        points,
        ago,
        masked_phone,
        masked_name,
        file_size,
    )
}
