"""The import contracts hold, and each is broken by the accident it names, planted in a copy of the tree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import checks

LINT = (
    "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
)
FLOORS = "Imports go down only"
CIRCLES = "No circle between files or folders"
LIFECYCLE = "Only states/lifecycle.py imports transitions"
PURE = "Pure files know no database, no web and no scheduler"
CRAFT = "notifications knows none of our tables"
SCHEDULER = "Only flows imports prefect"

BREACHES = [
    (FLOORS, "states.planted", "svcqa.kernel.target"),
    (FLOORS, "states.planted", "notifications.target"),
    (FLOORS, "notifications.planted", "svcqa.kernel.target"),
    (FLOORS, "svcqa.statistics.planted", "svcqa.kernel.target"),
    (FLOORS, "svcqa.kernel.planted", "svcqa.organisation.target"),
    (FLOORS, "svcqa.organisation.planted", "svcqa.rulebook.target"),
    (FLOORS, "svcqa.rulebook.planted", "svcqa.payroll.target"),
    (FLOORS, "svcqa.records.planted", "svcqa.payroll.target"),
    (FLOORS, "svcqa.appeals.planted", "svcqa.improvement.target"),
    (FLOORS, "svcqa.payroll.planted", "svcqa.casework.target"),
    (FLOORS, "svcqa.casework.planted", "svcqa.assessment.target"),
    (FLOORS, "svcqa.assessment.planted", "svcqa.reporting.target"),
    (FLOORS, "svcqa.reporting.planted", "svcqa.bootstrap"),
    (FLOORS, "svcqa.bootstrap", "svcqa.demo.target"),
    (FLOORS, "svcqa.bootstrap", "svcqa.migrating"),
    (FLOORS, "svcqa.bootstrap", "svcqa.safekeeping.target"),
    (FLOORS, "svcqa.safekeeping.planted", "svcqa.demo.target"),
    (FLOORS, "svcqa.demo.planted", "svcqa.web.target"),
    (FLOORS, "svcqa.schema", "svcqa.bootstrap"),
    (FLOORS, "svcqa.casework.planted", "svcqa.schema"),
    (FLOORS, "svcqa.web.planted", "svcqa.cli"),
    (FLOORS, "svcqa.web.planted", "svcqa.commands.target"),
    (FLOORS, "svcqa.commands.planted", "svcqa.cli"),
    (FLOORS, "svcqa.demo.planted", "svcqa.commands.target"),
    (FLOORS, "flows.planted", "svcqa.web.target"),
    (LIFECYCLE, "states.planted", "transitions"),
    (LIFECYCLE, "svcqa.casework.planted", "transitions"),
    (LIFECYCLE, "flows.planted", "transitions"),
    (PURE, "states.planted", "sqlmodel"),
    (PURE, "svcqa.assessment.bands", "sqlalchemy"),
    (PURE, "svcqa.assessment.composite", "sqlmodel"),
    (PURE, "svcqa.assessment.evaluation", "prefect"),
    (PURE, "svcqa.assessment.frames", "sqlalchemy"),
    (PURE, "svcqa.assessment.grading", "fastapi"),
    (PURE, "svcqa.assessment.indicators", "sqlmodel"),
    (PURE, "svcqa.assessment.measuring", "prefect"),
    (PURE, "svcqa.assessment.metrics", "sqlalchemy"),
    (PURE, "svcqa.assessment.outcome", "fastapi"),
    (PURE, "svcqa.assessment.pairing", "sqlmodel"),
    (PURE, "svcqa.assessment.perspectives", "sqlmodel"),
    (PURE, "svcqa.assessment.ranking", "prefect"),
    (PURE, "svcqa.assessment.scoring", "sqlalchemy"),
    (PURE, "svcqa.assessment.showing", "fastapi"),
    (PURE, "svcqa.assessment.whatif", "sqlmodel"),
    (PURE, "svcqa.improvement.judge", "sqlmodel"),
    (PURE, "svcqa.improvement.terms", "prefect"),
    (PURE, "svcqa.kernel.calendar", "sqlmodel"),
    (PURE, "svcqa.kernel.explanation", "sqlmodel"),
    (PURE, "svcqa.kernel.money", "sqlmodel"),
    (PURE, "svcqa.kernel.workdays", "sqlalchemy"),
    (PURE, "svcqa.kernel.working_hours", "sqlalchemy"),
    (PURE, "svcqa.kernel.year_file", "fastapi"),
    (PURE, "svcqa.rulebook.loading", "sqlmodel"),
    (PURE, "svcqa.rulebook.model", "sqlmodel"),
    (PURE, "svcqa.rulebook.tariff", "fastapi"),
    (PURE, "svcqa.rulebook.checking", "prefect"),
    (PURE, "svcqa.rulebook.comparing", "starlette"),
    (PURE, "svcqa.rulebook.scheme", "sqlmodel"),
    (PURE, "svcqa.rulebook.scheme_checking", "sqlalchemy"),
    (PURE, "svcqa.safekeeping.manifest", "sqlalchemy"),
    (PURE, "svcqa.statistics", "sqlalchemy"),
    (PURE, "svcqa.statistics.planted", "sqlalchemy"),
    (CRAFT, "notifications.planted", "sqlmodel"),
    (CRAFT, "notifications.planted", "svcqa.kernel.target"),
    (SCHEDULER, "svcqa.casework.planted", "prefect"),
    (SCHEDULER, "states.planted", "prefect"),
]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", LINT], cwd=root, capture_output=True, text=True, check=False)


def copy(root: Path, to: Path) -> Path:
    for package in (name for name in checks.PRODUCT if (root / name).is_dir()):
        shutil.copytree(root / package, to / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", to)
    return to


def write(root: Path, module: str, line: str) -> None:
    """Append a line to a module, making it and its packages where they do not exist yet."""
    *packages, name = module.split(".")
    folder = root
    for package in packages:
        folder /= package
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    path = folder / name / "__init__.py" if (folder / name).is_dir() else folder / f"{name}.py"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def broken(report: str) -> dict[str, str]:
    """Split the report into what it says about each broken contract."""
    _, _, details = report.partition("Broken contracts")
    parts = re.split(r"^(.+)\n-{5,}$", details, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def planted(root, tmp_path_factory) -> dict[str, str]:
    """Plant every breach in one copy of the tree and return what the linter says per contract."""
    tree = copy(root, tmp_path_factory.mktemp("planted"))
    for _, importer, imported in sorted(BREACHES, key=lambda breach: -breach[1].count(".")):
        if imported.split(".")[0] in checks.PRODUCT:
            write(tree, imported, "")
        write(tree, importer, f"import {imported}")
    settings = tree / "pyproject.toml"
    settings.write_text(settings.read_text().replace("root_packages = [", 'root_packages = ["flows", '))
    return broken(lint(tree).stdout)


def test_the_contracts_hold(root):
    report = lint(root)
    assert report.returncode == 0, report.stdout + report.stderr


def test_every_package_and_room_has_its_floor(root):
    assert checks.unplaced_rooms(root) == []


@pytest.mark.parametrize(("contract", "importer", "imported"), BREACHES)
def test_a_planted_breach_is_found(planted, contract, importer, imported):
    assert re.search(rf"{re.escape(importer)} +-> +{re.escape(imported)}\b", planted[contract])


def test_a_breach_by_way_of_another_module_is_found(root, tmp_path):
    tree = copy(root, tmp_path)
    write(tree, "svcqa.rulebook.tariff", "import svcqa.kernel.planted")
    write(tree, "svcqa.kernel.planted", "import sqlalchemy")
    assert "svcqa.kernel.planted -> sqlalchemy" in broken(lint(tree).stdout)[PURE]


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ("svcqa.casework.planted", "svcqa.casework.target", "svcqa.casework"),
        ("svcqa.web.forms.planted", "svcqa.web.pages.target", "svcqa.web"),
        ("states.planted", "states.target", "states"),
    ],
)
def test_a_planted_circle_is_found(root, tmp_path, one, other, place):
    tree = copy(root, tmp_path)
    write(tree, one, f"import {other}")
    write(tree, other, f"import {one}")
    assert f"No cycles are allowed in {place}." in broken(lint(tree).stdout)[CIRCLES]


def test_a_planted_room_without_a_floor_is_found(root, tmp_path):
    tree = copy(root, tmp_path)
    write(tree, "svcqa.gossip.planted", "")
    write(tree, "svcqa.stray", "")
    settings = tree / "pyproject.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('root_packages = ["flows", ', "root_packages = ["), "utf-8"
    )
    found = checks.unplaced_rooms(tree)
    assert {"svcqa.gossip: on no floor", "svcqa.stray: on no floor", "flows: not in root_packages"} <= set(
        found
    )
