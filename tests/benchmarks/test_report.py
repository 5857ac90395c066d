"""The figures' place in the page: a section for each database, of which one may be taken alone."""

import pytest

from benchmarks import report
from benchmarks.databases import POSTGRESQL, SQLITE, Sqlite
from benchmarks.measure import Comparison, Side

PAGE = f"# Benchmarks\n\nProse.\n\n{report.MARK}\n"
FIRST, SECOND = "## SQLite\n\nfirst\n", "## SQLite\n\nsecond | ## PostgreSQL is no heading here\n"
OTHER = "## PostgreSQL\n\nother\n"


def test_a_section_is_written_below_the_mark_and_replaced_by_the_next():
    once = report.placed(PAGE, {SQLITE: FIRST})
    assert once == f"{PAGE}\n{FIRST}"
    assert report.placed(once, {SQLITE: SECOND}) == f"{PAGE}\n{SECOND}"


def test_the_section_of_the_database_that_was_not_measured_stays():
    both = report.placed(report.placed(PAGE, {POSTGRESQL: OTHER}), {SQLITE: FIRST})
    assert both == f"{PAGE}\n{FIRST}\n{OTHER}"
    assert report.placed(both, {SQLITE: SECOND}) == f"{PAGE}\n{SECOND}\n{OTHER}"
    assert report.placed(both, {POSTGRESQL: OTHER}) == both


def test_what_was_written_before_there_were_sections_gives_way():
    assert report.placed(f"{PAGE}\nTaken long ago.\n\n| a | b |\n", {SQLITE: FIRST}) == f"{PAGE}\n{FIRST}"


def test_a_page_without_the_mark_is_refused():
    with pytest.raises(ValueError, match="no line"):
        report.placed("# Benchmarks\n", {SQLITE: FIRST})


def test_a_line_gives_the_median_ratio_of_the_rounds_and_names_both_sides():
    rounds = Comparison(
        "PF-0", Side("many", (10.0, 30.0, 8.0)), Side("few", (10.0, 10.0, 16.0)), ">= 1", 1.5, "why"
    )
    text = report.section(Sqlite(), [rounds], profile="short")
    assert text.startswith("## SQLite\n\nTaken ")
    assert text.endswith("| PF-0 | 1.00 (0.50 to 3.00) | >= 1 | 10 (many) | 10 (few) | 1.50 | why |\n")
