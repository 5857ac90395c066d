"""Posting a mail: rendered and stored in the transaction of the decision it tells about; it leaves later.

The bytes are sealed at rest and are what goes, also when they go a second time.
"""

import hashlib
from dataclasses import dataclass

from notifications.message import Mailbox, compose
from notifications.notices import Notice
from notifications.rendering import render
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import insert
from svcqa.kernel.transaction import Transaction

QUEUE = insert(
    "outbox",
    (
        "id slug person_id sender recipient recipient_name subject about_kind about_id state sealed sha256 message_id"
        " posted_at next_at attempts doubts owner fence reply"
    ),
)


@dataclass(frozen=True)
class Recipient:
    """One person and the address a mail goes to."""

    name: str
    email: str
    person_id: str | None = None


def post(
    tx: Transaction, notice: Notice, *, to: Recipient, about: tuple[str, str], letter_id: str = ""
) -> str:
    """Queue one mail and return its letter id. `about` is the (kind, id) it belongs to."""
    letter_id = letter_id or new_id()
    sender = Mailbox(tx.settings.mail_from_name, tx.settings.mail_from)
    rendered = render(notice)
    domain = tx.settings.mail_from.rpartition("@")[2]
    data = compose(
        rendered,
        sender=sender,
        recipient=Mailbox(to.name, to.email),
        message_id=f"<{letter_id}@{domain}>",
        date=tx.now,
    )
    QUEUE.run(
        tx,
        id=letter_id,
        slug=notice.slug,
        person_id=to.person_id,
        sender=sender.address,
        recipient=to.email,
        recipient_name=to.name,
        subject=rendered.subject,
        about_kind=about[0],
        about_id=about[1],
        state="queued",
        sealed=tx.seal.close(data),
        sha256=hashlib.sha256(data).hexdigest(),
        message_id=f"<{letter_id}@{domain}>",
        posted_at=tx.now,
        next_at=tx.now,
        attempts=0,
        doubts=0,
        owner="",
        fence=0,
        reply="",
    )
    return letter_id
