"""Customers of October's interactions who can be written to, and what is known of them afterwards."""

from typing import Any

from svcqa.assessment import answering, surveying
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from tests.assessment.month import Month

ADDRESS = Statement(
    "UPDATE interaction SET sealed_name = :name, sealed_email = :email WHERE reference = :reference"
)
INVITED = Statement("SELECT * FROM survey_invitation WHERE campaign_id = :id ORDER BY id")
LEFT = Statement("SELECT count(*) FROM interaction WHERE sealed_email IS NOT NULL OR sealed_name IS NOT NULL")
MAILED = Statement("SELECT recipient FROM outbox WHERE slug = :slug ORDER BY recipient")
MANY = 100


def address(place: Workplace, emails: dict[int, str]) -> None:
    """Let the customers of the interactions with these numbers have an address."""
    with place.transaction(SYSTEM) as tx:
        for number, email in emails.items():
            name, sealed = tx.seal.close("林女士".encode()), tx.seal.close(email.encode())
            ADDRESS.run(tx, name=name, email=sealed, reference=f"R{number}")


def asked(month: Month) -> list[dict[str, Any]]:
    """Give customers an address, let the cycle collect, and return the invitations."""
    address(month.place, {number: f"c{number}@example.com" for number in range(MANY)})
    month.advance()
    return invited(month)


def invited(month: Month) -> list[dict[str, Any]]:
    """Return the invitations of the cycle."""
    return list(month.read(lambda tx: INVITED.moments(tx, id=month.cycle_id)))


def mailed(month: Month, slug: str) -> list[str]:
    """Return to whom this kind of mail goes."""
    return [row[0] for row in month.read(lambda tx: MAILED.run(tx, slug=slug).fetchall())]


def token(place: Workplace, invitation: dict[str, Any]) -> str:
    """Return the token of the link that was mailed."""
    return place.links.token(surveying.PURPOSE, invitation["id"])


def answer(
    month: Month,
    invitation: dict[str, Any],
    satisfaction: int = 5,
    solved: bool | None = True,
    comment: str = "",
) -> None:
    """Let a customer answer."""
    said: dict[str, Any] = {"satisfaction": satisfaction, "solved": solved, "comment": comment}
    month.act_as_system(lambda tx: answering.answer(tx, token(month.place, invitation), **said))
