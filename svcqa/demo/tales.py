"""The tales of the demo as their YAML file tells them: frozen, every step readable. Knows no database."""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from svcqa.casework.forms import FORMS

FILE = "complaints.yaml"
STEP = re.compile(r"(?P<move>\w+) (?P<hours>[\d.]+)(?: of (?P<of>\S+))?(?: by (?P<by>\S+))?")


class Told(BaseModel):
    """Something the file says; nothing unknown in it, nothing to be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Step(Told):
    """A move so many working hours after the step before, about somebody, by somebody."""

    move: str
    hours: float
    of: str | None = None
    by: str | None = None


class ChargeTold(Told):
    """A charge as the officer will make it."""

    who: str
    clause: str
    share: int = 100
    adjustments: tuple[str, ...] = Field(default=(), alias="with")


def _steps(text: str) -> list[dict[str, Any]]:
    matches = [(part, STEP.fullmatch(part.strip())) for part in text.split(";") if part.strip()]
    for part, match in matches:
        if match is None:
            raise ValueError(f"not a step: {part.strip()}")
    return [match.groupdict() for _, match in matches if match]


class Tale(Told):
    """One complaint: what comes in, `ago` working hours before the end, and its life."""

    subject: str
    narrative: str
    ago: float
    unit: str
    officer: str
    life: Annotated[tuple[Step, ...], BeforeValidator(_steps)]
    key: str = ""
    channel: str = "hotline"
    by: str = ""
    external_id: str = ""
    complainant: str = Field(default="", alias="from")
    escalated: bool = False
    possible_class_one: bool = False
    supervisor: str = "刘敏"
    reviewer: str = "周慧敏"
    who: tuple[str, ...] = ()
    charges: tuple[ChargeTold, ...] = ()
    finding: Literal["responsible", "not_responsible"] = "responsible"
    serve_how: Literal["paper", "deemed"] = "paper"
    texts: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _own_texts(cls, told: dict[str, Any]) -> dict[str, Any]:
        """Gather what the case says itself, each text under the move it belongs to."""
        texts = {name: text for name, text in told.items() if name in FORMS}
        rest = {name: value for name, value in told.items() if name not in texts}
        return {**rest, "texts": texts}


class Tales(Told):
    """The whole file: the complaints, and the phrases for what they leave unsaid."""

    phrases: Mapping[str, tuple[str, ...]]
    complaints: tuple[Tale, ...]


def read() -> Tales:
    """Read the tales that ship with the demo."""
    return Tales.model_validate(yaml.safe_load(files("svcqa.demo").joinpath(FILE).read_text("utf-8")))
