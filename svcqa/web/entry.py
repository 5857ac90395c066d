"""What a person typed into a form of a room: read into the form's own shape, or said what is wrong at which field.

What was typed is kept either way. Rows of a form are named `charges.0.clause`, empty ones are dropped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from states import Refused
from svcqa.kernel.calendar import SHANGHAI, local
from svcqa.kernel.errors import Invalid
from svcqa.kernel.money import read_decimal
from svcqa.web.labels import Labels
from svcqa.web.mistakes import mistakes
from svcqa.web.views import Typed

AForm = TypeVar("AForm", bound=BaseModel)

SEPARATORS = re.compile(r"[\s,，、;；]+")
ROW = re.compile(r"(charges|penalties)\.(\d{1,3})\.(\w+)", re.ASCII)
TELLING = {"charges": ("respondent", "clause"), "penalties": ("charge",)}
"""The fields that make a row count; a share alone is what the page itself has filled in."""
NUMBERS = frozenset({"points", "yuan", "share", "target"})
SPLIT, SEVERAL = frozenset({"respondents"}), frozenset({"circumstances", "adjustments"})
MOMENTS = frozenset({"occurred_at", "served_at", "handed_in_at"})
FIELD_OF = {
    "text_missing": "text",
    "reason_short": "text",
    "evidence_missing": "no_evidence_reason",
    "respondent_missing": "respondents",
    "lead_not_open": "lead",
    "customer_not_content": "customer_content",
    "charges_wrong": "charges",
    "sums_wrong": "penalties",
    "heavier": "penalties",
    "not_lighter": "points",
    "plan": "plan",
    "target": "target",
    "note": "note",
    "reason": "reason",
}
"""Where a demand of the law about the form itself is said."""


@dataclass(frozen=True)
class Entry(Generic[AForm]):
    """A form as it was typed; `form` is None where something is wrong, `errors` says what at which field."""

    values: Mapping[str, str]
    form: AForm | None
    errors: Mapping[str, str] = field(default_factory=dict)

    def typed(self, *, prefix: str = "f", errors: Mapping[str, str] | None = None, **changed: str) -> Typed:
        """Return it for the template; what was typed stays, also when the law refused it."""
        return Typed({**self.values, **changed}, errors or self.errors, prefix)


def read(kind: type[AForm], data: FormData, *, labels: Labels | None = None) -> Entry[AForm]:
    """Read a form, whose own labels a refusal uses; never raises for what was typed."""
    values = _values(data)
    raw = {name: value for name in kind.model_fields if (value := _raw(name, values)) is not None}
    try:
        return Entry(values, kind(**raw))
    except ValidationError as wrong:
        return Entry(values, None, mistakes(wrong.errors(include_url=False), own=labels))


def field_errors(problem: Refused | Invalid, *, labels: Labels | None = None) -> dict[str, str]:
    """Return field and sentence of a refusal that is about the form itself; empty where it is about the case."""
    if isinstance(problem, Invalid):
        return {problem.field_name: problem.sentence}
    if problem.code == "text_missing" and labels:
        return {"text": f"请填写{labels['text']}。"}
    return {FIELD_OF[problem.code]: problem.sentence} if problem.code in FIELD_OF else {}


def typed_moment(at: datetime) -> str:
    """Write a moment as a field of date and time holds it."""
    return f"{local(at):%Y-%m-%dT%H:%M}"


def _values(data: FormData) -> dict[str, str]:
    """Return the texts by name, several of one name joined by commas, and rows numbered without holes."""
    plain: dict[str, list[str]] = {}
    rows: dict[tuple[str, int], dict[str, list[str]]] = {}
    for name, value in data.multi_items():
        if not isinstance(value, str):
            continue
        match = ROW.fullmatch(name)
        if match:
            rows.setdefault((match[1], int(match[2])), {}).setdefault(match[3], []).append(value)
        elif name != "csrf":
            plain.setdefault(name, []).append(value)
    values = {name: ",".join(each) for name, each in plain.items()}
    return values | _numbered(rows)


def _numbered(rows: Mapping[tuple[str, int], Mapping[str, list[str]]]) -> dict[str, str]:
    found, count = {}, dict.fromkeys(TELLING, 0)
    for (kind, _), row in sorted(rows.items()):
        if any("".join(row.get(name, ())).strip() for name in TELLING[kind]):
            place, count[kind] = count[kind], count[kind] + 1
            found.update({f"{kind}.{place}.{name}": ",".join(value) for name, value in row.items()})
    return found


def _raw(name: str, values: Mapping[str, str]) -> Any:
    """Return one field as pydantic shall see it; None for one that was left empty, so that its default counts."""
    if name in TELLING:
        return rows_of(name, values)
    text = values.get(name, "").strip()
    if not text:
        return None
    if name in SPLIT:
        return [part for part in SEPARATORS.split(text) if part]
    if name in SEVERAL:
        return text.split(",")
    if name in MOMENTS:
        return _moment(text)
    return _number(text) if name in NUMBERS else text


def rows_of(kind: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the typed rows of a kind, in order."""
    rows: dict[int, dict[str, Any]] = {}
    for name in values:
        match = ROW.fullmatch(name)
        if match and match[1] == kind and (value := _cell(match[3], values[name])) is not None:
            rows.setdefault(int(match[2]), {})[match[3]] = value
    return [rows[place] for place in sorted(rows)]


def _cell(name: str, text: str) -> Any:
    if not text.strip():
        return None
    if name in SEVERAL:
        return text.split(",")
    return _number(text) if name in NUMBERS else text.strip()


def _moment(text: str) -> datetime | str:
    """Read a field of date and time, which is meant as clocks in China show it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at


def _number(text: str) -> str:
    """Read full-width digits and thousands commas as people type them."""
    try:
        return str(read_decimal(text))
    except ValueError:
        return text
