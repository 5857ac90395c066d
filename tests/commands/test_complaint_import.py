"""`svcqa complaint import` says what a table brings, names every bad line, and brings it in once."""

import json

import pytest
from typer.testing import CliRunner

from svcqa.cli import app
from svcqa.commands import opening
from svcqa.demo import open_data
from svcqa.kernel.transaction import SYSTEM
from svcqa.rulebook import library, loading

FOLDER = loading.SHIPPED.parents[1] / "demo"
BAD = "第 95 行 Closed Date“10/30/2013 12:00:00 AM”：办结时间早于受理时间。请更正其中一个时间；未办结的留空。"


@pytest.fixture
def place(place, monkeypatch):
    """Return the workplace the command opens, with the regulation."""
    with place.transaction(SYSTEM) as tx:
        folder = loading.read_folder(loading.SHIPPED / "complaints-trial" / "v1")
        library.publish(tx, folder, confirmed_by="leading group")
    monkeypatch.setattr(opening, "place", lambda: place)
    return place


@pytest.fixture
def run(place):
    """Return a function that imports the shipped slice with these options."""

    def running(*options, file=open_data.SLICE):
        command = ["complaint", "import", str(FOLDER / file), "--map", str(FOLDER / open_data.MAP), *options]
        return CliRunner().invoke(app, command)

    return running


@pytest.fixture
def units():
    return ("--units", str(FOLDER / open_data.UNITS))


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(run, units):
    shown = run("--dry-run", *units)
    assert shown.exit_code == 0, shown.output
    assert "120 lines; NYC Open Data" in shown.output
    assert "new       119 (16 open, 103 closed: 34 late of 67 with a due date)" in shown.output
    assert BAD in shown.output
    assert "rejected  120" in run("--dry-run").output


def test_an_import_takes_over_what_is_good_and_the_second_changes_nothing(run, units):
    assert "119 complaints taken over, TS-202611-0001 to TS-202611-0119" in run(*units).output
    again = run("--as", "10206")
    assert "known     119" in again.output
    assert "Nothing new" in again.output


def test_all_or_nothing_refuses_the_file_for_one_bad_line(run, units):
    refused = run("--all-or-nothing", *units)
    assert refused.exit_code == 2
    assert "按“全部或不导入”，一行也没有导入" in refused.output
    assert "known     0" in run("--dry-run").output


def test_who_may_not_import_and_who_does_not_exist_read_one_sentence(run):
    assert "“导入投诉”只能由经办人、客服主管、管理员、系统办理" in run("--as", "10220").output
    assert "没有工号为 99999 的人员" in run("--as", "99999").output


def test_a_file_that_is_no_table_is_one_sentence(run):
    refused = run(file=open_data.UNITS)
    assert refused.exit_code == 2
    assert "中没有列“Unique Key”" in refused.output
    assert "读不到文件" in run(file="absent.csv").output


def test_programs_read_the_counts_the_bad_lines_and_the_numbers_given(run, units):
    planned = json.loads(run("--dry-run", "--json", *units).stdout)
    assert (planned["new"], planned["rejected"], planned["run"], planned["numbers"]) == (119, 1, "", [])
    assert [bad["line"] for bad in planned["listed"]] == [95]
    done = json.loads(run("--json", *units).stdout)
    assert (len(done["numbers"]), done["numbers"][0]) == (119, "TS-202611-0001")
    assert done["run"]
