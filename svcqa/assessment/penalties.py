"""The complaints that count in a cycle: penalties in effect, decided in its period, by the clause's class."""

from datetime import timedelta

import polars as pl

from states.penalty import EFFECTIVE
from svcqa.assessment.frames import TABLES
from svcqa.assessment.standing import Cycle
from svcqa.kernel.calendar import midnight
from svcqa.kernel.statements import Statement, listed
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook import library

IN_EFFECT = Statement(
    "SELECT p.person_id, c.regulation, h.clause_id, p.final_hundredths FROM penalty p"  # noqa: S608 - names are code
    " JOIN charge h ON h.id = p.charge_id JOIN complaint c ON c.id = p.complaint_id"
    " JOIN cycle_subject s ON s.person_id = p.person_id AND s.cycle_id = :id"
    f" WHERE p.state IN ({listed(EFFECTIVE)})"
    " AND p.decided_at >= :from_at AND p.decided_at < :until_at ORDER BY p.id"
)


def complaints_of(tx: Transaction, cycle: Cycle) -> pl.DataFrame:
    """Return a row per penalty of somebody assessed: subject, class, points in hundredths."""
    found = IN_EFFECT.run(
        tx,
        id=cycle.id,
        from_at=midnight(cycle.period_from),
        until_at=midnight(cycle.period_until + timedelta(days=1)),
    ).fetchall()
    rows = [
        (person, library.by_hash(tx, regulation).clause(clause).class_id, points)
        for person, regulation, clause, points in found
    ]
    return pl.DataFrame(rows, schema=TABLES["complaints"], orient="row")
