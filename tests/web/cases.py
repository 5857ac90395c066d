"""Complaints led to where a page needs them, through the real services."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from svcqa.casework import complaints, forms, registering
from svcqa.casework.snapshot import Case, load
from svcqa.kernel.statements import insert
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import people
from tests.cast import Cast

TOOK_PART = insert("participation", "complaint_id person_id instance")
SUBJECT = "承诺两小时内回电，至次日仍未联系客户"


@dataclass(frozen=True)
class Cases:
    """Leads complaints on: xuwenjing handles, liumin decides, wangjianguo (and others) are complained of."""

    place: Workplace
    cast: Cast

    def registered(self, **more: Any) -> str:
        """Register a complaint as xuwenjing and return its number."""
        values = {
            "subject": SUBJECT,
            "channel": "hotline",
            "occurred_at": self.place.clock.now() - timedelta(days=5),
            "complainant": "林女士",
            "phone": "13812342210",
            "email": "lin@example.com",
        }
        with self.place.transaction(self.cast.actor("xuwenjing")) as tx:
            return registering.register(tx, form=forms.Register(**{**values, **more}), source="web")

    def took_part(self, number: str, name: str, instance: str) -> None:
        """Let somebody have taken part in a complaint, whatever really happened."""
        with self.place.transaction(SYSTEM) as tx:
            person_id = self.cast[name].id
            TOOK_PART.run(tx, complaint_id=self.read(number).id, person_id=person_id, instance=instance)

    def go(self, number: str, name: str, form: forms.Form, *, via: str = "web") -> complaints.Advanced:
        """Lead a complaint one step on as the named person."""
        with self.place.transaction(self.cast.actor(name, via=via)) as tx:
            return complaints.advance(tx, number, form=form)

    def read(self, number: str) -> Case:
        """Read a complaint as it stands."""
        with self.place.reading(SYSTEM) as tx:
            return load(tx, number)

    def verified(self, *respondents: str, **more: Any) -> str:
        """Return a complaint that was found true about these persons or units (wangjianguo when none is named)."""
        number = self.registered(**more)
        keys = tuple(self._key(name) for name in respondents or ("wangjianguo",))
        form = forms.Verify(
            finding="responsible",
            text="调取录音，情况属实。",
            respondents=keys,
            no_evidence_reason="录音已过期。",
        )
        self.go(number, "xuwenjing", form)
        return number

    def _key(self, name: str) -> str:
        """Return what a form takes for a person by pinyin or a unit by code."""
        with self.place.reading(SYSTEM) as tx:
            return name if people.unit_coded(tx, name) else self.cast[name].staff_number

    def classified(self, *respondents: str, clause: str = "7.2.1", **more: Any) -> str:
        """Return a complaint whose respondents were heard and share one clause in equal parts."""
        number = self.verified(*respondents, **more)
        who = self.read(number).respondents
        for respondent in who:
            self.go(number, "xuwenjing", forms.Hear(text="当时忘了回电。", respondent=respondent["id"]))
        share, rest = divmod(100, len(who))
        charges = tuple(
            forms.ChargeLine(respondent=r["id"], clause=clause, share=share + (rest if i == 0 else 0))
            for i, r in enumerate(who)
        )
        self.go(number, "xuwenjing", forms.Classify(text="情节一致。", charges=charges))
        return number

    def penalized(self, *respondents: str, points: str = "3", yuan: str = "200", **more: Any) -> str:
        """Return a complaint on whose every charge liumin decided the same penalty."""
        number = self.classified(*respondents, **more)
        lines = tuple(
            forms.PenaltyLine(charge=charge["id"], points=points, yuan=yuan)
            for charge in self.read(number).charges
        )
        self.go(number, "liumin", forms.Penalize(text="承诺未兑现，按条款处罚。", penalties=lines))
        return number

    def appealed(self, **more: Any) -> str:
        """Return a complaint whose wangjianguo confirmed the visit and appealed."""
        number = self.penalized(**more)
        penalty = self.read(number).penalties[0]["id"]
        self.go(number, "wangjianguo", forms.Serve(penalty=penalty, how="visit"), via="link")
        self.go(
            number,
            "wangjianguo",
            forms.Appeal(penalty=penalty, how="link", text="录音可以证明我已经回电说明了情况。"),
            via="link",
        )
        return number
