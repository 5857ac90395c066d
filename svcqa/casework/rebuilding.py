"""Comparing the rows of casework with the fold of their audit events: what stands is what was decided, or is named.

Reads only. Columns with personal text are not in the events; where an event committed to such a text and it was
not erased since, the column must still hold it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from cryptography.exceptions import InvalidTag

from states.complaint import APPEALED, CLOSED, LAW, NEW, PENALIZED, RECEIVED
from svcqa.casework.change import PERSONAL, TABLES
from svcqa.kernel.audit import commitment, instant
from svcqa.kernel.sealing import Seal
from svcqa.kernel.statements import Driven, Statement, moment
from svcqa.kernel.verifying import Progress

PAGE = 1_000
SOME = 100
"""After so many complaints the progress is told."""
EVENTS = Statement(
    "SELECT object_id, seq, body FROM audit_event WHERE object_kind = 'complaint' AND (object_id, seq) > (:id, :seq)"
    " ORDER BY object_id, seq LIMIT :most"
)
WITHOUT_EVENTS = Statement(
    "SELECT id FROM complaint c WHERE NOT EXISTS"
    " (SELECT 1 FROM audit_event e WHERE e.object_kind = 'complaint' AND e.object_id = c.id)"
)
PARTS = Statement("SELECT person_id, instance FROM participation WHERE complaint_id = :id")
COUNTS = Statement("SELECT state, count FROM complaint_state_count")
STATES = Statement("SELECT state, count(*) FROM complaint GROUP BY state")
ALL = Statement("SELECT count(*) FROM complaint")
OWN_KEY = {table: "id" if table == "complaint" else "complaint_id" for table in TABLES}
ROWS = {
    table: Statement(f"SELECT * FROM {table} WHERE {key} = :id")  # noqa: S608 - names are code
    for table, key in OWN_KEY.items()
}
ROWS |= {
    "appeal": Statement(
        "SELECT a.* FROM appeal a JOIN penalty p ON a.kind = 'penalty' AND a.object_id = p.id"
        " WHERE p.complaint_id = :id"
    ),
    "deduction_order": Statement(
        "SELECT o.* FROM deduction_order o JOIN penalty p ON p.id = o.penalty_id WHERE p.complaint_id = :id"
    ),
}
HANGS_ON = {
    **{table: ("complaint_id", "complaint") for table in TABLES if table != "complaint"},
    "appeal": ("object_id", "penalty"),
    "deduction_order": ("penalty_id", "penalty"),
}
ORPHANS = "SELECT id FROM {} WHERE {} NOT IN (SELECT id FROM {})"
STRAY = {
    table: Statement(ORPHANS.format(table, column, above)) for table, (column, above) in HANGS_ON.items()
}
# Results of a cycle are appealed against as well; those appeals have their events there.
STRAY["appeal"] = Statement(f"{ORPHANS.format('appeal', *HANGS_ON['appeal'])} AND kind = 'penalty'")
SALT = Statement("SELECT salt FROM audit_text WHERE seq = :seq AND name = :name")
TEXTS = {
    ("register", "subject"): ("complaint", "subject"),
    ("register", "narrative"): ("complaint", "narrative_sealed"),
    ("import", "subject"): ("complaint", "subject"),
    ("import", "narrative"): ("complaint", "narrative_sealed"),
    ("verify", "finding"): ("complaint", "finding_text"),
    ("hear", "statement"): ("respondent", "statement_sealed"),
    ("penalize", "grounds"): ("penalty", "grounds"),
    ("appeal", "reason"): ("appeal", "reason"),
    **{(move, "grounds"): ("appeal", "grounds") for move in ("uphold", "reduce", "revoke", "remand")},
}
"""In which column of the rows that an event wrote the text stands that it committed to."""
BY_ITSELF = {"lapse": frozenset({PENALIZED, APPEALED}), "announce": frozenset({PENALIZED, APPEALED})}
BIRTHS = {"register": frozenset({RECEIVED}), "import": frozenset({RECEIVED, CLOSED})}

Event = dict[str, Any]


@dataclass(frozen=True)
class Deviation:
    """One place where the database and the events disagree; each value as the chain writes it, or None."""

    table: str
    id: str
    column: str
    stored: Any
    folded: Any


@dataclass
class Fold:
    """One complaint as its events tell it: rows, participants, state and version.

    `texts` are (event, name, commitment) of the last text each (table, id, column) was given.
    """

    id: str
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {table: {} for table in ROWS})
    parts: set[tuple[str, str]] = field(default_factory=set)
    texts: dict[tuple[str, str, str], tuple[int, str, str]] = field(default_factory=dict)
    state: str = NEW
    version: int = 0
    unlawful: list[Deviation] = field(default_factory=list)

    def apply(self, event: Event) -> None:
        """Take in the next event; what the law does not allow is kept as a deviation."""
        facts = event["facts"]
        self._follow(event["action"], facts, event["version"])
        for table, rows in facts.get("rows", {}).items():
            for key, values in rows.items():
                self.rows[table].setdefault(key, {}).update(values)
        move = event["action"].removeprefix("complaint.")
        for name, committed in event["texts"].items():
            table, column = TEXTS.get((move, name), ("", ""))
            for key in facts.get("rows", {}).get(table, ()):
                self.texts[table, key, column] = (event["seq"], name, committed)
        if "instance" in facts:
            self.parts.add((event["actor"]["id"], facts["instance"]))

    def _follow(self, action: str, facts: Mapping[str, Any], version: list[int] | None) -> None:
        if version:
            if version != [self.version, self.version + 1]:
                self._deviates("version", str(version), str([self.version, self.version + 1]))
            self.version = version[1]
        if "from" in facts:
            source, target = facts["from"], facts["to"]
            if source != self.state or not is_lawful(action.removeprefix("complaint."), source, target):
                self._deviates("state", f"{action}: {source} -> {target}", self.state)
            self.state = target

    def _deviates(self, column: str, stored: str, folded: str) -> None:
        self.unlawful.append(Deviation("audit_event", self.id, column, stored, folded))


def compare(
    tx: Driven, *, seal: Seal | None = None, progress: Progress = lambda _done, _all: None
) -> list[Deviation]:
    """Return every difference between the rows of casework and the fold of their events; none when all agree.

    Sealed texts are compared where the seal is at hand.
    """
    found: list[Deviation] = []
    most = int(ALL.one(tx)[0])
    for place, (complaint_id, told) in enumerate(groupby(_events(tx), key=itemgetter(0)), 1):
        if place % SOME == 0:
            progress(place, most)
        fold = Fold(complaint_id)
        for _, _, body in told:
            fold.apply(json.loads(body))
        found += fold.unlawful
        found += _differences(tx, fold)
        found += _texts(tx, fold, seal)
    for (complaint_id,) in WITHOUT_EVENTS.run(tx).fetchall():
        found.append(Deviation("complaint", complaint_id, "id", complaint_id, None))
    for table, statement in STRAY.items():
        found += [
            Deviation(table, key, HANGS_ON[table][0], key, None) for (key,) in statement.run(tx).fetchall()
        ]
    return [*found, *_counters(tx)]


def is_lawful(move: str, source: str, target: str) -> bool:
    """Tell whether the law knows this step, or it is one that comes due by itself or begins a life."""
    if source == NEW:
        return target in BIRTHS.get(move, ())
    if move in BY_ITSELF:
        return source == target and source in BY_ITSELF[move]
    known = next((m for m in LAW.moves if m.name == move and source in m.sources), None)
    if known is None:
        return False
    targets = {o.target for o in known.outcomes if o.source in ("", source)}
    return target == source if known.stays else target in targets


def _events(tx: Driven) -> Iterator[tuple[str, int, str]]:
    after = ("", 0)
    while page := EVENTS.run(tx, id=after[0], seq=after[1], most=PAGE).fetchall():
        yield from page
        after = page[-1][:2]


def _differences(tx: Driven, fold: Fold) -> Iterator[Deviation]:
    for table, statement in ROWS.items():
        stored = {row["id"]: row for row in statement.rows(tx, id=fold.id)}
        told = fold.rows[table]
        for key in sorted(stored.keys() | told.keys()):
            if key not in stored or key not in told:
                yield Deviation(
                    table, key, "id", key if key in stored else None, key if key in told else None
                )
            else:
                yield from _columns(table, stored[key], told[key])
    parts = {(str(person), str(instance)) for person, instance in PARTS.run(tx, id=fold.id).fetchall()}
    if parts != fold.parts:
        yield Deviation("participation", fold.id, "instance", sorted(parts), sorted(fold.parts))


def _texts(tx: Driven, fold: Fold, seal: Seal | None) -> Iterator[Deviation]:
    """Compare each text with what was committed to; an erased one has no salt any more."""
    stored = {
        table: {row["id"]: row for row in ROWS[table].rows(tx, id=fold.id)} for table, _, _ in fold.texts
    }
    for (table, key, column), (seq, name, committed) in fold.texts.items():
        sealed, salt = column.endswith("_sealed"), SALT.one(tx, seq=seq, name=name)
        if salt is None or key not in stored[table] or (sealed and seal is None):
            continue
        value = stored[table][key][column]
        text = _opened(seal, value) if sealed and seal else value
        if text is None or commitment(salt[0], text) != committed:
            yield Deviation(table, key, column, value, f"audit_text {seq}")


def _opened(seal: Seal, sealed: str) -> str | None:
    """Return a sealed text, or None where it is not what was sealed."""
    try:
        return seal.open_text(sealed)
    except (InvalidTag, ValueError):
        return None


def _columns(table: str, stored: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Deviation]:
    """Compare a row with its fold; a column no event ever wrote must still be empty."""
    for column in stored.keys() - PERSONAL - {"id"}:
        value = _as_told(column, stored[column])
        if value != told.get(column) and (column in told or value not in (None, 0, "")):
            yield Deviation(table, str(stored["id"]), column, value, told.get(column))


def _as_told(column: str, value: Any) -> Any:
    """Write a stored value as an event does."""
    at = moment(value) if column.endswith("_at") else None
    return instant(at) if at else value


def _counters(tx: Driven) -> Iterator[Deviation]:
    kept = {str(state): int(count) for state, count in COUNTS.run(tx).fetchall()}
    real = {str(state): int(count) for state, count in STATES.run(tx).fetchall()}
    for state in sorted(kept.keys() | real.keys()):
        if kept.get(state, 0) != real.get(state, 0):
            yield Deviation("complaint_state_count", state, "count", kept.get(state, 0), real.get(state, 0))
