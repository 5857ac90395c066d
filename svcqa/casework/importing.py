"""Bringing in the complaints of another system: a plan that shows what would happen, and carrying it out.

A case that is here already is never overwritten: from its arrival on it is led here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from svcqa.casework import sql, taking_over
from svcqa.casework.entries import Entry, Reader, Rejected, Unfit
from svcqa.casework.mapping import Mapping
from svcqa.kernel import audit
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import with_moments
from svcqa.kernel.tabular import Table
from svcqa.kernel.transaction import Actor, Transaction, Workplace
from svcqa.organisation import access, people
from svcqa.rulebook import library
from svcqa.rulebook.model import Regulation
from svcqa.rulebook.reading import RulebookError, line_of

IMPORT = access.Act("导入投诉", frozenset({"officer", "supervisor", "administrator", "system"}))
BATCH = 500

Choice = Literal["keep_good", "all_or_nothing"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Changed:
    """A line that says something else than the case it once became, on which nobody has worked yet."""

    line: int
    number: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What an import would do. `known` lines are here already, `changed` ones too but differ."""

    table: str
    sha256: str
    mapping: Mapping
    new: tuple[Entry, ...]
    known: int
    changed: tuple[Changed, ...]
    rejected: tuple[Rejected, ...]

    @property
    def rows(self) -> int:
        """All lines of the table."""
        return len(self.new) + self.known + len(self.changed) + len(self.rejected)

    @property
    def counts(self) -> dict[str, int]:
        """The plan in figures; `late` and `on_time` count new closed cases whose deadline is known."""
        closed = [entry for entry in self.new if entry.closed_at]
        timed = [entry for entry in closed if entry.due_at]
        late = sum(entry.late for entry in timed)
        return {
            "rows": self.rows,
            "new": len(self.new),
            "known": self.known,
            "changed": len(self.changed),
            "rejected": len(self.rejected),
            "closed": len(closed),
            "open": len(self.new) - len(closed),
            "late": late,
            "on_time": len(timed) - late,
        }


@dataclass(frozen=True)
class Imported:
    """What an import did: the run its events name (empty when nothing was to do), and the numbers given."""

    run: str
    numbers: tuple[str, ...]


def plan(tx: Transaction, rows: Table, *, mapping: Mapping) -> Plan:
    """Read every line and say what would become of it; writes nothing. Raises Invalid, Forbidden."""
    access.require(tx.actor, IMPORT, unit_id=None)
    mapping.require_columns(rows.header, table=rows.name)
    regulation = _regulation(tx)
    _require_channels(mapping, regulation)
    reader = Reader(mapping, frozenset(unit.code for unit in people.units(tx)), tx.now)
    fit, rejected = _sorted_out(reader, rows)
    new, changed = [], []
    for entry in fit:
        here = _here(tx, mapping, entry)
        if here is None:
            new.append(entry)
        elif columns := _differences(entry, here, mapping):
            changed.append(Changed(entry.line, here["number"], columns))
    known = len(fit) - len(new) - len(changed)
    return Plan(rows.name, rows.sha256, mapping, tuple(new), known, tuple(changed), tuple(rejected))


def carry_out(
    place: Workplace,
    actor: Actor,
    plan: Plan,
    *,
    choice: Choice = "keep_good",
    progress: Progress = lambda _done, _all: None,
) -> Imported:
    """Take over what the plan found new, in batches of one transaction each; doing it again changes nothing.

    Raises Invalid when all or nothing was chosen and a line was rejected.
    """
    if choice == "all_or_nothing" and plan.rejected:
        first = plan.rejected[0]
        sentence = f"有 {len(plan.rejected)} 行不合格，第一处在第 {first.line} 行（{first.reason}）。按“全部或不导入”，一行也没有导入。"
        raise Invalid("file", f"{sentence}请改正后重新导入，或选择只导入合格的行。")
    if not plan.new:
        return Imported("", ())
    run = new_id()
    _note(
        place,
        actor,
        "import.begun",
        run,
        {
            "choice": choice,
            "source": plan.mapping.source,
            "table_sha256": plan.sha256,
            "mapping_sha256": plan.mapping.sha256,
            **plan.counts,
            "rejected_lines": [r.line for r in plan.rejected],
        },
    )
    numbers: list[str] = []
    for start in range(0, len(plan.new), BATCH):
        batch = plan.new[start : start + BATCH]
        numbers += _batch(place, actor, batch, source=plan.mapping.source, run=run)
        progress(start + len(batch), len(plan.new))
    _note(place, actor, "import.done", run, {"taken_over": len(numbers)})
    return Imported(run, tuple(numbers))


def _batch(place: Workplace, actor: Actor, batch: Sequence[Entry], *, source: str, run: str) -> list[str]:
    with place.transaction(actor) as tx:
        access.require(actor, IMPORT, unit_id=None)
        tx.alone("complaints of", source)
        regulation = _regulation(tx)
        taken = [taking_over.take_over(tx, e, regulation=regulation, source=source, run=run) for e in batch]
    return [number for number in taken if number]


def _note(place: Workplace, actor: Actor, action: str, run: str, facts: dict[str, Any]) -> None:
    with place.transaction(actor) as tx:
        access.require(actor, IMPORT, unit_id=None)
        audit.record(tx, action, kind="import", id=run, facts=facts)


def _regulation(tx: Transaction) -> Regulation:
    """Return the regulation of today: it leads the cases on, that of their day may never have been here."""
    return library.in_force(tx, tx.settings.regulation, on=local_day(tx.now))


def _require_channels(mapping: Mapping, regulation: Regulation) -> None:
    named = {mapping.channel.always} - {""} | set(mapping.channel.words.values())
    for channel in sorted(named):
        try:
            regulation.channel(channel)
        except NotFound as unknown:
            raise RulebookError(
                mapping.file, line_of(mapping.lines, ("channel",)), unknown.sentence
            ) from unknown


def _sorted_out(reader: Reader, rows: Table) -> tuple[list[Entry], list[Rejected]]:
    fit: dict[str, Entry] = {}
    rejected: list[Rejected] = []
    for line in rows:
        try:
            entry = reader.entry(line)
        except Unfit as unfit:
            rejected.append(unfit.rejected)
            continue
        twin = fit.setdefault(entry.form.external_id, entry)
        if twin is not entry:
            reason = f"编号与第 {twin.line} 行相同"
            rejected.append(Unfit(line, reader.mapping.external_id, reason, "请只保留一行").rejected)
    return list(fit.values()), rejected


def _here(tx: Transaction, mapping: Mapping, entry: Entry) -> dict[str, Any] | None:
    found = sql.TAKEN_OVER.row(tx, source=mapping.source, external_id=entry.form.external_id)
    return dict(with_moments(found)) if found else None


def _differences(entry: Entry, here: dict[str, Any], mapping: Mapping) -> tuple[str, ...]:
    """Name the columns in which a line differs from its case, as long as nobody has worked on it."""
    if here["version"] > 1 or here["origin"] != taking_over.ORIGIN:
        return ()
    return tuple(_differing(entry, here, mapping))


def _differing(entry: Entry, here: dict[str, Any], mapping: Mapping) -> Iterator[str]:
    form = entry.form
    pairs = {
        "subject": (form.subject, here["subject"]),
        "channel": (form.channel, here["channel"]),
        "unit": (form.unit, here["unit"] or ""),
        mapping.occurred_at or "occurred_at": (form.occurred_at, here["occurred_at"]),
        mapping.received_at: (entry.received_at, here["received_at"]),
        mapping.closed_at or "closed_at": (entry.closed_at, here["closed_at"]),
    }
    if entry.due_at or entry.closed_at:  # an open case without a given end is due by the regulation
        pairs[mapping.due_at or "due_at"] = (entry.due_at, here["due_at"])
    for name, (said, stands) in pairs.items():
        if said != stands:
            yield name
