"""Files and functions stay small, modules open with what stands in them, names say something."""

import pytest

from tests.house import checks

SHORT = '"""Stands here."""\n'


def function(lines):
    return "def register():\n" + "    pass\n" * (lines - 1)


def test_no_file_and_no_function_is_above_the_limit(root):
    assert checks.oversized(root) == []


def test_the_median_file_and_function_are_short(root):
    assert checks.heavy_medians(root) == []


def test_every_module_opens_with_what_stands_there(root):
    assert checks.missing_openings(root) == []


def test_no_module_has_an_empty_name(root):
    assert checks.empty_names(root) == []


@pytest.mark.parametrize(
    "name", ["svcqa/casework/complaints.py", "tests/casework/test_complaints.py", "flows/cycle.py"]
)
def test_a_planted_file_of_301_lines_is_found(plant, name):
    root = plant({name: SHORT + "pass\n" * 300})
    assert checks.oversized(root) == [f"{name}: 301 lines, the house allows 300"]
    plant({name: SHORT + "pass\n" * 299})
    assert checks.oversized(root) == []


def test_a_planted_function_of_41_lines_is_found(plant):
    root = plant({"states/complaint.py": SHORT + function(41)})
    assert checks.oversized(root) == ["states/complaint.py:2: register has 41 lines, the house allows 40"]
    plant({"states/complaint.py": SHORT + function(40)})
    assert checks.oversized(root) == []


def test_a_planted_line_of_121_characters_is_found(plant):
    name = "states/complaint.py"
    root = plant({name: SHORT + f"LABEL = '{chr(0x5904) * 111}'\n"})
    assert checks.oversized(root) == [f"{name}: above 120 characters in line 2"]
    plant({name: SHORT + f"LABEL = '{chr(0x5904) * 110}'\n"})
    assert checks.oversized(root) == []


def test_a_long_migration_function_is_tolerated(plant):
    assert checks.oversized(plant({"svcqa/kernel/migrations/0001.py": SHORT + function(60)})) == []


def test_planted_heavy_medians_are_found(plant):
    heavy = {f"svcqa/payroll/room{n}.py": SHORT + function(11) * 12 for n in range(3)}
    assert checks.heavy_medians(plant(heavy)) == [
        "the median file has 133 lines, the house allows 120",
        "the median function has 11 lines, the house allows 10",
    ]


@pytest.mark.parametrize("opening", ["x = 1\n", '"""1\n2\n3\n4\n5"""\n', "# a comment is no docstring\n"])
def test_a_planted_module_without_a_short_opening_is_found(plant, opening):
    assert len(checks.missing_openings(plant({"notifications/message.py": opening}))) == 1


def test_an_empty_package_file_needs_no_opening(plant):
    assert checks.missing_openings(plant({"notifications/__init__.py": ""})) == []


@pytest.mark.parametrize(
    "name", ["svcqa/utils.py", "svcqa/casework/case_helpers.py", "states/base.py", "svcqa/common/a.py"]
)
def test_a_planted_empty_name_is_found(plant, name):
    assert len(checks.empty_names(plant({name: SHORT}))) == 1


def test_a_word_that_only_contains_an_empty_one_is_fine(plant):
    assert checks.empty_names(plant({"svcqa/kernel/database.py": SHORT})) == []
