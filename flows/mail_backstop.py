"""The flow that delivers mail when no courier does: one round of the outbox."""

import os
import random
from collections import Counter

from prefect import flow

from flows.naming import by_schedule
from flows.service import End, completed, ended, runtime
from notifications import delivery
from svcqa.kernel.mailbag import Outbox

LABELS = {
    "sent": "发出",
    "queued": "待重试",
    "failed": "退回",
    "held": "待人工处理",
    "lost": "由别的进程接手",
}


@flow(
    name="邮件补投",
    flow_run_name=by_schedule("邮件补投"),
    description="邮件进程停了的时候，仍把待发邮件投出一轮。",
    persist_result=False,
)
async def mail_backstop() -> End:
    """Deliver one round of letters."""
    return await ended(_delivered())


async def _delivered() -> End:
    jitter = random.Random()  # noqa: S311 - spreads retries, protects nothing
    outbox, transport = Outbox(runtime().place), runtime().transport
    return completed(
        said(await delivery.drain_once(outbox, transport, owner=f"prefect-{os.getpid()}", jitter=jitter))
    )


def said(outcomes: Counter[str]) -> str:
    """Say what became of the letters."""
    counts = [f"{label} {outcomes[name]}" for name, label in LABELS.items() if outcomes[name]]
    return "，".join(counts) or "没有待发邮件"
