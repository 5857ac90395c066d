"""The lock files install the same bytes everywhere: hashed, complete, without the address of an index."""

import pytest

from tests.house import checks

PYPROJECT = '[project]\ndependencies = ["rich>=15"]\n[dependency-groups]\ndev = ["ruff>=0.17"]\n'
HASH = " \\\n    --hash=sha256:00\n"
RICH, RUFF = f"rich==15.0.0{HASH}", f"ruff==0.17.6{HASH}"


def test_the_lock_files_are_hashed_complete_and_name_no_index(root):
    assert checks.loose_requirements(root) == []


def test_a_sound_planted_lock_passes(plant):
    tree = {"pyproject.toml": PYPROJECT, "requirements.txt": RICH, "requirements-dev.txt": RICH + RUFF}
    assert checks.loose_requirements(plant(tree)) == []


@pytest.mark.parametrize(
    ("lock", "finding"),
    [
        (f"--index-url https://index.example/simple\n{RICH}", "--index-url"),
        (f"-i mirror\n{RICH}", "-i mirror"),
        (f"--find-links wheels\n{RICH}", "--find-links"),
        ("rich @ https://files.example/rich.whl\n", "://"),
        ("rich==15.0.0\n", "rich has no hash"),
        ("", "rich is locked to None"),
        (f"rich==14.0.0{HASH}", "rich is locked to 14.0.0"),
        (f"rich==15.0.0{HASH}typer==0.29.2\n", "typer has no hash"),
    ],
)
def test_a_planted_loose_lock_is_found(plant, lock, finding):
    tree = {"pyproject.toml": PYPROJECT, "requirements.txt": lock, "requirements-dev.txt": RICH + RUFF}
    assert any(finding in line for line in checks.loose_requirements(plant(tree)))


def test_a_planted_missing_tool_is_found(plant):
    tree = {"pyproject.toml": PYPROJECT, "requirements.txt": RICH, "requirements-dev.txt": RICH}
    assert checks.loose_requirements(plant(tree)) == [
        "requirements-dev.txt: ruff is locked to None, asked for >=0.17"
    ]
