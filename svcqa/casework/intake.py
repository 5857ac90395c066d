"""Complaints as programs read them: page by page in the order they came in, each source's own, or all by role."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from svcqa.casework.snapshot import Case, Row, load
from svcqa.casework.visibility import may_see, sees_all
from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
"""What lies beyond is asked for as these: a zone may move it out of the calendar."""


def source_of(tx: Transaction) -> str:
    """Return the name under which the acting program's complaints are kept apart from those of others."""
    owner = people.card(tx, tx.actor.person_id or "")
    return f"api:{owner.staff_number}"


def listed(
    tx: Transaction, *, after: str, most: int, state: str = "", updated_since: datetime | None = None
) -> list[Row]:
    """Return up to `most` complaints after a cursor (an id) that the actor may see, oldest first."""
    values: dict[str, Any] = {"after": after, "most": most}
    if state:
        values["state"] = state
    if updated_since:
        values["since"] = max(EARLIEST, min(updated_since, LATEST))
    units: tuple[str, ...] = ()
    if not sees_all(tx.actor):
        units = tuple(sorted(tx.actor.units))
        values |= {"source": source_of(tx), **{f"unit{place}": unit for place, unit in enumerate(units)}}
    rows = _page(frozenset(values), len(units)).rows(tx, **values)
    return [dict(with_moments(row)) for row in rows]


def known(tx: Transaction, number: str) -> Case:
    """Read a complaint that concerns the actor; raises NotFound for every other.

    It concerns who may see it, the program that handed it over, its respondents, and the heads of their units.
    """
    case = load(tx, number)
    actor = tx.actor
    hit = any(row["person_id"] == actor.person_id for row in case.respondents)
    if may_see(actor, case) or hit or case.row["source"] == source_of(tx):
        return case
    raise NotFound(f"没有找到工单 {number}，或你无权查看。请核对编号。")


def read(tx: Transaction, number: str) -> Case:
    """Read a complaint for showing it; a respondent reads the own part elsewhere. Raises NotFound."""
    case = known(tx, number)
    if may_see(tx.actor, case) or case.row["source"] == source_of(tx):
        return case
    raise NotFound(f"没有找到工单 {number}，或你无权查看。请核对编号。")


@cache
def _page(named: frozenset[str], units: int) -> Statement:
    conditions = ["id > :after"]
    if "state" in named:
        conditions.append("state = :state")
    if "since" in named:
        conditions.append("updated_at >= :since")
    if "source" in named:
        inside = ", ".join(f":unit{place}" for place in range(units)) or "NULL"
        conditions.append(f"(source = :source OR unit_id IN ({inside}))")
    where = " AND ".join(conditions)
    return Statement(f"SELECT * FROM complaint WHERE {where} ORDER BY id LIMIT :most")  # noqa: S608 - code only
