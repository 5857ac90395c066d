"""The shipped regulation no. 10, and ways to plant a change in its files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svcqa.rulebook.loading import SHIPPED, parse, read_folder
from svcqa.rulebook.model import CASEWORK, Regulation

LONGEST_SHARED_RUN = 12

Files = dict[str, str]
Plant = Callable[..., Files]


@pytest.fixture(scope="session")
def files() -> Files:
    return read_folder(SHIPPED / "complaints-trial" / "v1")


@pytest.fixture(scope="session")
def regulation(files: Files) -> Regulation:
    return parse(files)


@pytest.fixture
def plant(files: Files) -> Plant:
    """Return the shipped files with the first occurrence of a text replaced; it must occur."""

    def planted(old: str, new: str, *, file: str = CASEWORK) -> Files:
        assert old in files[file], f"{old!r} is not in {file}"
        return {**files, file: files[file].replace(old, new, 1)}

    return planted


@pytest.fixture(scope="session")
def source() -> str:
    """Return the regulations as their source has them, without spaces."""
    file = Path(__file__).parents[2] / ".." / "shared" / "seeds" / "regulations.zh.txt"
    if not file.is_file():
        pytest.skip("../shared/seeds is not beside this clone")
    return "".join(file.read_text(encoding="utf-8").split())
