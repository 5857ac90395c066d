"""What one step changes: every write of casework goes through here, so the audit event knows it all.

The event's `facts.rows` is the change itself; folding the events therefore gives the rows back.
Columns with personal text are written but left out of the event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from svcqa.kernel.errors import Stale
from svcqa.kernel.statements import Statement, insert, update
from svcqa.kernel.transaction import Transaction

PERSONAL = frozenset(
    {
        "subject",
        "narrative_sealed",
        "complainant_sealed",
        "phone_sealed",
        "email_sealed",
        "phone_index",
        "finding_text",
        "search_text",
        "name",
        "statement_sealed",
        "grounds",
        "reason",
        "proves",
    }
)
TABLES = ("complaint", "respondent", "charge", "penalty", "deadline", "evidence")


@cache
def _insert(table: str, columns: tuple[str, ...]) -> Statement:
    return insert(table, " ".join(columns))


@cache
def _update(table: str, columns: tuple[str, ...]) -> Statement:
    guard = " AND version = :seen_version" if table == "complaint" else ""
    return update(table, columns, where=f"id = :row_id{guard}")


@dataclass
class Change:
    """Collects and writes the rows of one step; `rows` is {table: {id: {column: value}}}."""

    tx: Transaction
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, table: str, values: Mapping[str, Any]) -> str:
        """Insert a row and return its id."""
        _insert(table, tuple(values)).run(self.tx, **values)
        self.note(table, values["id"], values)
        return str(values["id"])

    def set(self, table: str, row_id: str, **values: Any) -> None:
        """Update a row other than the complaint itself."""
        _update(table, tuple(values)).run(self.tx, row_id=row_id, **values)
        self.note(table, row_id, values)

    def advance(self, row_id: str, *, version: int, values: Mapping[str, Any]) -> None:
        """Update the complaint from the version that was read to the next; raises Stale when it moved on."""
        moved = {**values, "version": version + 1, "updated_at": self.tx.now}
        done = _update("complaint", tuple(moved)).run(self.tx, row_id=row_id, seen_version=version, **moved)
        if done.rowcount != 1:
            raise Stale("这一单刚刚被其他人办理过，你的操作没有保存。请查看最新进展后再办理。")
        self.note("complaint", row_id, moved)

    def note(self, table: str, row_id: str, values: Mapping[str, Any]) -> None:
        """Tell the event what was written; a room below writes its own tables."""
        kept = {name: value for name, value in values.items() if name not in PERSONAL and name != "id"}
        self.rows.setdefault(table, {}).setdefault(row_id, {}).update(kept)
