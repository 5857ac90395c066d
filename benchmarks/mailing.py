"""PF-5: post and drain mails, against the same bytes handed to the same sink by bare aiosmtplib.

Ours renders, seals, stores, claims, marks `data` durably and marks `sent` durably; the bare side holds finished
bytes in memory and sends them on as many reused connections. Django's mail (its own environment) is the peer:
it renders the same words by its own templates, and keeps no outbox.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

import aiosmtplib

from benchmarks import peers, sink, world
from benchmarks.databases import Database
from benchmarks.measure import Comparison, in_turn
from notifications import notices
from notifications.delivery import drain_once
from notifications.rendering import render
from notifications.transport import Transport
from svcqa.kernel import outbox
from svcqa.kernel.mailbag import Outbox
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace

LANES = 8
SEALED = Statement("SELECT sealed FROM outbox WHERE id = :id")
TO = outbox.Recipient("王建国", "wangjianguo@kefu.example.com")


def run(database: Database, *, rounds: int, batch: int) -> list[Comparison]:
    """Compare our whole drain with bare sending, and with Django where it is installed beside."""
    with tempfile.TemporaryDirectory() as name, sink.running() as port:
        place = world.furnish(database.new(Path(name) / "a"))
        transport = Transport(host="127.0.0.1", port=port, security="none", development=True)
        notice = notices.PenaltyNotice.sample()

        def post() -> None:
            with place.transaction(SYSTEM) as tx:
                for _ in range(batch):
                    outbox.post(tx, notice, to=TO, about=("benchmark", "mail"))

        def whole() -> int:
            post()
            return _drain(place, transport)

        def drain() -> tuple[int, float]:
            post()
            started = time.perf_counter()
            return _drain(place, transport), time.perf_counter() - started

        def bare() -> int:
            asyncio.run(_send_bare(port, batch, _finished(place, notice)))
            return batch

        remark, other = f"{LANES} connections", ("bare aiosmtplib, the same bytes", bare)
        pairs = [
            in_turn("PF-5 post and drain", ("svcqa", whole), other, rounds=rounds, goal="", remark=remark)
        ]
        peer = peers.python()
        if peer:
            asked = _templates(notice) | {"port": port, "count": batch}
            django = ("Django", lambda: (batch, peers.seconds(peer, "peer_mail.py", asked)))
            pairs += [
                in_turn(
                    "PF-5 post and drain", ("svcqa", whole), django, rounds=rounds, goal="", remark=remark
                ),
                in_turn("PF-5 drain", ("svcqa", drain), django, rounds=rounds, goal=">= 1.5", remark=remark),
            ]
        return pairs


def _drain(place: Workplace, transport: Transport) -> int:
    bag = Outbox(place)
    sent = 0
    while True:
        done = asyncio.run(drain_once(bag, transport, owner="benchmark", jitter=Random(1), lanes=LANES))
        sent += done["sent"]
        if not done["sent"]:
            return sent


def _finished(place: Workplace, notice: notices.Notice) -> bytes:
    """Return the bytes of one letter as the outbox holds them."""
    with place.reading(SYSTEM) as tx:
        letter_id = outbox.post(tx, notice, to=TO, about=("benchmark", "mail"))
        return tx.seal.open(bytes(SEALED.one(tx, id=letter_id)[0]))


async def _send_bare(port: int, count: int, data: bytes) -> None:
    async def lane(share: int) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for _ in range(share):
                await client.sendmail("a@example.com", ["b@example.com"], data)

    await asyncio.gather(*(lane(count // LANES) for _ in range(LANES)))


def _templates(notice: notices.Notice) -> dict[str, Any]:
    """Return our words as templates of Django: every text of the notice is a variable again."""
    values = {name: value for name, value in vars(notice).items() if isinstance(value, str) and value}
    rendered = vars(render(notice))
    for name, value in values.items():
        rendered = {part: text.replace(value, f"{{{{ {name} }}}}") for part, text in rendered.items()}
    return {**rendered, "values": values}
