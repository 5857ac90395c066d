"""The record of one complaint: its audit events with the texts they vouch for, newest first. Writes nothing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from svcqa.casework.event_labels import event_label
from svcqa.kernel.calendar import local
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import oversight

EVENTS = Statement(
    "SELECT e.seq, e.at, e.action, e.body, e.chain, p.name FROM audit_event e LEFT JOIN person p ON p.id = e.actor_id"
    " WHERE e.object_kind = :kind AND e.object_id = :id ORDER BY e.seq DESC"
)
TEXTS = Statement(
    "SELECT t.seq, t.name, t.value FROM audit_text t JOIN audit_event e ON e.seq = t.seq"
    " WHERE e.object_kind = :kind AND e.object_id = :id"
)


@dataclass(frozen=True)
class Event:
    """Something that happened to a complaint; `state` is the state reached, where it changed."""

    seq: int
    at: datetime
    who: str
    via: str
    action: str
    label: str
    state: str
    source: str
    version: int | None
    chain: str
    facts: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)


def events_of(tx: Transaction, objects: Iterable[tuple[str, str]]) -> list[Event]:
    """Return the events of these (kind, id) objects, newest first."""
    found = []
    for kind, key in objects:
        texts: dict[int, dict[str, str]] = {}
        for seq, name, value in TEXTS.run(tx, kind=kind, id=key).fetchall():
            texts.setdefault(seq, {})[name] = value
        found += [_event(row, texts.get(row["seq"], {})) for row in EVENTS.rows(tx, kind=kind, id=key)]
    return sorted(found, key=lambda event: event.seq, reverse=True)


def since(tx: Transaction, complaint_id: str, *, version: int) -> tuple[str, ...]:
    """Say who did what to a complaint after a version, oldest first."""
    later = [e for e in events_of(tx, [("complaint", complaint_id)]) if e.version and e.version > version]
    return tuple(f"{local(e.at):%m-%d %H:%M} {e.who} {e.label}" for e in reversed(later))


def _event(row: Mapping[str, Any], texts: Mapping[str, str]) -> Event:
    body = json.loads(row["body"])
    facts, via = body["facts"], body["actor"]["via"]
    reached, source = facts.get("to", ""), facts.get("from", "")
    return Event(
        seq=row["seq"],
        at=datetime.fromisoformat(row["at"]).astimezone(UTC),
        who=row["name"] or oversight.nameless(via),
        via=via,
        action=row["action"],
        label=event_label(row["action"]),
        state=reached if reached != source else "",
        source=source,
        version=body["version"][1] if body["version"] else None,
        chain=row["chain"],
        facts=facts,
        texts=texts,
    )
