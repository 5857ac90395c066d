"""What the clients of a load did and were told, on the disk before they go on: the other side of every promise."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Literal

Told = Literal["begun", "in doubt", "overtaken", "done", "refused"]


@dataclass(frozen=True)
class Operation:
    """One request that changes something. `number` is empty and `version` 0 for a registration."""

    key: str
    move: str
    number: str
    version: int


@dataclass(frozen=True)
class Done:
    """What an acknowledged operation was told."""

    operation: Operation
    number: str
    state: str
    version: int


@dataclass
class Journal:
    """Lines of one JSON object each, appended by all clients."""

    path: Path
    _pen: Lock = field(default_factory=Lock)

    def note(self, operation: Operation, told: Told, **answer: Any) -> None:
        """Write what became of an operation; returns when it is on the disk."""
        line = json.dumps({"told": told, **vars(operation), "answer": answer}, ensure_ascii=False)
        with self._pen, self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def done(self) -> list[Done]:
        """Return the acknowledged operations."""
        return [
            Done(operation, answer["number"], answer["state"], answer["version"])
            for operation, told, answer in self._lines()
            if told == "done"
        ]

    def open(self) -> list[Operation]:
        """Return the operations whose client gave up without an answer: they may have happened or not."""
        doubtful = {operation: told for operation, told, _ in self._lines()}
        return [operation for operation, told in doubtful.items() if told == "in doubt"]

    def refusals(self) -> list[str]:
        """Return what refused operations were told."""
        return [
            f"{operation.move}: {a['sentence']}" for operation, told, a in self._lines() if told == "refused"
        ]

    def count(self, told: Told) -> int:
        """Return how many lines say this."""
        return sum(line[1] == told for line in self._lines())

    def _lines(self) -> Iterator[tuple[Operation, Told, dict[str, Any]]]:
        for text in self.path.read_text("utf-8").splitlines():
            line = json.loads(text)
            told, answer = line.pop("told"), line.pop("answer")
            yield Operation(**line), told, answer
