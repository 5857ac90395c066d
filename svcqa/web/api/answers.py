"""What the API answers, as models: the schema that programs rely on, and how a case is put into it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from svcqa.casework.snapshot import Case, Row
from svcqa.kernel.money import points as in_points
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people


class Problem(BaseModel):
    """RFC 9457. `detail` is a sentence that may be shown to a person; `errors` is field to sentence."""

    type: str
    title: str
    status: int
    detail: str
    request: str = ""
    field: str = ""
    changes: list[str] = []
    errors: dict[str, str] = {}


class Standing(BaseModel):
    """Where a complaint stands."""

    number: str
    state: str
    version: int


class Batch(BaseModel):
    """The complaints of a batch in the order they were sent."""

    complaints: list[Standing]


class Moved(Standing):
    """What a move came to; an appeal brings its receipt."""

    receipt: str | None = None


class RespondentView(BaseModel):
    """Who the complaint is about; a unit has no staff number."""

    id: str
    name: str
    staff_number: str | None
    heard_at: datetime | None
    state_by_at: datetime | None


class ChargeView(BaseModel):
    """Respondent, clause and share in percent."""

    id: str
    respondent: str
    clause: str
    share: int


class PenaltyView(BaseModel):
    """A penalty; points and yuan are decimal texts, `final_*` what review left of them."""

    id: str
    charge: str
    respondent: str
    state: str
    points: str
    yuan: str
    final_points: str
    final_yuan: str
    served_at: datetime | None
    served_how: str
    window_ends_at: datetime | None


class DeadlineView(BaseModel):
    """A clock of the complaint; `missing_year` says why `due_at` is not known yet."""

    step: str
    label: str
    started_at: datetime
    due_at: datetime | None
    missing_year: int | None
    ended_at: datetime | None


class OfferView(BaseModel):
    """A move open to the caller; `blocked` is the sentence that stands against it now."""

    move: str
    label: str
    blocked: str | None


class ComplaintLine(Standing):
    """A complaint in a list."""

    id: str
    subject: str
    channel: str
    external_id: str | None
    occurred_at: datetime
    received_at: datetime
    updated_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_how: str
    late: bool


class ComplaintView(ComplaintLine):
    """A complaint with everything that hangs on it. Names and phones of customers are never in it."""

    respondents: list[RespondentView]
    charges: list[ChargeView]
    penalties: list[PenaltyView]
    deadlines: list[DeadlineView]
    offers: list[OfferView]


class Page(BaseModel):
    """A page of a list; `next` is the cursor of the following one, null at the end."""

    complaints: list[ComplaintLine]
    next: str | None


def standing(case: Case) -> Standing:
    """Say where a case stands."""
    return Standing(number=case.number, state=case.state, version=case.row["version"])


def line(row: Row) -> ComplaintLine:
    """Show a row of the list."""
    return ComplaintLine.model_validate(_some(ComplaintLine, row))


def view(tx: Transaction, case: Case, offers: tuple[tuple[str, str, str | None], ...]) -> ComplaintView:
    """Show a whole case."""
    return ComplaintView.model_validate(
        {
            **_some(ComplaintLine, case.row),
            "respondents": [_respondent(tx, row) for row in case.respondents],
            "charges": [
                {**row, "respondent": row["respondent_id"], "clause": row["clause_id"]}
                for row in case.charges
            ],
            "penalties": [_penalty(row) for row in case.penalties],
            "deadlines": [_some(DeadlineView, row) for row in case.deadlines],
            "offers": [{"move": move, "label": label, "blocked": blocked} for move, label, blocked in offers],
        }
    )


def _some(model: type[BaseModel], row: Row) -> Row:
    return {name: row[name] for name in model.model_fields}


def _respondent(tx: Transaction, row: Row) -> Row:
    number = people.card(tx, row["person_id"]).staff_number if row["person_id"] else None
    return {**row, "staff_number": number}


def _penalty(row: Row) -> dict[str, Any]:
    return {
        **row,
        "charge": row["charge_id"],
        "respondent": row["respondent_id"],
        "points": decimal_text(row["hundredths"]),
        "yuan": decimal_text(row["amount_fen"]),
        "final_points": decimal_text(row["final_hundredths"]),
        "final_yuan": decimal_text(row["final_fen"]),
    }


def decimal_text(hundredths: int) -> str:
    """Write hundredths (or fen) as a decimal text with two places: 3.60."""
    return f"{in_points(hundredths):.2f}"
