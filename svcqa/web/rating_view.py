"""A rating sheet as its page shows it: one colleague at a time, each item with its steps in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from svcqa.assessment import ratings
from svcqa.assessment.ratings import Sheet, Task
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook.scheme import Item

FIELD = "item-"


@dataclass(frozen=True)
class Scale:
    """One item of the form: the name of its field, and each step with its words."""

    id: str
    field: str
    label: str
    text: str
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RatingView:
    """A sheet with the colleague who is rated now; None when all are and none was asked for."""

    sheet: Sheet
    task: Task | None
    scales: tuple[Scale, ...]

    @property
    def place(self) -> int:
        """The how manieth colleague this is."""
        return self.sheet.tasks.index(self.task) + 1 if self.task else 0

    @property
    def left(self) -> int:
        """How many colleagues are not rated yet."""
        return len(self.sheet.tasks) - self.sheet.done

    @property
    def more(self) -> bool:
        """Whether somebody else is still to be rated after this one."""
        return any(not each.done for each in self.sheet.tasks if each != self.task)

    @property
    def filled(self) -> dict[str, str]:
        """What was given before, as the form holds it."""
        if self.task is None:
            return {}
        given = {f"{FIELD}{item}": str(value) for item, value in self.task.values.items()}
        return {**given, "comment": self.task.comment}


def view(tx: Transaction, sheet_id: str, *, task_id: str = "") -> RatingView:
    """Return a sheet at one colleague, the first who waits unless one is named; raises NotFound."""
    sheet = ratings.sheet(tx, sheet_id)
    named = next((each for each in sheet.tasks if each.id == task_id), None)
    if task_id and named is None:
        raise NotFound(ratings.NOT_YOURS)
    return RatingView(sheet, named or sheet.next, tuple(_scale(item) for item in sheet.items))


def submit(tx: Transaction, sheet_id: str, *, typed: Mapping[str, str]) -> None:
    """Hand in what was chosen for one colleague; an item that was left out is said by its id (Invalid)."""
    values = {
        name.removeprefix(FIELD): int(value)
        for name, value in typed.items()
        if name.startswith(FIELD) and value in {"1", "2", "3", "4", "5"}
    }
    ratings.submit(
        tx, sheet_id, task_id=typed.get("task", ""), values=values, comment=typed.get("comment", "")
    )


def _scale(item: Item) -> Scale:
    steps = tuple((str(value), words) for value, words in enumerate(item.anchors, 1))
    return Scale(item.id, f"{FIELD}{item.id}", item.label, item.text, steps)
