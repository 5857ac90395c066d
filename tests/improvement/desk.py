"""A desk of improvement: proposes a measure and leads it on as named people do, through the real services."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from svcqa.improvement import forms, measures, standing
from svcqa.improvement.measures import Advanced
from svcqa.improvement.standing import Measure
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Actor, Workplace
from tests.cast import Cast

CYCLE = "0190a0000000700080000000000000c1"
DUE = date(2026, 12, 18)
MAILS = Statement("SELECT slug, recipient_name FROM outbox WHERE id > :after ORDER BY id")
LAST_MAIL = Statement("SELECT coalesce(max(id), '') FROM outbox")
EVENTS = Statement("SELECT action FROM audit_event WHERE object_kind = 'measure' ORDER BY seq")


@dataclass(frozen=True)
class Desk:
    """Leads measures of one workplace on. wangjianguo is in the first team of the east workshop."""

    place: Workplace
    clock: FrozenClock

    @property
    def cast(self) -> Cast:
        """The people."""
        return Cast(self.place)

    def proposed(self, who: Actor | str = SYSTEM, **values: Any) -> str:
        """Propose a measure and return its number."""
        actor = self.cast.actor(who) if isinstance(who, str) else who
        person = self.cast["wangjianguo"].id
        asked: Any = {
            "origin_kind": "cycle",
            "origin_id": CYCLE,
            "origin_part": "grade",
            "subject_kind": "person",
            "subject_id": person,
            "title": "夜间首次响应时间偏长",
            "problem": "夜间工单三成没有在两小时内响应。",
            "owner_id": person,
            "metric": "response_speed",
            "baseline_hundredths": 7000,
            "target_hundredths": 8500,
            "due_on": DUE,
        } | values
        with self.place.transaction(actor) as tx:
            return standing.load(tx, measures.propose(tx, **asked)).number

    def act(self, who: str, number: str, form: forms.Form) -> Advanced:
        """Make one move as the named person."""
        with self.place.transaction(self.cast.actor(who)) as tx:
            return measures.advance(tx, number, form=form)

    def agreed(self, **values: Any) -> str:
        """Propose a measure and let its owner agree to it."""
        number = self.proposed(**values)
        self.act("wangjianguo", number, forms.Agree(plan="每晚固定两人值守"))
        return number

    def done(self, **values: Any) -> str:
        """Lead a measure to where its effect is waited for."""
        number = self.agreed(**values)
        self.act("wangjianguo", number, forms.Start())
        self.act("wangjianguo", number, forms.Complete(note="已按计划排班三周"))
        return number

    def measure(self, number: str) -> Measure:
        """Read a measure as it stands."""
        with self.place.reading(SYSTEM) as tx:
            return standing.numbered(tx, number)

    def on(self, day: date) -> None:
        """Move the clock to ten in the morning of a day."""
        self.clock.at += timedelta(days=(day - self.clock.at.date()).days)

    def mark(self) -> str:
        """Return a mark for `mails_since`."""
        with self.place.reading(SYSTEM) as tx:
            return str(LAST_MAIL.one(tx)[0])

    def mails_since(self, mark: str = "") -> list[tuple[str, str]]:
        """Return (slug, recipient) of the mails posted after a mark."""
        with self.place.reading(SYSTEM) as tx:
            return [(row[0], row[1]) for row in MAILS.run(tx, after=mark).fetchall()]

    def events(self) -> list[str]:
        """Return the actions of all events about measures, in order."""
        with self.place.reading(SYSTEM) as tx:
            return [row[0] for row in EVENTS.run(tx).fetchall()]
