"""The figures as a table, and their place in docs/benchmarks.md: a section for each database, each taken by itself."""

import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks import peers
from benchmarks.databases import POSTGRESQL, SQLITE, Database
from benchmarks.measure import Comparison

MARK = "<!-- figures below are written by `python -m benchmarks --write` -->"
HEADINGS = {SQLITE: "## SQLite", POSTGRESQL: "## PostgreSQL"}


def section(database: Database, found: list[Comparison], *, profile: str) -> str:
    """Write comparisons as a Markdown table under the database's heading, with what they were measured on."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"  # noqa: TID251 - when it was measured
    lines = [
        HEADINGS[database.name],
        "",
        f"Taken {day} with svcqa {version('svcqa')}, {profile} profile. Python {platform.python_version()},",
        f"{database.version}, {peers.versions()}.",
        "",
        "| job | ratio (min to max) | goal | ours, a second | other, a second | noise | remark |",
        "|---|---|---|---|---|---|---|",
        *map(_line, found),
    ]
    return "\n".join([*lines, ""])


def _line(one: Comparison) -> str:
    low, high = min(one.ratios), max(one.ratios)
    ours = "" if one.ours.name == "svcqa" else f" ({one.ours.name})"
    return (
        f"| {one.job} | {one.ratio:.2f} ({low:.2f} to {high:.2f}) | {one.goal} | {one.ours.middle:,.0f}{ours}"
        f" | {one.other.middle:,.0f} ({one.other.name}) | {one.noise:.2f} | {one.remark} |"
    )


def placed(page: str, sections: Mapping[str, str]) -> str:
    """Return the page with these sections new; the section of a database that was not measured stays."""
    prose, mark, figures = page.partition(MARK)
    if not mark:
        raise ValueError(f"the page has no line {MARK}")
    kept = {name: _kept(figures, heading) for name, heading in HEADINGS.items()}
    written = (sections.get(name) or kept[name] for name in HEADINGS)
    return "\n".join([prose + mark, "", *(text for text in written if text)])


def _kept(figures: str, heading: str) -> str:
    found = re.search(rf"^{heading}\n.*?(?=^## |\Z)", figures, re.DOTALL | re.MULTILINE)
    return found[0].rstrip() + "\n" if found else ""
