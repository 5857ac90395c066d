"""A courier's round for tests: a plain transport toward the scripted relay, and one drain."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

from notifications.delivery import drain_once
from notifications.transport import Transport
from tests.notifications.memory_bag import MemoryBag
from tests.notifications.relay import Relay

STAFF = ("wangjianguo", "chensiyu", "lixiaotong", "zhangminghui", "zhaozilong")
ADDRESSES = [f"{name}@corp.example" for name in STAFF]


def toward(relay: Relay, **settings: Any) -> Transport:
    plain: dict[str, Any] = {"security": "none", "development": True, "final_reply_timeout": 1.0}
    return Transport(host="127.0.0.1", port=relay.port, **(plain | settings))


async def drain(
    bag: MemoryBag, relay: Relay, *, lanes: int = 1, stop: asyncio.Event | None = None, **settings: Any
) -> Counter[str]:
    transport = toward(relay, **settings)
    return await drain_once(bag, transport, owner="courier", jitter=Random(1), lanes=lanes, stop=stop)
