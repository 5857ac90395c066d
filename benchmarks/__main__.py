"""`python -m benchmarks [--database sqlite|postgresql|both] [--full] [--write] [jobs]`: run jobs and print ratios."""

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from benchmarks import databases, measure, report
from benchmarks.databases import POSTGRESQL, SQLITE

JOBS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "advancing": ({"rounds": 10, "batch": 20}, {"rounds": 30, "batch": 100}),
    "evaluating": (
        {"rounds": 7, "rows": 1_000_000, "people": 1_000},
        {"rounds": 9, "rows": 10_000_000, "people": 10_000},
    ),
    "freezing": ({"rounds": 3, "people": 500}, {"rounds": 5, "people": 10_000}),
    "importing": (
        {"rounds": 5, "batch": 100_000, "sizes": (20_000, 200_000)},
        {"rounds": 9, "batch": 1_000_000, "sizes": (50_000, 1_000_000)},
    ),
    "mailing": ({"rounds": 5, "batch": 200}, {"rounds": 15, "batch": 1000}),
    "orchestrating": ({"rounds": 2, "people": 200}, {"rounds": 3, "people": 10_000}),
    "sharing": (
        {"rounds": 3, "letters": 400, "rows": 50_000},
        {"rounds": 7, "letters": 2_000, "rows": 500_000},
    ),
    "sweeping": ({"rounds": 5, "due": 400, "cases": 20_000}, {"rounds": 9, "due": 5_000, "cases": 1_000_000}),
    "worklist": (
        {"rounds": 7, "batch": 100, "sizes": (1_000, 20_000)},
        {"rounds": 15, "batch": 300, "sizes": (1_000, 1_000_000)},
    ),
}
BOTH = "both"
REPORT = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def main() -> None:
    """Run the chosen jobs on the chosen databases and print, or write, their tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("jobs", nargs="*", choices=[*JOBS, []], default=[])
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, BOTH], default=SQLITE)
    parser.add_argument("--full", action="store_true", help="larger sizes, more rounds")
    parser.add_argument("--write", action="store_true", help="write the tables into the page")
    parser.add_argument("--page", type=Path, default=REPORT, help="the page (default: docs/benchmarks.md)")
    chosen = parser.parse_args()
    names = [SQLITE, POSTGRESQL] if chosen.database == BOTH else [chosen.database]
    for name in names:
        text = measured(name, chosen.jobs or list(JOBS), full=chosen.full)
        print(text)
        if chosen.write:
            chosen.page.write_text(report.placed(chosen.page.read_text("utf-8"), {name: text}), "utf-8")


def measured(name: str, jobs: list[str], *, full: bool) -> str:
    """Run jobs on a database and return their section of the page."""
    found: list[measure.Comparison] = []
    with databases.running(name) as database:
        for number, job in enumerate(jobs, 1):
            print(f"{name}, {number} of {len(jobs)}: {job}", file=sys.stderr)
            found += importlib.import_module(f"benchmarks.{job}").run(database, **JOBS[job][full])
        return report.section(database, found, profile="full" if full else "short")


if __name__ == "__main__":
    main()
