"""What the tests of the house share: the root of this repository, and a tree to plant breaches in."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository under test."""
    return Path(__file__).parents[2]


@pytest.fixture
def plant(tmp_path: Path) -> Callable[..., Path]:
    """Write files into an empty tree and return its root: `plant({"svcqa/a.py": "..."})`."""

    def write(tree: dict[str, str]) -> Path:
        for name, text in tree.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path

    return write
