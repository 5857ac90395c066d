"""`svcqa import` says what a table of facts brings, names every bad row, and brings it in once."""

import json

import pytest

from svcqa.demo import incidents
from svcqa.demo import people as demo_people
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import roster

MAP = """\
kind: exams
source: papers
reference: no
person: who
title: what
taken_on: day
points: got
full: of
"""
TABLE = "no,who,what,day,got,of\n1,10220,law,2026-11-03,87.5,100\n2,99999,law,2026-11-03,60,100\n"
BAD = "第 3 行 who“99999”：没有这个工号的人员。请先把此人载入花名册，或改正映射文件的 person。"


@pytest.fixture
def importing(installed, tmp_path):
    """Return the command on a table of two exams, one of them of nobody."""
    (tmp_path / "papers.csv").write_text(TABLE, "utf-8")
    (tmp_path / "papers.map.yaml").write_text(MAP, "utf-8")

    def run(*options, kind="exams", file="papers.csv"):
        return installed("import", kind, file, "--map", "papers.map.yaml", *options)

    return run


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(importing):
    shown = importing("--dry-run")
    assert shown.exit_code == 0, shown.output
    assert (
        "papers.csv: 2 rows; papers\n  new        1\n  changed    0\n  same       0\n  rejected   1\n"
        in shown.output
    )
    assert BAD in shown.output
    assert "taken over" not in shown.output
    assert "new        1" in importing("--dry-run").output


def test_the_good_rows_are_taken_over_and_the_second_time_changes_nothing(importing):
    assert "1 taken over, 0 corrected; run " in importing("--as", "10206").output
    again = importing()
    assert "same       1" in again.output
    assert "Nothing new; nothing was changed." in again.output


def test_a_bad_row_refuses_the_file_where_that_was_chosen(importing):
    refused = importing("--bad-rows", "refuse")
    assert refused.exit_code == 2
    assert "有 1 行不合格，第一处在第 3 行 who“99999”：没有这个工号的人员" in refused.output
    assert "new        1" in importing("--dry-run").output


def test_what_cannot_be_done_is_one_sentence(importing):
    assert "说的是 exams，不是 outages" in importing(kind="outages").output
    assert "“导入数据”只能由" in importing("--as", "10220").output
    assert "没有工号为 77777 的人员" in importing("--as", "77777").output
    assert "读不到文件" in importing(file="absent.csv").output
    assert "中没有列“no”" in importing(file="papers.map.yaml").output


def test_the_shipped_incidents_come_in_with_their_map(installed, office):
    with office.transaction(SYSTEM) as tx:
        roster.load(tx, demo_people.desk())
    folder = roster.__file__.replace("organisation/roster.py", "demo")
    shown = installed(
        "import", "interactions", f"{folder}/{incidents.SLICE}", "--map", f"{folder}/{incidents.MAP}"
    )
    assert shown.exit_code == 0, shown.output
    assert "7794 rows; Amaral, Fantinato, Peres (2018)" in shown.output
    assert "7794 taken over, 0 corrected" in shown.output


def test_programs_read_the_counts_and_the_bad_rows(importing):
    told = json.loads(importing("--dry-run", "--json").stdout)
    assert (told["lines"], told["new"], told["rejected"], told["run"]) == (2, 1, 1, "")
    assert [(bad["line"], bad["column"]) for bad in told["listed"]] == [(3, "who")]
    assert json.loads(importing("--json").stdout)["run"]
    assert json.loads(importing("--json").stdout)["same"] == 1
