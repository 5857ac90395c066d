"""What every mailed link has in common: the digits, one act as the person it was mailed to, and the page shown after.

What a link is about, and how that is read, stands in SUBJECTS. What was typed survives being asked for the digits.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi.responses import Response

from states import Refused
from svcqa.casework import contesting, mailed
from svcqa.casework.decision import decision
from svcqa.casework.hearing import hearing
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.web import rating_view, result_view
from svcqa.web.errors import problem_of
from svcqa.web.views import Typed
from svcqa.web.visit import Visit

Texts = Mapping[str, str]
Read = Callable[[Transaction, str, Texts], dict[str, Any]]
"""Reads what a link is about: transaction, its object, and what was typed."""
Act = Callable[[Transaction, str], object]


def _rating(tx: Transaction, sheet_id: str, typed: Texts) -> dict[str, Any]:
    shown = rating_view.view(tx, sheet_id, task_id=typed.get("task", ""))
    return {"r": shown, "filled": shown.filled, "rater": tx.actor.name}


SUBJECTS: Mapping[str, tuple[str, Read]] = {
    "penalty": ("link_decision.html", lambda tx, one, _typed: {"decision": decision(tx, one)}),
    "hearing": ("link_hearing.html", lambda tx, one, _typed: {"hearing": hearing(tx, one)}),
    "rating": ("link_rating.html", _rating),
    "result": ("link_result.html", result_view.behind_link),
}


def act(visit: Visit, token: str, kind: str, do: Act) -> Response:
    """Do one thing as the person the link was mailed to, and show where the matter stands then."""
    proof = visit.text("proof")
    try:
        with visit.unsigned(writes=True) as tx:
            link = mailed.go_on(tx, token, proof=proof)
            if link.kind != kind:
                raise NotFound(contesting.NOT_YOURS)
            do(tx, link.object_id)
    except mailed.Unproven:
        return gate(visit, token, status=403, again=True)
    except (Refused, Invalid) as refusal:
        return show(visit, token, proof, typed=visit.texts(), refusal=refusal)
    return show(visit, token, proof)


def show(
    visit: Visit,
    token: str,
    proof: str,
    *,
    typed: Texts | None = None,
    refusal: Refused | Invalid | None = None,
) -> Response:
    """Show what the link is about; `typed` is what has not been kept yet."""
    typed = typed or {}
    with visit.unsigned() as tx:
        link = mailed.go_on(tx, token, proof=proof)
        template, read = SUBJECTS[link.kind]
        values = read(tx, link.object_id, typed)
    wrong = {refusal.field_name: refusal.sentence} if isinstance(refusal, Invalid) else {}
    problem = problem_of(refusal) if refusal else None
    return visit.page(
        template,
        status=problem.status if problem else 200,
        form=Typed({**values.pop("filled", {}), **typed}, wrong),
        problem=problem if isinstance(refusal, Refused) else None,
        base=f"/a/{token}",
        proof=proof,
        limit=visit.runtime.place.settings.upload_megabytes,
        **values,
    )


def look(visit: Visit, token: str) -> Response:
    """Show another part of what the link is about, named in the form; writes nothing."""
    try:
        return show(visit, token, visit.text("proof"), typed=visit.texts())
    except mailed.Unproven:
        return gate(visit, token, status=403, again=True)


def entered(visit: Visit, token: str, proof: str) -> Response:
    """Show what the digits opened, with what was typed before they had to be asked for again."""
    return show(visit, token, proof, typed=visit.texts())


def gate(visit: Visit, token: str, *, status: int = 200, wrong: str = "", again: bool = False) -> Response:
    """Ask for the digits."""
    form = Typed({}, {"digits": wrong} if wrong else {})
    carried = [(name, value) for name, value in visit.texts().items() if value]
    return visit.page(
        "link_digits.html", status=status, form=form, action=f"/a/{token}", carried=carried, again=again
    )
