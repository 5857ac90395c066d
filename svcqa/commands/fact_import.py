"""`svcqa import`: what a table of facts would bring, what is wrong with its lines, and taking it over."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from svcqa.commands import as_json, bars, opening
from svcqa.commands.as_json import AsJson
from svcqa.commands.import_options import DryRun, MapFile, Staff
from svcqa.kernel.errors import Invalid
from svcqa.records import importing, mapping, sheets
from svcqa.records.facts import FACTS
from svcqa.records.importing import Outcome, Policy
from svcqa.records.mapping import Mapping
from svcqa.records.sheets import Sheet

app = typer.Typer(add_completion=False)


class BadRows(StrEnum):
    """What becomes of a table in which some rows are wrong."""

    SKIP = "skip"
    REFUSE = "refuse"


@app.command(epilog="Example: svcqa import exams exams.csv --map exams.map.yaml --dry-run")
def import_facts(
    kind: Annotated[str, typer.Argument(help=f"What a row is, one of {', '.join(FACTS)}.")],
    file: Annotated[Path, typer.Argument(help="CSV file, gzipped or not, or XLSX.")],
    map_file: MapFile,
    staff: Staff = "",
    *,
    dry_run: DryRun = False,
    bad_rows: Annotated[
        BadRows, typer.Option("--bad-rows", help="Leave bad rows out, or refuse the file for one of them.")
    ] = BadRows.SKIP,
    for_program: AsJson = False,
) -> None:
    """Take over facts (interactions, exams, outages, surveys) from a table; a second time changes nothing."""
    rules = mapping.load(map_file)
    if kind != rules.rules.kind:
        raise Invalid(
            "kind", f"{map_file.name} 说的是 {rules.rules.kind}，不是 {kind}。请核对种类或换一个映射文件。"
        )
    sheet = sheets.read(file, encoding=rules.rules.encoding)
    done = _taken(sheet, rules, staff, policy=bad_rows.value, dry_run=dry_run)
    if for_program:
        as_json.write({"file": sheet.name, "run": done.run, **done.counts, "listed": done.listed})
        return
    for line in told(done, sheet, rules):
        typer.echo(line)
    if not dry_run:
        typer.echo(ended(done))


def told(done: Outcome, sheet: Sheet, rules: Mapping) -> Iterator[str]:
    """Say what an import brings: its counts, then every row that is rejected."""
    yield f"{sheet.name}: {done.lines} rows; {rules.rules.attribution or rules.rules.source}"
    for name, count in done.counts.items():
        if name != "lines" and (count or name in {"new", "changed", "same", "rejected"}):
            yield f"  {name:<10} {count}"
    for bad in done.listed:
        yield f"第 {bad.line} 行 {bad.column}“{bad.value}”：{bad.reason}。{bad.remedy}。"
    if done.rejected > len(done.listed):
        yield f"…… 另有 {done.rejected - len(done.listed)} 行不合格，没有列出。"


def ended(done: Outcome) -> str:
    """Say what an import did."""
    if not done.run:
        return "Nothing new; nothing was changed."
    return f"{done.new} taken over, {done.changed} corrected; run {done.run}."


def _taken(sheet: Sheet, rules: Mapping, staff: str, *, policy: Policy, dry_run: bool) -> Outcome:
    place = opening.place()
    actor = opening.actor_called(place, staff)
    opened = place.reading if dry_run else place.transaction
    with bars.shown(sheet.name) as move, opened(actor) as tx:
        return importing.take_over(tx, sheet, mapping=rules, policy=policy, dry_run=dry_run, progress=move)
