"""Many complaints at once, in the real tables: every fifth open and assigned, due around the standing clock.

Each is a copy of one that was registered through the front door, so every column holds what it would hold.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from benchmarks import world
from states.complaint import CLOSED, OPEN
from svcqa.casework import sql
from svcqa.kernel.statements import Statement, insert, stored
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace

OPEN_SHARE = 5
FIRST_DUE, LAST_DUE = timedelta(days=-2), timedelta(days=20)
MEMBERS = Statement(
    "SELECT p.id, p.name, min(o.unit_id) FROM person p JOIN post o ON o.person_id = p.id GROUP BY p.id ORDER BY p.id"
)
MISCOUNTED = Statement(
    "SELECT c.state, count(*) - coalesce(max(k.count), 0) FROM complaint c"
    " LEFT JOIN complaint_state_count k ON k.state = c.state GROUP BY c.state"
)
PATTERN = Statement("SELECT * FROM complaint WHERE number = :number")
RESPONDENT = "id complaint_id person_id unit_id name statement_sealed"

Values = dict[str, Any]


def fill(place: Workplace, count: int) -> None:
    """Add `count` complaints with a respondent each, and count them by state."""
    (number,) = world.registered(place, world.actor(place, "许文静"), 1)
    with place.transaction(SYSTEM) as tx:
        pattern = PATTERN.row(tx, number=number) or {}
        pattern["complainant_sealed"] = tx.seal.close_text("林女士")
        members = MEMBERS.run(tx).fetchall()
        insert_many(tx, "complaint", " ".join(pattern), _complaints(pattern, members, count))
        insert_many(tx, "respondent", RESPONDENT, _respondents(members, count))
        for state, missing in MISCOUNTED.run(tx).fetchall():
            sql.COUNT_STATE.run(tx, state=state, by=missing)


def insert_many(tx: Transaction, table: str, columns: str, rows: Iterator[Values]) -> None:
    """Write rows by the quickest way there is."""
    if tx.dialect == "sqlite":
        tx.driver.executemany(insert(table, columns).sqlite, rows)
        return
    names = columns.split()
    with tx.driver.cursor().copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


def _complaints(pattern: Values, members: list[Any], count: int) -> Iterator[Values]:
    for place in range(count):
        number = f"TS-202610-{place:07d}"
        row = {
            **pattern,
            "id": f"{place:032x}",
            "number": number,
            "search_text": f"{number.lower()} {world.SUBJECT}",
        }
        row["assignee_id"] = members[place // OPEN_SHARE % len(members)][0]
        yield row | (_open(place, count) if place % OPEN_SHARE == 0 else _closed(place))


def _open(place: int, count: int) -> Values:
    due_at = world.NOW + FIRST_DUE + (LAST_DUE - FIRST_DUE) * (place / count)
    return {"state": OPEN[place // OPEN_SHARE % len(OPEN)], "due_at": stored(due_at)}


def _closed(place: int) -> Values:
    return {
        "state": CLOSED,
        "due_step": "",
        "due_at": None,
        "closed_how": "penalized",
        "closed_at": stored(world.NOW - timedelta(seconds=place)),
    }


def _respondents(members: list[Any], count: int) -> Iterator[Values]:
    for place in range(count):
        person, name, unit = members[place % len(members)]
        yield {
            "id": f"{place:032x}",
            "complaint_id": f"{place:032x}",
            "person_id": person,
            "unit_id": unit,
            "name": name,
            "statement_sealed": "",
        }
