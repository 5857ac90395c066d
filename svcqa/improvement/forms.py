"""What each move of a measure is told, checked for shape. Both doors read into these and nothing else."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from svcqa.kernel.visible import Seen

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), Seen]
Value = Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=2)]


class Form(BaseModel):
    """A move's input; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    move: ClassVar[str]

    version: int | None = None


class Agree(Form):
    """认领: how it will be done, and what counts as reached. Without a target the proposed one holds."""

    move: ClassVar[str] = "agree"
    plan: Text = ""
    target: Value | None = None
    due_on: date | None = None


class Start(Form):
    """开始: from here on nothing that was agreed changes."""

    move: ClassVar[str] = "start"


class Note(Form):
    """A move that needs a text: what was done, or why."""

    note: Text = ""


class Complete(Note):
    """报告落实: what was done."""

    move: ClassVar[str] = "complete"


class Reopen(Note):
    """重新整改: why, and until when this time."""

    move: ClassVar[str] = "reopen"
    due_on: date | None = None


class Withdraw(Note):
    """撤回: why."""

    move: ClassVar[str] = "withdraw"
