"""PF-5: post and drain mails, against the same bytes handed to the same sink by bare aiosmtplib.

Ours renders, seals, stores, claims, marks `data` durably and marks `sent` durably; the bare side holds finished
bytes in memory and sends them on as many reused connections. Django's mail (its own environment) is the peer.
"""

import asyncio
import os
import subprocess
import tempfile
from email.message import EmailMessage
from pathlib import Path
from random import Random

import aiosmtplib

from benchmarks import sink, world
from benchmarks.measure import Comparison, in_turn
from notifications import notices
from notifications.delivery import drain_once
from notifications.transport import Transport
from svcqa.kernel import outbox
from svcqa.kernel.mailbag import Outbox
from svcqa.kernel.transaction import SYSTEM

LANES = 8

DJANGO = """
import sys, time, django
from django.conf import settings
settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(sys.argv[1]), EMAIL_TIMEOUT=60)
django.setup()
from django.core.mail import EmailMultiAlternatives, get_connection
text, html, count = sys.stdin.read().split("\\0")
messages = [EmailMultiAlternatives("notice", text, "a@example.com", ["b@example.com"]) for _ in range(int(count))]
started = time.perf_counter()
for message in messages:
    message.attach_alternative(html, "text/html")
get_connection().send_messages(messages)
print(time.perf_counter() - started)
"""


def run(*, rounds: int, batch: int) -> list[Comparison]:
    """Compare our whole drain with bare sending, and with Django where it is installed beside."""
    with tempfile.TemporaryDirectory() as name, sink.running() as port:
        place = world.furnish(Path(name))
        transport = Transport(host="127.0.0.1", port=port, security="none", development=True)
        to = outbox.Recipient("王建国", "wangjianguo@kefu.example.com")
        notice = notices.PenaltyNotice.sample()

        def post_and_drain() -> int:
            with place.transaction(SYSTEM) as tx:
                for _ in range(batch):
                    outbox.post(tx, notice, to=to, about=("benchmark", "mail"))
            return _drain(place, transport)

        def bare() -> int:
            asyncio.run(_send_bare(port, batch))
            return batch

        pairs = [in_turn("PF-5 post and drain", ("svcqa", post_and_drain), ("bare aiosmtplib, finished bytes", bare),
                         rounds=rounds, goal="orientation", remark=f"{LANES} connections")]
        django = _django_python()
        if django:
            pairs.append(in_turn("PF-5 against Django", ("svcqa", post_and_drain),
                                 ("Django EmailMultiAlternatives", lambda: _send_django(django, port, batch)),
                                 rounds=rounds, goal=">= 1.5", remark="one process each; Django renders nothing"))
        return pairs


def _drain(place: object, transport: Transport) -> int:
    bag = Outbox(place)  # type: ignore[arg-type]  # the workplace
    sent = 0
    while True:
        done = asyncio.run(drain_once(bag, transport, owner="benchmark", jitter=Random(1), lanes=LANES))
        sent += done["sent"]
        if not done["sent"]:
            return sent


async def _send_bare(port: int, count: int) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "notice"
    message.set_content("text " * 200)
    message.add_alternative("<p>text</p>" * 200, subtype="html")
    data = message.as_bytes()

    async def lane(share: int) -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        async with client:
            for _ in range(share):
                await client.sendmail("a@example.com", ["b@example.com"], data)

    await asyncio.gather(*(lane(count // LANES) for _ in range(LANES)))


def _django_python() -> str | None:
    """Return the python of an environment that has Django: SVCQA_BENCH_DJANGO."""
    return os.environ.get("SVCQA_BENCH_DJANGO")


def _send_django(python: str, port: int, count: int) -> tuple[int, float]:
    rendered = f"{'text ' * 200}\0{'<p>text</p>' * 200}\0{count}"
    command = [python, "-c", DJANGO, str(port)]
    done = subprocess.run(command, input=rendered, text=True, check=True, capture_output=True)
    return count, float(done.stdout)
