"""The proof that the digits of a link were right a short while ago. It travels in the page's forms, never in
an address. No session and no row: it names the link and its own end, signed for this purpose only.
"""

from datetime import timedelta

from svcqa.kernel.links import BrokenLink
from svcqa.kernel.transaction import Transaction

PURPOSE = "visit"
LASTS = timedelta(minutes=30)


def proof_of(tx: Transaction, jti: str) -> str:
    """Return the proof of a visit that begins now."""
    ends = int((tx.now + LASTS).timestamp())
    return tx.links.token(PURPOSE, f"{jti}.{ends}")


def proves(tx: Transaction, proof: str, *, jti: str) -> bool:
    """Tell whether a proof is ours, is of this link, and still lasts."""
    try:
        named, _, ends = tx.links.read(PURPOSE, proof).partition(".")
    except BrokenLink:
        return False
    return named == jti and tx.now.timestamp() <= int(ends)
