"""Taking a table of facts over: one pass that counts, compares and writes, all of it or nothing.

A dry run is the same pass without the writes. The caller's transaction keeps a half import from being seen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.records import repeats, sql
from svcqa.records.ahead import ahead
from svcqa.records.checking import Checking, Rejected, Sorted
from svcqa.records.entering import Entering
from svcqa.records.facts import FACTS
from svcqa.records.framing import LINE
from svcqa.records.mapping import Mapping
from svcqa.records.people import Roll
from svcqa.records.sheets import Sheet

IMPORT = access.Act("导入数据", frozenset({"supervisor", "hr", "administrator", "system"}))
MOST_LISTED = 10_000
MOST_IN_EVENT = 1_000

Policy = Literal["skip", "refuse"]
Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What an import did or, in a dry run, would do. `run` is its id; empty when nothing was written.

    `superseded` lines gave way to another of the same reference, `outside` ones to the mapping's `only`.
    """

    kind: str
    run: str = ""
    lines: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    superseded: int = 0
    outside: int = 0
    rejected: int = 0
    listed: list[Rejected] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Every count by its name."""
        names = ("lines", "new", "changed", "same", "superseded", "outside", "rejected")
        return {name: getattr(self, name) for name in names}


def take_over(
    tx: Transaction,
    sheet: Sheet,
    *,
    mapping: Mapping,
    policy: Policy = "skip",
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Outcome:
    """Enter what a sheet says; doing it again changes nothing. Raises Invalid, RulebookError, Forbidden.

    `policy`: bad lines are left out (`skip`), or one of them refuses the whole sheet (`refuse`).
    """
    access.require(tx.actor, IMPORT, unit_id=None)
    mapping.require_columns(sheet.header, table=sheet.name)
    run = new_id()
    outcome = _passed(tx, sheet, mapping, run=run, writes=not dry_run, progress=progress)
    if dry_run:
        return outcome
    if policy == "refuse" and outcome.rejected:
        raise _refused(outcome)
    if outcome.new or outcome.changed:
        outcome.run = run
        _remember(tx, sheet, mapping, policy, outcome)
    return outcome


def _passed(
    tx: Transaction, sheet: Sheet, mapping: Mapping, *, run: str, writes: bool, progress: Progress
) -> Outcome:
    """Go through the sheet once, frame by frame."""
    rules = mapping.rules
    fact = FACTS[rules.kind]
    outcome = Outcome(rules.kind)
    repeated = repeats.of(sheet, mapping)
    checking = Checking(mapping, fact, Roll.of(tx), now=tx.now, time_formats=sheet.time_formats)
    tx.alone("facts", rules.kind, rules.source)
    entering = Entering(tx, fact, rules.source, rules.example, run, writes)

    def read() -> Iterator[tuple[int, Sorted, pl.DataFrame]]:
        for frame in sheet.frames():
            found = checking.sort_out(frame.join(repeated, on=LINE, how="left", maintain_order="left"))
            yield frame.height, found, entering.as_stored(found.good)

    for lines, found, rows in ahead(read()):
        new, changed, same = entering.take(rows)
        outcome.lines += lines
        outcome.new += new
        outcome.changed += changed
        outcome.same += same
        outcome.superseded += found.superseded
        outcome.outside += found.outside
        outcome.rejected += len(found.rejected)
        outcome.listed += found.rejected[: MOST_LISTED - len(outcome.listed)]
        progress(outcome.lines, max(sheet.lines, outcome.lines))
    return outcome


def _refused(outcome: Outcome) -> Invalid:
    first = outcome.listed[0]
    where = f"第 {first.line} 行 {first.column}“{first.value}”：{first.reason}"
    sentence = f"有 {outcome.rejected} 行不合格，第一处在{where}。按“有错全部不导入”，一行也没有导入。"
    return Invalid("file", f"{sentence}请改正后重新导入，或选择跳过不合格的行。")


def _remember(tx: Transaction, sheet: Sheet, mapping: Mapping, policy: Policy, outcome: Outcome) -> None:
    """Keep the import itself: its file, its mapping as it was, its counts, the lines left out."""
    rules = mapping.rules
    sql.ADD_IMPORT.run(
        tx,
        id=outcome.run,
        kind=rules.kind,
        file_name=sheet.name,
        sha256=sheet.sha256,
        mapping=f"# {mapping.file}\n{mapping.text}",
        policy=policy,
        new=outcome.new,
        changed=outcome.changed,
        same=outcome.same,
        rejected=outcome.rejected,
        imported_at=tx.now,
        imported_by=tx.actor.person_id,
    )
    facts = {
        **outcome.counts,
        "kind": rules.kind,
        "source": rules.source,
        "policy": policy,
        "example": rules.example,
        "table_sha256": sheet.sha256,
        "mapping_sha256": mapping.sha256,
        "rejected_lines": [one.line for one in outcome.listed[:MOST_IN_EVENT]],
    }
    audit.record(tx, "facts.imported", kind="fact_import", id=outcome.run, facts=facts)
