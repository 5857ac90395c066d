"""From an empty folder to an administrator who can sign in; everything may be repeated."""

import re

import pytest

from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import codes
from svcqa.organisation.sessions import Signed

ROSTER = """\
from_on: 2026-01-01
units:
  - {code: kfb, name: 客服部, kind: office}
people:
  - {staff_number: 20001, name: 罗文博, email: luo@example.com, posts: [kfb]}
  - {staff_number: 20002, name: 何静, posts: [kfb], roles: [auditor]}
  - {staff_number: 20003, name: 金鑫, left_on: 2026-10-30, posts: [{unit: kfb, until_on: 2026-10-30}]}
"""


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.yaml"
    path.write_text(ROSTER, "utf-8")
    return str(path)


def test_the_printed_code_signs_the_administrator_in(installed, office):
    code = re.search(r"code ([0-9A-Z-]{14})", installed("init", "--demo").stdout)
    assert code
    with office.transaction(SYSTEM) as tx:
        assert isinstance(codes.redeem_code(tx, name="10203", code=code[1]), Signed)


def test_a_second_run_changes_nothing_but_the_code(installed):
    said = installed("init", "--demo").stdout
    assert "roster     nothing new" in said
    assert "was published before" in said


def test_the_first_administrator_of_an_own_roster_gets_the_role(run, roster):
    result = run("init", "--roster", roster, "--administrator", "20001")
    assert result.exit_code == 0, result.output
    assert "罗文博, staff number 20001" in result.stdout
    assert "does not answer" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--administrator", "20002"], "必须由不同的人担任"),
        (["--administrator", "20003"], "已经离职"),
        (["--administrator", "20009"], "没有工号为 20009 的人员"),
        ([], "--administrator"),
    ],
)
def test_who_cannot_be_administrator_is_refused(run, roster, words, said):
    result = run("init", "--roster", roster, *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_broken_roster_names_its_line(run, tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text(ROSTER.replace("kind: office", "kind: tower"), "utf-8")
    result = run("init", "--roster", str(path), "--administrator", "20001")
    assert result.exit_code == 2
    assert "broken.yaml 第 3 行" in result.stderr


def test_migrating_twice_is_fine(run):
    assert run("migrate").exit_code == run("migrate").exit_code == 0
