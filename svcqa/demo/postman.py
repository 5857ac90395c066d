"""The courier of told weeks: what was due goes straight into the local mailbox, at the told time."""

from dataclasses import dataclass, field
from itertools import count

from notifications import sink
from notifications.delivery import LEASE
from notifications.mailbag import Mark
from notifications.transport import Reply
from svcqa.kernel.mailbag import Outbox
from svcqa.kernel.transaction import Workplace

ROUND = 500


@dataclass
class Postman:
    """Numbers the letters as they come."""

    place: Workplace
    letters: "count[int]" = field(default_factory=lambda: count(1))

    def deliver(self) -> None:
        """Do the courier's work into the local mailbox until nothing is due."""
        outbox = Outbox(self.place)
        while letters := outbox.claim("demo", ROUND, LEASE):
            now = self.place.clock.now()
            outbox.record([Mark(letter, "data", Reply(None, ""), until=now + LEASE) for letter in letters])
            for letter in letters:
                number = next(self.letters)
                sink.keep(self.place.settings.mailbox_dir, letter.data, at=now, number=number)
            outbox.record([Mark(letter, "sent", Reply(250, "OK")) for letter in letters])
