"""What is installed is whole: code, templates, regulations, migrations, the demo's data, and what Prefect shall run."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("flows", "notifications", "states", "svcqa")


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """Return the names in the wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    subprocess.run([*command, "--wheel-dir", folder, ROOT], check=True, capture_output=True, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return set(ZipFile(wheel).namelist())


def test_every_file_of_the_packages_is_packed(packed):
    listed = subprocess.run(["git", "ls-files", *OURS], cwd=ROOT, check=True, capture_output=True, text=True)
    assert set(listed.stdout.split("\n")) - {""} - packed == set()


def test_the_deployments_are_packed_beside_what_registers_them(packed):
    assert "flows/prefect.yaml" in packed
    assert not [name for name in packed if name.startswith(("tests/", "benchmarks/", "docs/"))]
