"""The list of complaints: its views, filters over all rows, and pages by the last row seen. Writes nothing."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from states.complaint import CLOSED, OPEN
from svcqa.casework import cuts, visibility
from svcqa.casework.cuts import Cut, Place
from svcqa.casework.duties import mine, own_units
from svcqa.casework.queries import state_counts
from svcqa.casework.searching import words
from svcqa.casework.snapshot import Row
from svcqa.kernel.calendar import YearMissing
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.rulebook import library

PAGE = 50
SOON = timedelta(hours=8)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CURSOR = re.compile(r"([udc])(-?\d{1,18})-([0-9a-f]{0,32})", re.ASCII)
PHASES = {"u": "undated", "d": "dated", "c": "closed"}

Group = Literal["undated", "overdue", "soon", "later", "closed"]


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: a view, filters, and the cursor of the page before."""

    view: str = "open"
    q: str = ""
    states: tuple[str, ...] = ()
    assignee: str = ""
    unit: str = ""
    due: str = ""
    channel: str = ""
    class_id: str = ""
    origin: str = ""
    after: str = ""

    @property
    def filtered(self) -> bool:
        """Whether anything but the view is asked for."""
        plain = (self.q, self.assignee, self.unit, self.due, self.channel, self.class_id, self.origin)
        return any((*plain, *self.states))


class Line(NamedTuple):
    """One complaint of the list; `people` are the respondents with their units."""

    number: str
    subject: str
    state: str
    group: Group
    channel: str
    class_id: str | None
    complainant: str
    origin: str
    officer: str
    people: tuple[tuple[str, str], ...]
    due_step: str
    due_at: datetime | None
    due_missing_year: int | None
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    closed_how: str
    late: bool


COPIED = (
    *("number", "subject", "state", "class_id", "origin", "due_step", "due_at", "due_missing_year"),
    *("received_at", "updated_at", "closed_at", "closed_how"),
)


@dataclass(frozen=True)
class Worklist:
    """A page of the list. Counts stop at 1,000; `horizon` is the moment eight working hours from now."""

    lines: tuple[Line, ...]
    next: str
    total: int
    views: dict[str, int]
    states: dict[str, int]
    horizon: datetime


def read(tx: Transaction, wanted: Wanted) -> Worklist:
    """Read one page of the list as the actor may see it."""
    horizon = horizon_of(tx)
    scope = [Cut()] if visibility.sees_all(tx.actor) else own_units(tx.actor)
    asked = cuts.crossed(_view(tx, wanted.view, horizon), scope, *_filters(tx, wanted, horizon))
    rows, cursor = _page(tx, asked, wanted)
    states = _states(tx, wanted, asked)
    return Worklist(
        lines=_lines(tx, rows, horizon),
        next=cursor,
        total=sum(states.values()),
        views=_view_sizes(tx, scope, horizon),
        states=states,
        horizon=horizon,
    )


def horizon_of(tx: Transaction) -> datetime:
    """Return the moment eight working hours from now; now itself where the calendar ends before."""
    try:
        return tx.calendar.add_working(tx.now, SOON)
    except YearMissing:
        return tx.now


def _view(tx: Transaction, view: str, horizon: datetime) -> list[Cut]:
    if view == "closed":
        return [cuts.CLOSED]
    if view == "mine":
        return [cuts.OPEN & duty for duty in mine(tx.actor)]
    return [cuts.OPEN & _due(tx, view, horizon)]


def _due(tx: Transaction, due: str, horizon: datetime) -> Cut:
    match due:
        case "overdue":
            return Cut(("c.due_at < :now",), {"now": tx.now})
        case "soon":
            return Cut(("c.due_at >= :now AND c.due_at <= :horizon",), {"now": tx.now, "horizon": horizon})
        case "later":
            return Cut(("c.due_at > :horizon",), {"horizon": horizon})
        case "undated":
            return Cut(("c.due_at IS NULL",))
    return Cut()


def _filters(tx: Transaction, wanted: Wanted, horizon: datetime) -> list[list[Cut]]:
    """Return each filter's alternatives; a state is an own cut, because each lies in its part of an index."""
    wishes = [[words(tx, wanted.q), _due(tx, wanted.due, horizon)]]
    plain = {"channel": wanted.channel, "class_id": wanted.class_id, "origin": wanted.origin}
    wishes[0] += [Cut((f"c.{name} = :{name}",), {name: value}) for name, value in plain.items() if value]
    if wanted.assignee:
        officer = people.by_staff_number(tx, wanted.assignee)
        wishes[0].append(Cut(("c.assignee_id = :assignee",), {"assignee": officer.id if officer else ""}))
    if wanted.unit:
        wishes[0].append(_below(tx, wanted.unit))
    whole = Cut()
    for cut in wishes[0]:
        whole &= cut
    states = [Cut(("c.state = :state",), {"state": state}) for state in wanted.states] or [Cut()]
    return [[whole], states]


def _below(tx: Transaction, code: str) -> Cut:
    top = people.unit_coded(tx, code)
    below = [u.id for u in people.units(tx) if top and u.path.startswith(top.path)]
    return cuts.one_of("c.unit_id", "below", below or [""])


def _page(tx: Transaction, asked: list[Cut], wanted: Wanted) -> tuple[list[Row], str]:
    """Return the rows of a page and the cursor of the next; the undated come before the dated."""
    place = _place(wanted)
    rows = cuts.rows(tx, asked, after=place, most=PAGE + 1)
    if place.phase == "undated" and len(rows) <= PAGE:
        place = Place("dated", cuts.EARLIEST, "")
        rows += cuts.rows(tx, asked, after=place, most=PAGE + 1 - len(rows))
    return rows[:PAGE], _cursor(rows[PAGE - 1]) if len(rows) > PAGE else ""


def _place(wanted: Wanted) -> Place:
    closed = wanted.view == "closed"
    match = CURSOR.fullmatch(wanted.after)
    if match and (match[1] == "c") == closed:
        return Place(PHASES[match[1]], EPOCH + int(match[2]) * MICROSECOND, match[3])
    return Place("closed", cuts.LATEST, cuts.LAST_ID) if closed else Place("undated", cuts.EARLIEST, "")


def _cursor(row: Row) -> str:
    mark, at = ("c", row["closed_at"]) if row["state"] == CLOSED else ("d", row["due_at"])
    return f"{mark}{(at - EPOCH) // MICROSECOND}-{row['id']}" if at else f"u0-{row['id']}"


def _states(tx: Transaction, wanted: Wanted, asked: list[Cut]) -> dict[str, int]:
    """Count the view by state: from the kept counters where they know it, else up to 1,000 rows."""
    if wanted.filtered or wanted.view not in ("open", "closed") or not visibility.sees_all(tx.actor):
        return dict(cuts.tally(tx, asked))
    kept = state_counts(tx)
    return {state: kept.get(state, 0) for state in ((CLOSED,) if wanted.view == "closed" else OPEN)}


def _view_sizes(tx: Transaction, scope: list[Cut], horizon: datetime) -> dict[str, int]:
    sizes = {
        view: cuts.size(tx, cuts.crossed(_view(tx, view, horizon), scope))
        for view in ("mine", "soon", "overdue")
    }
    if visibility.sees_all(tx.actor):
        kept = state_counts(tx)
        return {**sizes, "open": sum(kept.get(s, 0) for s in OPEN), "closed": kept.get(CLOSED, 0)}
    return sizes | {v: cuts.size(tx, cuts.crossed(_view(tx, v, horizon), scope)) for v in ("open", "closed")}


def _lines(tx: Transaction, rows: list[Row], horizon: datetime) -> tuple[Line, ...]:
    named = cuts.respondents(tx, [row["id"] for row in rows])
    return tuple(_line(tx, row, tuple(named.get(row["id"], ())), horizon) for row in rows)


def _line(tx: Transaction, row: Row, people_named: tuple[tuple[str, str], ...], horizon: datetime) -> Line:
    return Line(
        **{name: row[name] for name in COPIED},
        group=group_of(row, now=tx.now, horizon=horizon),
        channel=library.by_hash(tx, row["regulation"]).channel(row["channel"]).label,
        complainant=tx.seal.open_text(row["complainant_sealed"]),
        people=people_named,
        officer=row["officer"] or "",
        late=bool(row["late"]),
    )


def group_of(row: Row, *, now: datetime, horizon: datetime) -> Group:
    """Return the group of the list a complaint belongs to."""
    if row["state"] == CLOSED:
        return "closed"
    if row["due_at"] is None:
        return "undated"
    return "overdue" if row["due_at"] < now else "soon" if row["due_at"] <= horizon else "later"
