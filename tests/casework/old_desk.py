"""An invented table of an old desk, its mapping, and what a test does with them."""

from typing import Any

from sqlalchemy import text

from svcqa.casework import importing
from svcqa.casework.importing import Imported, Plan
from svcqa.casework.snapshot import Case, load
from svcqa.kernel import tabular
from svcqa.kernel.transaction import SYSTEM, Workplace

RULES = """\
source: old-desk
time_zone: Asia/Shanghai
time_formats: ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
external_id: no
subject: "{what}"
channel: {column: from, words: {phone: hotline, mail: letter, visit: undercover_visit}}
unit: {column: team, codes: {east: cd1}}
occurred_at: happened
received_at: came
due_at: due
closed_at: done
status: {column: state, open: [open], closed: [closed]}
"""
HEADER = "no,what,from,team,happened,came,due,done,state"
OPEN = "A1,宽带报修三天无人上门,phone,east,2026-11-19,2026-11-20 09:00,,,open"
LATE = "A2,营业厅排队无人引导,mail,,,2026-11-10 09:00,2026-11-12 09:00,2026-11-13 09:00,closed"


def planned(place: Workplace, rules, *rows: str, actor=SYSTEM) -> Plan:
    """Plan the import of these lines."""
    table = tabular.parse("\n".join((HEADER, *rows)).encode(), name="old.csv")
    with place.reading(actor) as tx:
        return importing.plan(tx, table, mapping=rules)


def imported(place: Workplace, rules, *rows: str) -> Imported:
    """Take these lines over."""
    return importing.carry_out(place, SYSTEM, planned(place, rules, *rows))


def ask(place: Workplace, query: str) -> list[tuple[Any, ...]]:
    """Return the rows a query finds."""
    with place.reading(SYSTEM) as tx:
        return [tuple(row) for row in tx.connection.execute(text(query))]


def case(place: Workplace, number: str) -> Case:
    """Read a complaint as it stands."""
    with place.reading(SYSTEM) as tx:
        return load(tx, number)
