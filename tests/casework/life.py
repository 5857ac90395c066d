"""One complaint led through its life by named people, through the real services.

xuwenjing handles, liumin decides, zhouhuimin reviews; wangjianguo and chensiyu are complained of.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from svcqa.casework import complaints, forms, registering
from svcqa.casework.complaints import Advanced
from svcqa.casework.rebuilding import compare
from svcqa.casework.snapshot import Case, Row, load
from svcqa.casework.sweep import Swept, sweep
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import SYSTEM, Actor, Workplace
from svcqa.kernel.verifying import verify
from tests.cast import Cast

SUBJECT = "承诺两小时内回电，至次日仍未联系客户"
REASON = "录音可以证明我已经回电说明了情况"
CLAUSE = "7.2.1"

MAILS = Statement("SELECT slug, recipient_name FROM outbox WHERE id > :after ORDER BY id")
LAST_MAIL = Statement("SELECT coalesce(max(id), '') FROM outbox")
EVENTS = Statement("SELECT action, body FROM audit_event WHERE object_id = :id ORDER BY seq")
ACCEPTED = Statement("UPDATE outbox SET state = 'sent', sent_at = :now WHERE id = :id")
ORDERS = Statement("SELECT penalty_id, amount_fen FROM deduction_order ORDER BY id")


def sum_of(charge: str, points: str = "4", yuan: str = "300") -> forms.PenaltyLine:
    """Return the line of a form that decides a charge."""
    return forms.PenaltyLine(charge=charge, points=Decimal(points), yuan=Decimal(yuan))


@dataclass(frozen=True)
class Life:
    """Leads complaints of one workplace on; every verb returns what the next one needs."""

    place: Workplace

    @property
    def cast(self) -> Cast:
        """The people."""
        return Cast(self.place)

    @property
    def clock(self) -> FrozenClock:
        """The clock, to be moved."""
        assert isinstance(self.place.clock, FrozenClock)
        return self.place.clock

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock.at

    def act(self, who: str | Actor, number: str, form: forms.Form) -> Advanced:
        """Make one move as the named person."""
        actor = self.cast.actor(who) if isinstance(who, str) else who
        with self.place.transaction(actor) as tx:
            return complaints.advance(tx, number, form=form)

    def case(self, number: str) -> Case:
        """Read a complaint as it stands."""
        with self.place.reading(SYSTEM) as tx:
            return load(tx, number)

    def registered(self, who: str = "xuwenjing", **values: Any) -> str:
        """Register a complaint and return its number."""
        known: dict[str, Any] = {
            "subject": SUBJECT,
            "channel": "hotline",
            "occurred_at": self.now - timedelta(days=5),
            "complainant": "林女士",
            "email": "lin@example.com",
            "unit": "cd",
        }
        with self.place.transaction(self.cast.actor(who)) as tx:
            return registering.register(tx, form=forms.Register(**(known | values)), source="web")

    def verified(
        self, *respondents: str, finding: str = "responsible", who: str = "xuwenjing", **values: Any
    ) -> str:
        """Return a complaint verified against persons (pinyin) or units (code)."""
        number = self.registered(**values)
        self.verify(number, *respondents, finding=finding, who=who)
        return number

    def verify(
        self, number: str, *respondents: str, finding: Any = "responsible", who: str = "xuwenjing"
    ) -> Advanced:
        """Verify a received complaint."""
        keys = tuple(map(self.key, respondents or ("wangjianguo",)))
        form = forms.Verify(
            finding=finding, text="调取录音，属实", respondents=keys, no_evidence_reason="录音已过期"
        )
        return self.act(who, number, form)

    def key(self, name: str) -> str:
        """Return what a form calls a person or unit."""
        return name if len(name) <= 4 else self.cast[name].staff_number

    def classified(self, *respondents: str, clause: str = CLAUSE, **values: Any) -> str:
        """Return a complaint whose respondents were heard and share one clause."""
        number = self.verified(*respondents, **values)
        self.hear_all(number)
        self.classify(number, clause=clause)
        return number

    def hear_all(self, number: str) -> None:
        """Record a statement of every respondent."""
        for respondent in self.case(number).respondents:
            self.act("xuwenjing", number, forms.Hear(text="我当时忘了", respondent=respondent["id"]))

    def classify(self, number: str, *, clause: str = CLAUSE, who: str = "xuwenjing") -> Advanced:
        """Charge all respondents with equal shares of one clause."""
        respondents = self.case(number).respondents
        share = 100 // len(respondents)
        lines = tuple(forms.ChargeLine(respondent=r["id"], clause=clause, share=share) for r in respondents)
        return self.act(who, number, forms.Classify(text="意见一致", charges=lines))

    def penalized(self, *respondents: str, points: str = "4", yuan: str = "300", **values: Any) -> str:
        """Return a complaint with one penalty per respondent; the sums are those of the whole charge."""
        number = self.classified(*respondents, **values)
        shares = len(self.case(number).respondents)
        self.penalize(number, points=str(Decimal(points) / shares), yuan=str(Decimal(yuan) / shares))
        return number

    def penalize(self, number: str, *, points: str, yuan: str, who: str = "liumin") -> Advanced:
        """Decide the same sum on every open charge."""
        return self.act(who, number, self.penalties(number, points, yuan))

    def penalties(self, number: str, points: str, yuan: str) -> forms.Penalize:
        """Return the form that decides the same sum on every open charge."""
        lines = tuple(sum_of(charge["id"], points, yuan) for charge in self.case(number).undecided)
        return forms.Penalize(text="承诺未兑现", penalties=lines)

    def served(self, *respondents: str, **values: Any) -> str:
        """Return a complaint whose penalties were all handed over on paper."""
        number = self.penalized(*respondents, **values)
        for penalty in self.case(number).penalties:
            self.act("xuwenjing", number, forms.Serve(penalty=penalty["id"], how="paper"))
        return number

    def appealed(self, *respondents: str, **values: Any) -> str:
        """Return a complaint whose first respondent appealed."""
        number = self.served(*respondents, **values)
        self.appeal(number, (respondents or ("wangjianguo",))[0])
        return number

    def appeal(self, number: str, who: str) -> Advanced:
        """Appeal against the person's own penalty."""
        penalty = self.penalty(number, who)["id"]
        return self.act(who, number, forms.Appeal(penalty=penalty, how="page", text=REASON))

    def reply(self, number: str) -> Advanced:
        """Answer the customer."""
        return self.act("xuwenjing", number, forms.Reply(text="已整改，特此致歉"))

    def penalty(self, number: str, who: str = "wangjianguo") -> Row:
        """Return a person's newest penalty."""
        person = self.cast[who].id
        return [p for p in self.case(number).penalties if p["person_id"] == person][-1]

    def deadline(self, number: str, step: str) -> Row:
        """Return the running clock of a step."""
        (one,) = [d for d in self.case(number).running if d["step"] == step]
        return one

    def mails_since(self, mark: str = "") -> list[tuple[str, str]]:
        """Return (slug, to whom) of the mails posted after a mark."""
        with self.place.reading(SYSTEM) as tx:
            return [(row[0], row[1]) for row in MAILS.run(tx, after=mark).fetchall()]

    def mark(self) -> str:
        """Return a mark behind the newest mail."""
        with self.place.reading(SYSTEM) as tx:
            return str(LAST_MAIL.one(tx)[0])

    def deliver(self, number: str, who: str = "wangjianguo") -> None:
        """Let the relay accept a penalty notice now."""
        with self.place.transaction(SYSTEM) as tx:
            ACCEPTED.run(tx, id=self.penalty(number, who)["letter_id"], now=tx.now)

    def events(self, number: str) -> list[dict[str, Any]]:
        """Return a complaint's audit events in order."""
        with self.place.reading(SYSTEM) as tx:
            return [json.loads(row[1]) for row in EVENTS.run(tx, id=load(tx, number).id).fetchall()]

    def orders(self) -> dict[str, int]:
        """Return what payroll was ordered to take, by penalty."""
        with self.place.reading(SYSTEM) as tx:
            return {row[0]: row[1] for row in ORDERS.run(tx).fetchall()}

    def row(self, text: str, **values: Any) -> dict[str, Any]:
        """Return one row of any table."""
        with self.place.reading(SYSTEM) as tx:
            found = Statement(text).row(tx, **values)
        assert found is not None, text
        return dict(with_moments(found))

    def sweep(self) -> Swept:
        """Let the house do what came due; nothing may fail."""
        done = sweep(self.place)
        assert done.failed == 0, "see the log of svcqa.sweep"
        return done

    def demand_sound(self) -> None:
        """Fail unless the rows are the fold of the events and the chain is whole."""
        with self.place.reading(SYSTEM) as tx:
            assert compare(tx, seal=tx.seal) == []
            assert verify(tx).fault is None
