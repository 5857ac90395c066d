"""Mail for tests as it really goes: from the stored outbox over a socket into the local mailbox."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random

from notifications import sink
from notifications.delivery import drain_once
from notifications.sink import Received
from notifications.transport import Transport
from svcqa.kernel.clock import SystemClock
from svcqa.kernel.mailbag import Outbox
from svcqa.kernel.transaction import Workplace


@dataclass(frozen=True)
class PostOffice:
    """Delivers what waits and finds what came."""

    place: Workplace
    folder: Path

    def deliver(self) -> int:
        """Send everything that waits and return how many mails went."""
        return asyncio.run(self._deliver())

    def received(self, email: str, subject: str = "") -> list[Received]:
        """Return the mails that came for an address with these words in the subject, newest first."""
        found = [sink.read_message(self.folder, entry.name) for entry in sink.list_messages(self.folder)]
        return [mail for mail in found if email in mail.entry.recipient and subject in mail.entry.subject]

    def link(self, email: str, subject: str = "") -> str:
        """Return the mailed link of the newest such mail, as its text gives it."""
        text = self.received(email, subject)[0].text
        return str(re.findall(r"https?://\S+/a/\S+", text)[0])

    async def _deliver(self) -> int:
        """Letters are told apart by the machine's time: the house's clock may stand still."""
        async with sink.listening(self.folder, 0, SystemClock().now) as port:
            transport = Transport(host="127.0.0.1", port=port, security="none", development=True)
            outcomes = await drain_once(Outbox(self.place), transport, owner="test", jitter=Random(1))
        assert set(outcomes) <= {"sent"}, outcomes
        return outcomes["sent"]
