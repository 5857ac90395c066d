"""The list of complaints as building blocks: tabs with counts, groups of rows with their chips, what filters offer."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from states.complaint import OPEN
from svcqa.casework import cuts, visibility
from svcqa.casework.worklist import Line, Wanted, Worklist
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, people
from svcqa.organisation.people import PersonCard, UnitCard
from svcqa.rulebook import library
from svcqa.rulebook.model import Channel, ComplaintClass, Regulation
from svcqa.web.deadlines import spent, step_chip
from svcqa.web.views import Due

VIEW_LABELS = {
    "mine": "我的待办",
    "open": "全部在办",
    "soon": "即将超期",
    "overdue": "已超期",
    "closed": "已办结",
}
GROUP_LABELS = {
    "undated": "时限待定",
    "overdue": "已超期",
    "soon": "8 个工作小时内到期",
    "later": "后续到期",
    "closed": "已办结",
}

TEXTS = ("q", "assignee", "unit", "due", "channel", "origin", "after")
LONGEST = 100

View = tuple[str, str, str, bool]


@dataclass(frozen=True)
class Row:
    """A line of the list with its chip; `used` is the working time a closed case took."""

    line: Line
    due: Due | None
    used: str


@dataclass(frozen=True)
class Group:
    """Rows that are due alike; `count` is None where only a part of them is on the page."""

    key: str
    label: str
    count: int | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Choices:
    """What filters and the registration offer, from the regulation of today and the organisation."""

    officers: tuple[PersonCard, ...]
    units: tuple[UnitCard, ...]
    channels: tuple[Channel, ...]
    classes: tuple[ComplaintClass, ...]

    @property
    def channel_options(self) -> list[tuple[str, str]]:
        """The channels as a list to choose from."""
        return [(channel.id, channel.label) for channel in self.channels]

    @property
    def unit_options(self) -> list[tuple[str, str]]:
        """The units as a list to choose from; who sees all units may leave it open."""
        return [("", "待核实时确定"), *((unit.code, unit.name) for unit in self.units)]


def counted(number: int) -> str:
    """Write a bounded count: from 1,000 on nobody counts."""
    return str(number) if number < cuts.MOST_COUNTED else "999+"


def wanted(asked: QueryParams) -> Wanted:
    """Read what an address asks for; what makes no sense is not asked."""
    view = asked.get("view", "open")
    texts = {name: asked.get(name, "").strip()[:LONGEST] for name in TEXTS}
    states = tuple(sorted(set(asked.getlist("state")) & set(OPEN)))
    if view == "closed":
        states, texts["due"] = (), ""
    return Wanted(
        view=view if view in VIEW_LABELS else "open",
        states=states,
        class_id=asked.get("class", "").strip()[:LONGEST],
        **texts,
    )


def address(wanted: Wanted, *, after: str = "") -> str:
    """Return the address of a list, empty wishes left out."""
    asked = {"view": wanted.view, "state": list(wanted.states), "class": wanted.class_id}
    asked |= {name: getattr(wanted, name) for name in TEXTS} | {"after": after}
    return f"/complaints?{urlencode({name: value for name, value in asked.items() if value}, doseq=True)}"


def views_of(page: Worklist) -> list[View]:
    """Return the tabs: address, label, count, and whether the count is a warning."""
    return [
        (
            f"/complaints?view={view}",
            label,
            counted(page.views[view]),
            view == "overdue" and page.views[view] > 0,
        )
        for view, label in VIEW_LABELS.items()
    ]


def groups_of(tx: Transaction, page: Worklist, wanted: Wanted) -> list[Group]:
    """Return the rows of a page in their groups."""
    found: dict[str, list[Row]] = {}
    for line in page.lines:
        found.setdefault(line.group, []).append(_row(tx, line, page))
    whole = not page.next and not wanted.after
    return [
        Group(key, GROUP_LABELS[key], _size(key, rows, page, wanted, whole=whole), tuple(rows))
        for key, rows in found.items()
    ]


def _size(key: str, rows: list[Row], page: Worklist, wanted: Wanted, *, whole: bool) -> int | None:
    if whole:
        return len(rows)
    known = page.views if wanted.view == "open" and not wanted.filtered else {}
    size = known.get(key) if key in ("overdue", "soon") else None
    return size if size is not None and size < cuts.MOST_COUNTED else None


def _row(tx: Transaction, line: Line, page: Worklist) -> Row:
    if line.closed_at:
        return Row(line, None, spent(tx.calendar, line.received_at, line.closed_at))
    chip = step_chip(
        tx.calendar,
        now=tx.now,
        horizon=page.horizon,
        step=line.due_step,
        due_at=line.due_at,
        missing_year=line.due_missing_year,
    )
    return Row(line, chip, "")


def choices(tx: Transaction) -> Choices:
    """Return what filters and forms offer; the units of a head are the headed ones."""
    regulation = _regulation(tx)
    units = people.units(tx)
    if not visibility.sees_all(tx.actor):
        units = [unit for unit in units if unit.id in tx.actor.units]
    return Choices(
        officers=tuple(access.people_with_role(tx, "officer")),
        units=tuple(units),
        channels=regulation.channels if regulation else (),
        classes=regulation.classes if regulation else (),
    )


def _regulation(tx: Transaction) -> Regulation | None:
    try:
        return library.in_force(tx, tx.settings.regulation, on=local_day(tx.now))
    except NotFound:
        return None
