"""The months the demo's cycles assess: real incidents of April 2016 with their desk, and invented ones of 2026.

ATTRIBUTION.md says where the incidents are from. What their log lacks is made up and marked so.
"""

from collections.abc import Sequence
from datetime import date
from importlib.resources import files

from svcqa.demo import invented, people
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace
from svcqa.organisation import roster
from svcqa.organisation.people import unit_coded
from svcqa.records import importing, mapping, sheets
from svcqa.records.importing import Outcome
from svcqa.records.mapping import Mapping
from svcqa.records.sheets import Sheet

MAP, SLICE = "servicenow.map.yaml", "incidents_2016_04.csv.gz"
APRIL, JULY = date(2016, 4, 1), date(2026, 7, 1)
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
DESK, HOTLINE = "ywfwt", "kfb"
ANSWERS_IN_APRIL, ANSWERS_A_MONTH, CALLS_EACH, DESK_CALLS_EACH = 1_000, 120, 60, 40
ADDRESSED_EACH = 5
DESK_PACE = 2.1
"""At this pace about three calls of four keep the promise, as in April."""

Paces = dict[str, float]
"""How slow somebody's calls are, by staff number."""


def rules() -> Mapping:
    """Return what the columns of the incident log mean."""
    return mapping.parse(_text(MAP), name=MAP)


def table() -> Sheet:
    """Return the incidents resolved in April 2016."""
    return sheets.parse(files("svcqa.demo").joinpath(SLICE).read_bytes(), name=SLICE)


def tell_facts(place: Workplace) -> str:
    """Enter the desk and what is known of its April 2016, and return its unit id; again it changes nothing."""
    with place.transaction(SYSTEM) as tx:
        roster.load(tx, people.desk())
        importing.take_over(tx, table(), mapping=rules())
        staff = _agents()
        teams = [unit.code for unit in people.desk().units if unit.parent == DESK]
        _invent(tx, "exams", invented.exams(staff, APRIL))
        _invent(tx, "outages", invented.outages(teams, APRIL))
        _invent(tx, "surveys", invented.answers(staff, APRIL, count=ANSWERS_IN_APRIL))
        return _unit_id(tx, DESK)


def tell_hotline(place: Workplace, month: date, *, addressed: int = 0, paces: Paces | None = None) -> str:
    """Enter an invented month of the customer service department, and return its unit id.

    The demo's people are there and the month is over. Some of the customers can be asked by mail.
    """
    staff = _members(HOTLINE)
    everybody = None if paces is None else dict.fromkeys(staff, 1.0) | paces
    calls = invented.calls(staff, month, each=CALLS_EACH, addressed=addressed, paces=everybody)
    with place.transaction(SYSTEM) as tx:
        _invent(tx, "interactions", calls)
        _invent(tx, "exams", invented.exams(staff, month))
        _invent(tx, "outages", invented.outages([HOTLINE], month))
        _invent(tx, "surveys", invented.answers(staff, month, count=ANSWERS_A_MONTH))
        return _unit_id(tx, HOTLINE)


def tell_autumn(place: Workplace, paces: Paces) -> None:
    """Enter an invented October 2026 of the desk, in which some work at a pace of their own."""
    everybody = dict.fromkeys(_agents(), DESK_PACE)
    calls = invented.calls(list(everybody), OCTOBER, each=DESK_CALLS_EACH, paces=everybody | paces)
    with place.transaction(SYSTEM) as tx:
        _invent(tx, "interactions", calls)


def _agents() -> list[str]:
    return [one.staff_number for one in people.desk().people if one.staff_number != "IM0000"]


def _invent(tx: Transaction, kind: str, content: bytes) -> Outcome:
    name = f"invented_{kind}"
    rules = mapping.parse(_text(f"{name}.map.yaml"), name=f"{name}.map.yaml")
    return importing.take_over(tx, sheets.parse(content, name=f"{name}.csv"), mapping=rules, policy="refuse")


def _members(unit: str) -> Sequence[str]:
    told = people.roster().people
    return [one.staff_number for one in told if any(post.unit == unit for post in one.posts)]


def _unit_id(tx: Transaction, code: str) -> str:
    unit = unit_coded(tx, code)
    assert unit is not None, code  # noqa: S101 - the rosters of the demo have it
    return unit.id


def _text(name: str) -> str:
    return files("svcqa.demo").joinpath(name).read_text("utf-8")
