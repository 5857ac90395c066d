"""Complaints over the API: register one or many, list, read, and every move with the fields of its form."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from states.complaint import LAW
from svcqa.casework import complaints, gathering, intake, registering
from svcqa.casework.forms import FORMS, Form, Register
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook import library
from svcqa.web.api import answers
from svcqa.web.api.caller import ACaller, IdempotencyKey, MaybeKey, sent

PROBLEMS = {
    401: "No key, or one that opens nothing",
    403: "The key's owner may not do this",
    404: "No such complaint, or not the caller's",
    409: "The law does not allow it now, or the complaint moved on; nothing was changed",
    413: "The body is larger than the limit",
    422: "A field is wrong; `errors` names each",
    429: "Too many calls with keys that open nothing",
    503: "The database could not be had in time; nothing was changed, try again",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors of an operation for the schema."""
    content = {"application/problem+json": {"schema": answers.Problem.model_json_schema()}}
    return {s: {"description": PROBLEMS[s], "content": content} for s in (401, *statuses, 429, 503)}


router = APIRouter(prefix="/api/v1/complaints", tags=["complaints"])
AState = Literal["received", "verified", "classified", "penalized", "appealed", "closed"]


class Registrations(BaseModel):
    """Up to a hundred complaints; all are registered or none."""

    model_config = ConfigDict(extra="forbid")

    complaints: Annotated[list[Register], Field(min_length=1, max_length=100)]


@router.post(
    "",
    status_code=201,
    response_model=answers.Standing,
    responses=problems(403, 413, 422),
    operation_id="register",
)
def register(caller: ACaller, form: Register, key: IdempotencyKey) -> Response:
    """Register a complaint; the same `external_id` from the same key's owner gives the existing one."""
    with caller.transaction() as tx:
        answer = caller.once(tx, key, 201, lambda: _registered(tx, form))
    return sent(answer)


@router.post(
    "/batch",
    status_code=201,
    response_model=answers.Batch,
    responses=problems(403, 413, 422),
    operation_id="register_batch",
)
def register_batch(caller: ACaller, form: Registrations, key: IdempotencyKey) -> Response:
    """Register up to a hundred complaints in one transaction; one that is wrong refuses all, named by its place."""
    with caller.transaction() as tx:
        answer = caller.once(tx, key, 201, lambda: _batch(tx, form))
    return sent(answer)


@router.get("", responses=problems(422), operation_id="list")
def listing(
    caller: ACaller,
    state: Annotated[AState | None, Query()] = None,
    updated_since: Annotated[AwareDatetime | None, Query()] = None,
    cursor: Annotated[str, Query(max_length=32, pattern="^[0-9a-f]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> answers.Page:
    """List complaints in the order they came in; follow `next` until it is null."""
    with caller.reading() as tx:
        rows = intake.listed(tx, after=cursor, most=limit + 1, state=state or "", updated_since=updated_since)
    page = [answers.line(row) for row in rows[:limit]]
    return answers.Page(complaints=page, next=page[-1].id if len(rows) > limit else None)


@router.get("/{number}", responses=problems(404, 422), operation_id="read")
def read(caller: ACaller, number: str) -> answers.ComplaintView:
    """Read a complaint with the moves that are open to the caller."""
    with caller.reading() as tx:
        case = intake.read(tx, number)
        regulation = library.by_hash(tx, case.row["regulation"])
        offers = complaints.offers(tx, case, gathering.gather(tx, case, regulation))
        return answers.view(tx, case, offers)


def _registered(tx: Transaction, form: Register) -> answers.Standing:
    number = registering.register(tx, form=form, source=intake.source_of(tx))
    return answers.standing(intake.known(tx, number))


def _batch(tx: Transaction, form: Registrations) -> answers.Batch:
    made = []
    for place, one in enumerate(form.complaints):
        try:
            made.append(_registered(tx, one))
        except Invalid as wrong:
            sentence = f"第 {place + 1} 单：{wrong.sentence}整批没有登记。"
            raise Invalid(f"complaints.{place}.{wrong.field_name}", sentence) from wrong
    return answers.Batch(complaints=made)


def _moving(move: str, kind: type[Form]) -> None:
    """Add the operation of one move; each has the fields of its own form."""

    def lead(caller: ACaller, number: str, form: kind, key: MaybeKey = None) -> Response:  # type: ignore[valid-type]
        with caller.transaction() as tx:
            answer = caller.once(tx, key, 200, lambda: _moved(tx, number, form))
        return sent(answer)

    router.add_api_route(
        f"/{{number}}/{move}",
        lead,
        methods=["POST"],
        response_model=answers.Moved,
        responses=problems(403, 404, 409, 413, 422),
        operation_id=move,
        summary=LAW.move(move).label,
        description=kind.__doc__,
    )


def _moved(tx: Transaction, number: str, form: Form) -> answers.Moved:
    intake.known(tx, number)
    done = complaints.advance(tx, number, form=form)
    receipt = done.facts.get("receipt")
    return answers.Moved(
        number=done.number, state=done.state, version=done.version, receipt=str(receipt) if receipt else None
    )


for _move, _form in FORMS.items():
    _moving(_move, _form)
