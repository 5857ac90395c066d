"""Regulation no. 10 as it ships: complete, clean, in our own words."""

from collections import Counter

import pytest

from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, parts, read_folder
from svcqa.rulebook.model import DOCUMENT, Regulation
from tests.rulebook.conftest import LONGEST_SHARED_RUN

OPEN_STATES = ["received", "verified", "classified", "penalized", "appealed"]


@pytest.mark.parametrize(
    "folder", sorted(SHIPPED.glob("*/*")), ids=lambda folder: f"{folder.parent.name}-{folder.name}"
)
def test_every_shipped_folder_loads_and_checks_clean(folder):
    assert library.findings(parts(read_folder(folder)), states=OPEN_STATES) == []


def test_the_three_classes_have_four_and_four_and_eleven_kinds(regulation: Regulation):
    assert Counter(clause.class_id for clause in regulation.clauses) == {"I": 4, "II": 4, "III": 11}


def test_a_clause_is_named_after_its_article_part_and_item(regulation: Regulation):
    ids = [f"7.{part}.{item}" for part, items in ((1, 4), (2, 4), (3, 11)) for item in range(1, items + 1)]
    assert [clause.id for clause in regulation.clauses] == ids
    for clause in regulation.clauses:
        _, part, item = clause.id.split(".")
        assert clause.article == f"第七条第（{'一二三'[int(part) - 1]}）项第 {item} 目"


def test_every_tariff_is_marked_as_an_example(regulation: Regulation):
    assert all(clause.tariff.example for clause in regulation.clauses)
    assert all(adjustment.example for adjustment in regulation.adjustments)


def test_all_eight_ways_in_are_there(regulation: Regulation):
    assert {channel.id for channel in regulation.channels} == {
        "hotline", "superior_inspection", "undercover_visit", "letter",
        "call", "daily_inspection", "staff_report", "customer_form",
    }  # fmt: skip


def test_the_customer_is_answered_within_fifteen_days_with_three_alarms(regulation: Regulation):
    assert str(regulation.customer_reply.term) == "15 calendar_days"
    assert regulation.customer_reply.alarms_days_before == (5, 2, 0)


def test_overdue_work_climbs_from_the_officer_to_the_leading_group(regulation: Regulation):
    assert [(step.to, str(step.after or "at once")) for step in regulation.escalation] == [
        ("officer", "at once"),
        ("unit_head", "1 working_days"),
        ("leading_group", "2 working_days"),
    ]


def test_the_holes_of_the_source_are_named(regulation: Regulation):
    gaps = {gap.article: gap.sentence for gap in regulation.document.gaps}
    assert "处理在" in gaps["第二条"]
    assert "只有标题" in gaps["附件"]


def test_a_fact_that_is_the_offence_itself_does_not_aggravate_it(regulation: Regulation):
    assert regulation.escalated_clause in regulation.adjustment("escalated").except_for
    assert set(regulation.adjustment("media").except_for) == {"7.1.1", "7.2.4"}


def test_no_text_of_the_source_is_pasted(regulation: Regulation, source: str):
    ours = [clause.text for clause in regulation.clauses] + [clause.title for clause in regulation.clauses]
    for text in ours:
        plain = "".join(text.split())
        runs = (
            plain[start : start + LONGEST_SHARED_RUN] for start in range(len(plain) - LONGEST_SHARED_RUN + 1)
        )
        assert [run for run in runs if run in source] == []


def test_everything_knows_its_line(regulation: Regulation, files: dict[str, str]):
    file, line = regulation.place(DOCUMENT, "effective_on")
    assert files[file].splitlines()[line - 1].startswith("effective_on:")
