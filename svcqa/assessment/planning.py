"""Who is assessed in a cycle, fixed before anything is measured, and the heads of their units told of it."""

from typing import Any

from svcqa.assessment import telling
from svcqa.assessment.standing import Cycle
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people

UNITS_AT_ONCE = 20

# One row per person with a post in the unit or below during the period: the last post counts, a member's before
# a head's. The head of the assessed unit itself is who assesses, not who is assessed.
ENROL = Statement(
    "INSERT INTO cycle_subject (cycle_id, person_id, unit_id)"
    " SELECT :cycle_id, person_id, unit_id FROM ("
    "  SELECT o.person_id, o.unit_id, row_number() OVER (PARTITION BY o.person_id"
    "   ORDER BY COALESCE(o.until_on, '9999-12-31') DESC, CASE o.post WHEN 'member' THEN 0 ELSE 1 END,"
    "   o.from_on DESC, u.path) AS place"
    "  FROM post o JOIN unit u ON u.id = o.unit_id JOIN person p ON p.id = o.person_id"
    "  WHERE substr(u.path, 1, length(:path)) = :path AND o.from_on <= :until_on"
    "   AND (o.until_on IS NULL OR o.until_on >= :from_on) AND (p.left_on IS NULL OR p.left_on >= :from_on)"
    "   AND p.contract <> 'external' AND (o.post = 'member' OR o.unit_id <> :unit_id)"
    " ) AS posts WHERE place = 1 ON CONFLICT DO NOTHING"
)
UNANNOUNCED = Statement(
    "SELECT DISTINCT s.unit_id, u.path FROM cycle_subject s JOIN unit u ON u.id = s.unit_id"
    " WHERE s.cycle_id = :id AND s.announced_at IS NULL ORDER BY u.path LIMIT :most"
)
ANNOUNCED = Statement(
    "UPDATE cycle_subject SET announced_at = :now"
    " WHERE cycle_id = :id AND unit_id = :unit_id AND announced_at IS NULL"
)


def enrol(tx: Transaction, cycle: Cycle, _prepared: Any) -> int:
    """Enter everybody who is assessed, with the team they belonged to; return how many were new."""
    done = ENROL.run(
        tx,
        cycle_id=cycle.id,
        unit_id=cycle.unit_id,
        path=people.unit(tx, cycle.unit_id).path,
        from_on=cycle.period_from.isoformat(),
        until_on=cycle.period_until.isoformat(),
    )
    return int(done.rowcount)


def announce(tx: Transaction, cycle: Cycle, _prepared: Any) -> int:
    """Tell the heads of some units, and of the assessed one, and return how many units it were."""
    units = [str(row[0]) for row in UNANNOUNCED.run(tx, id=cycle.id, most=UNITS_AT_ONCE).fetchall()]
    if units:
        telling.announce(tx, cycle, [cycle.unit_id, *units])
    for unit_id in units:
        ANNOUNCED.run(tx, id=cycle.id, unit_id=unit_id, now=tx.now)
    return len(units)
