"""Coming in by a mailed link: the digits, then the proof.

Whoever comes so is the person the link was mailed to, with no other right than the one the link is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from svcqa.appeals import links, visits
from svcqa.appeals.links import OpenLink
from svcqa.casework import contesting
from svcqa.kernel.errors import HouseError
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access


@dataclass
class Closed(HouseError):
    """The link leads nowhere (any more); the sentence says why and what to do."""

    sentence: str


class Unknown(Closed):
    """The address was damaged, or is not ours."""


class Replaced(Closed):
    """Another decision has taken the place of the one the link led to."""


class Locked(Closed):
    """The digits were wrong too often."""


class Unproven(HouseError):
    """The digits have to be asked for (again)."""

    sentence = "核对已超过 30 分钟，请重新核对工号后四位。"


CLOSED: Mapping[str, type[Closed]] = {"unknown": Unknown, "replaced": Replaced, "locked": Locked}


@dataclass(frozen=True)
class Entered:
    """Somebody typed digits at a link: the proof to go on with, or what was wrong."""

    proof: str = ""
    wrong: str = ""


def look(tx: Transaction, token: str) -> OpenLink:
    """Return a link that is open, without writing; raises Closed."""
    return _open(links.look(tx, token))


def enter(tx: Transaction, token: str, *, digits: str) -> Entered:
    """Check the digits; right ones open the link for half an hour and serve a penalty not yet served.

    Wrong ones are counted: commit in both cases. Raises Closed, and Invalid for what is no try.
    """
    link = _open(links.look(tx, token, locked=True))
    tx.actor = replace(tx.actor, via="link")
    check = links.check_digits(tx, link, digits)
    if not check.right:
        return Entered(wrong=check.sentence)
    _act_for(tx, link)
    if link.kind == "penalty":
        contesting.receive(tx, link.object_id)
    return Entered(proof=visits.proof_of(tx, link.jti))


def go_on(tx: Transaction, token: str, *, proof: str) -> OpenLink:
    """Act as the person the link was mailed to; raises Closed, and Unproven where the proof does not hold."""
    link = look(tx, token)
    if not visits.proves(tx, proof, jti=link.jti):
        raise Unproven
    _act_for(tx, link)
    return link


def _open(link: OpenLink) -> OpenLink:
    if link.standing != "open":
        raise CLOSED[link.standing](link.problem)
    return link


def _act_for(tx: Transaction, link: OpenLink) -> None:
    """Act as the addressee. Who has left may still contest; who is an officer is none by this way."""
    person = access.actor_of(
        tx, link.person_id, via="link", request_id=tx.actor.request_id, address=tx.actor.address
    )
    tx.actor = replace(person, roles=frozenset({"employee"}))
