"""`python -m benchmarks [--full] [--write] [advancing mailing worklist]`: run jobs and print their ratios."""

import argparse
import importlib
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.measure import Comparison
from svcqa.kernel.database import journal_mode, sqlite_module

JOBS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "advancing": ({"rounds": 10, "batch": 20}, {"rounds": 30, "batch": 100}),
    "evaluating": (
        {"rounds": 7, "rows": 1_000_000, "people": 1_000},
        {"rounds": 9, "rows": 10_000_000, "people": 10_000},
    ),
    "importing": (
        {"rounds": 5, "batch": 100_000, "sizes": (20_000, 200_000)},
        {"rounds": 9, "batch": 1_000_000, "sizes": (50_000, 1_000_000)},
    ),
    "mailing": ({"rounds": 5, "batch": 200}, {"rounds": 15, "batch": 1000}),
    "orchestrating": ({"rounds": 2, "people": 200}, {"rounds": 3, "people": 10_000}),
    "worklist": (
        {"rounds": 7, "batch": 100, "sizes": (1_000, 20_000)},
        {"rounds": 15, "batch": 300, "sizes": (1_000, 1_000_000)},
    ),
}
REPORT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
MARK = "<!-- figures below are written by `python -m benchmarks --write` -->"


def main() -> None:
    """Run the chosen jobs and print, or write, their table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("jobs", nargs="*", choices=[*JOBS, []], default=[])
    parser.add_argument("--full", action="store_true", help="larger sizes, more rounds")
    parser.add_argument("--write", action="store_true", help=f"write the table into {REPORT.name}")
    chosen = parser.parse_args()
    found: list[Comparison] = []
    for name in chosen.jobs or JOBS:
        short, full = JOBS[name]
        found += importlib.import_module(f"benchmarks.{name}").run(**(full if chosen.full else short))
    text = table(found, profile="full" if chosen.full else "short")
    print(text)
    if chosen.write:
        REPORT.write_text(REPORT.read_text().partition(MARK)[0] + MARK + "\n\n" + text)


def table(found: list[Comparison], *, profile: str) -> str:
    """Write comparisons as a Markdown table with what they were measured on."""
    module = sqlite_module()
    mode = journal_mode(tuple(module.sqlite_version_info))
    day = f"{datetime.now(UTC):%Y-%m-%d}"  # noqa: TID251 - when it was measured
    lines = [
        f"Taken {day} with svcqa {version('svcqa')}, {profile} profile. Python {platform.python_version()},",
        f"SQLite {module.sqlite_version} in {mode} mode, {peers.versions()}.",
        "",
        "| job | ratio (min to max) | goal | ours, a second | other, a second | noise | remark |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        low, high = min(one.ratios), max(one.ratios)
        lines.append(
            f"| {one.job} | {one.ratio:.2f} ({low:.2f} to {high:.2f}) | {one.goal} | {one.ours.middle:,.0f}"
            f" | {one.other.middle:,.0f} ({one.other.name}) | {one.noise:.2f} | {one.remark} |"
        )
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
