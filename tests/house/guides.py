"""The worked examples of docs/extending.md as changes to a tree: read from their fences, and made.

A fence of the kind `diff` holds hunks: `@@ path`, then lines to find (blank, `-`) and lines to write (blank, `+`).
A `cp -r` in a fence of the kind `sh` is made too, before the hunks that follow it.
"""

import ast
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

FENCE = re.compile(r"^```(diff|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COPY = re.compile(r"^cp -r (\S+) (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Hunk:
    """One place of a file: the lines that must stand there together, once, and what stands there afterwards."""

    path: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def make(self, root: Path) -> None:
        """Change the file, or begin it where there is nothing to find; raises ValueError where that cannot be."""
        path = root / self.path
        if not self.before:
            if path.exists():
                raise ValueError(f"{self.path}: is there already, so lines to find are needed")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(self.after) + "\n", "utf-8")
            return
        if not path.is_file():
            raise ValueError(f"{self.path}: does not exist")
        lines, size = path.read_text("utf-8").split("\n"), len(self.before)
        places = [at for at in range(len(lines)) if tuple(lines[at : at + size]) == self.before]
        if len(places) != 1:
            raise ValueError(f"{self.path}: stands there {len(places)} times, not once: {self.before[0]!r}")
        lines[places[0] : places[0] + size] = self.after
        path.write_text("\n".join(lines), "utf-8")


@dataclass(frozen=True)
class Copy:
    """A folder copied to another place."""

    path: str
    to: str

    def make(self, root: Path) -> None:
        """Copy the folder; raises ValueError where there is none."""
        if not (root / self.path).is_dir():
            raise ValueError(f"{self.path}: does not exist")
        shutil.copytree(root / self.path, root / self.to)


def changes(text: str) -> Iterator[Hunk | Copy]:
    """Yield the changes that a guide describes, in their order."""
    for kind, fence in FENCE.findall(text):
        if kind == "sh":
            yield from (Copy(*words) for words in COPY.findall(fence))
            continue
        for part in re.split(r"^@@ ", fence, flags=re.MULTILINE)[1:]:
            path, *lines = part.rstrip("\n").split("\n")
            before = tuple(line[1:] for line in lines if line[:1] != "+")
            after = tuple(line[1:] for line in lines if line[:1] != "-")
            yield Hunk(path, before, after)


def followed(text: str, root: Path) -> list[str]:
    """Make every change in a tree and return what could not be made, and what cannot be read afterwards."""
    found, touched = [], set()
    for change in changes(text):
        try:
            change.make(root)
        except ValueError as error:
            found.append(str(error))
        else:
            touched.add(change.path)
    return found + [f"{path}: {fault}" for path in sorted(touched) if (fault := _fault(root / path))]


def _fault(path: Path) -> str:
    """Say why a file cannot be read as what it is."""
    try:
        if path.suffix == ".py":
            ast.parse(path.read_text("utf-8"))
        if path.suffix == ".yaml":
            yaml.safe_load(path.read_text("utf-8"))
    except (SyntaxError, yaml.YAMLError) as error:
        return str(error)
    return ""
