"""All that a world left behind, read once: events, letters, orders, received mails, and what proves itself unsound."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from svcqa.casework.rebuilding import compare
from svcqa.kernel.audit import instant
from svcqa.kernel.database import open_to_read
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Driven, Statement, moment
from svcqa.kernel.verifying import verify

EVENTS = Statement("SELECT body FROM audit_event WHERE object_kind = 'complaint' ORDER BY seq")
LETTERS = Statement(
    "SELECT slug, coalesce(p.complaint_id, about_id) AS complaint, recipient, o.state, doubts, sha256, message_id,"
    " posted_at FROM outbox o LEFT JOIN penalty p ON about_kind = 'penalty' AND p.id = about_id"
)
COMPLAINTS = Statement("SELECT number, external_id FROM complaint")
PRAGMAS: tuple[tuple[str, list[tuple[str, ...]]], ...] = (
    ("integrity_check", [("ok",)]),
    ("foreign_key_check", []),
)
ORDERS = Statement("SELECT penalty_id FROM deduction_order")


@dataclass(frozen=True)
class Moment:
    """One complaint at one moment: everything a transaction wrote about it bears the same two."""

    complaint: str
    at: str


@dataclass(frozen=True)
class Event:
    """One audit event of a complaint, as its text says."""

    body: dict[str, Any]

    @property
    def move(self) -> str:
        """What happened, such as `verify` or `deadline.alarm`."""
        return str(self.body["action"]).removeprefix("complaint.")

    @property
    def here(self) -> Moment:
        """Which complaint, and when."""
        return Moment(self.body["object"]["id"], self.body["at"])

    @property
    def facts(self) -> dict[str, Any]:
        """The business values."""
        facts: dict[str, Any] = self.body["facts"]
        return facts

    def rows(self, table: str) -> dict[str, dict[str, Any]]:
        """Return what was written to a table, by id."""
        rows: dict[str, dict[str, Any]] = self.facts.get("rows", {}).get(table, {})
        return rows


@dataclass(frozen=True)
class Letter:
    """One row of the outbox."""

    slug: str
    here: Moment
    recipient: str
    state: str
    doubts: int
    sha256: str
    message_id: str


@dataclass(frozen=True)
class Evidence:
    """Everything, from the database and from the mailbox."""

    events: list[Event]
    letters: list[Letter]
    external_ids: dict[str, str]
    orders: list[str]
    copies: dict[str, list[bytes]]
    unsound: list[str]

    @property
    def duplicates(self) -> int:
        """How many letters arrived twice."""
        return sum(len(contents) > 1 for contents in self.copies.values())


def gather(settings: Settings) -> Evidence:
    """Read everything once."""
    with open_to_read(settings.database) as tx:
        return Evidence(
            events=[Event(json.loads(row[0])) for row in EVENTS.run(tx).fetchall()],
            letters=[_letter(row) for row in LETTERS.rows(tx)],
            external_ids=dict(COMPLAINTS.run(tx).fetchall()),
            orders=[row[0] for row in ORDERS.run(tx).fetchall()],
            copies=received(settings.mailbox_dir),
            unsound=list(unsound(tx)),
        )


def received(folder: Path) -> dict[str, list[bytes]]:
    """Return the contents the mailbox received, by Message-ID."""
    copies = defaultdict(list)
    for path in sorted(folder.glob("*.eml")):
        content = path.read_bytes()
        copies[BytesHeaderParser().parsebytes(content)["Message-ID"]].append(content)
    return dict(copies)


def unsound(tx: Driven) -> Iterator[str]:
    """Prove the chain, the fold of the events with its counters, and SQLite's file itself."""
    fault = verify(tx).fault
    if fault:
        yield f"the chain is broken: {fault}"
    for deviation in compare(tx):
        yield f"a row is not the fold of its events: {deviation}"
    for pragma, sound in PRAGMAS if tx.dialect == "sqlite" else ():
        found = tx.driver.execute(f"PRAGMA {pragma}").fetchall()
        if found != sound:
            yield f"{pragma}: {found}"


def _letter(row: dict[str, Any]) -> Letter:
    at = moment(row.pop("posted_at"))
    assert at is not None, row
    return Letter(here=Moment(row.pop("complaint"), instant(at)), **row)
