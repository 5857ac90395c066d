"""PF-2: freeze the inputs of a cycle from the database, against letting the database itself work out the figures.

Ours reads every fact of the period, places it, times it by working-time band, and stores Parquet files named by their
hash. The other side is one statement with the figures alone: no band, no score, and nothing that could be recomputed.
"""

import tempfile
from datetime import timedelta
from pathlib import Path

from benchmarks import orchestrating, world
from benchmarks.databases import POSTGRESQL, SQLITE, Database
from benchmarks.measure import Comparison, in_turn
from svcqa.assessment import freezing, planning, standing
from svcqa.kernel.calendar import midnight
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import people as organisation
from svcqa.records import sql

SECONDS = {
    SQLITE: "(unixepoch({}) - unixepoch({}))",
    POSTGRESQL: "CAST(extract(epoch FROM {}) - extract(epoch FROM {}) AS bigint)",
}


def run(database: Database, *, rounds: int, people: int) -> list[Comparison]:
    """Compare the seconds of freezing with those of the figures in SQL."""
    with tempfile.TemporaryDirectory() as name:
        folder = database.new(Path(name) / "a")
        number = orchestrating.furnish(folder, people)
        place = world.opened(folder)
        with place.transaction(SYSTEM) as tx:
            planning.enrol(tx, standing.numbered(tx, number), None)
        database.settle(place)
        statement = _figures(database.name)
        rows = _freeze(place, number)
        if rows != _ask(place, number, statement):
            raise RuntimeError("the figures and the frozen facts are not of the same rows")
        ours = ("svcqa", lambda: _freeze(place, number))
        theirs = (f"{database.title} itself", lambda: _ask(place, number, statement))
        goal = ">= 6.7" if database.name == SQLITE else ""
        remark = f"{rows:,} interactions of {people:,} people"
        return [in_turn("PF-2 freeze a cycle", ours, theirs, rounds=rounds, goal=goal, remark=remark)]


def _figures(name: str) -> Statement:
    """Return the figures of each person: share in time, means, p90 by nearest rank, reopened, content."""
    facts = sql.INTERACTIONS.sqlite.replace("SELECT person_id", "SELECT person_id AS person", 1)
    response, resolve = (
        SECONDS[name].format(late, early)
        for late, early in (("responded_at", "opened_at"), ("resolved_at", "opened_at"))
    )
    return Statement(
        f"WITH fact AS ({facts}), timed AS (SELECT person, urgency, reopened, satisfaction,"
        f" {response} AS response, {resolve} AS resolve FROM fact WHERE person IS NOT NULL), ranked AS (SELECT timed.*,"
        " row_number() OVER (PARTITION BY person ORDER BY resolve) AS place, count(*) OVER (PARTITION BY person) AS n"
        " FROM timed) SELECT person, sum(CASE WHEN resolve <= CASE urgency WHEN 1 THEN 14400 WHEN 2 THEN 28800"
        " ELSE 172800 END THEN 1 ELSE 0 END), sum(response), min(CASE WHEN 10 * place >= 9 * n THEN resolve END),"
        " sum(CASE WHEN reopened > 0 THEN 1 ELSE 0 END), sum(CASE WHEN satisfaction >= 4 THEN 1 ELSE 0 END), count(*)"
        " FROM ranked GROUP BY person ORDER BY person"
    )


def _freeze(place: Workplace, number: str) -> int:
    with place.reading(SYSTEM) as tx:
        return freezing.freeze(tx, standing.numbered(tx, number)).rows["interactions"]


def _ask(place: Workplace, number: str, statement: Statement) -> int:
    with place.reading(SYSTEM) as tx:
        cycle = standing.numbered(tx, number)
        path = organisation.unit(tx, cycle.unit_id).path
        from_at, until_at = midnight(cycle.period_from), midnight(cycle.period_until + timedelta(days=1))
        found = statement.run(tx, path=path, from_at=from_at, until_at=until_at).fetchall()
    return sum(row[-1] for row in found)
