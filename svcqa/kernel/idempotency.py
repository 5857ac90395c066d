"""A request that may come twice has one effect: the first answer is kept with its key and given again.

The key is claimed and answered in the transaction of the effect, so a refused or failed request keeps nothing
and its retry is judged anew.
"""

from dataclasses import dataclass

from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import Transaction

# The second of two parallel requests waits here until the first has committed, and then finds its answer.
CLAIM = Statement(
    insert("answered_request", "client key body_sha256 status answer answered_at").sqlite
    + " ON CONFLICT DO NOTHING"
)
KEPT = Statement(
    "SELECT body_sha256, status, answer FROM answered_request WHERE client = :client AND key = :key"
)
KEEP = Statement(
    "UPDATE answered_request SET status = :status, answer = :answer WHERE client = :client AND key = :key"
)


@dataclass(frozen=True)
class Answer:
    """What was answered, to the byte."""

    status: int
    body: str


def claim(tx: Transaction, *, client: str, key: str, body_sha256: str) -> Answer | None:
    """Claim a key for this request, or return what the same request was answered before.

    Raises Invalid when the key was used for another request.
    """
    claimed = CLAIM.run(
        tx, client=client, key=key, body_sha256=body_sha256, status=0, answer="", answered_at=tx.now
    )
    if claimed.rowcount == 1:
        return None
    before, status, body = KEPT.one(tx, client=client, key=key)
    if before != body_sha256:
        raise Invalid(
            "Idempotency-Key",
            "这个 Idempotency-Key 已经用于另一个请求，本次没有办理。新的请求请换一个新的编号。",
        )
    return Answer(int(status), str(body))


def keep(tx: Transaction, *, client: str, key: str, answer: Answer) -> None:
    """Keep the answer to the request that claimed the key."""
    KEEP.run(tx, client=client, key=key, status=answer.status, answer=answer.body)
