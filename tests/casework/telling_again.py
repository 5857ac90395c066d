"""A complaint told a second time, small and apart from the services: dictionaries and names.

`allowed.py` says who may do what in it; here stands what a move does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

STANDING = {"decided", "served", "appealed", "final", "upheld", "reduced"}
OPEN = ("received", "verified", "classified", "penalized", "appealed")
AFTER = timedelta(hours=48)
LIGHT, HEAVY, REDUCED = 20_000, 50_000, 10_000

Penalty = dict[str, Any]
Args = dict[str, Any]
Due = Callable[[datetime], datetime]


@dataclass
class Told:
    """One complaint. `people` are the respondents with the end of their term to be heard, once invited."""

    number: str
    window: Due
    hearing: Due
    least: Due
    state: str = "received"
    finding: str = ""
    proposal: tuple[str, str] = ("", "")
    parts: set[tuple[str, str]] = field(default_factory=set)
    people: dict[str, datetime | None] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    charged: set[str] = field(default_factory=set)
    penalties: list[Penalty] = field(default_factory=list)
    caps: dict[str, int] = field(default_factory=dict)
    owed: bool = True
    answered: bool = False
    merged: list["Told"] = field(default_factory=list)
    lead: "Told | None" = None
    returns: dict[str, int] = field(default_factory=lambda: {"verified": 0, "classified": 0})
    reopened: int = 0

    def of(self, person: str) -> Penalty | None:
        """Return a person's newest penalty."""
        return next((p for p in reversed(self.penalties) if p["who"] == person), None)

    def others(self, penalty: Penalty, *states: str) -> bool:
        """Tell whether another penalty is in one of these states."""
        return any(p["state"] in states and p is not penalty for p in self.penalties)

    def waits(self, now: datetime) -> bool:
        """Tell whether a penalty is unserved, contested or contestable."""
        return any(
            p["state"] in ("decided", "appealed") or (p["state"] == "served" and now <= p["ends"])
            for p in self.penalties
        )

    @property
    def behind(self) -> list["Told"]:
        """The merged complaints whose customers wait."""
        return [m for m in self.merged if m.owed and not m.answered]

    @property
    def customer_done(self) -> bool:
        """Whether every customer has the answer that is owed."""
        return not self.behind and (self.answered or not self.owed)

    @property
    def undecided(self) -> set[str]:
        """Who is charged and has neither a standing nor a revoked penalty."""
        kept = STANDING | {"revoked"}
        return {w for w in self.charged if not ((p := self.of(w)) and p["state"] in kept)}

    @property
    def kept(self) -> set[str]:
        """Whose charge a new classification leaves alone."""
        return self.charged - self.undecided

    def heard_by(self, person: str) -> set[str]:
        """Return who reviewed an appeal of the person in this complaint."""
        return {p["by"] for p in self.penalties if p["who"] == person and p["by"]}

    def took(self, *instances: str) -> set[str]:
        """Return who acted in these instances."""
        return {who for who, instance in self.parts if instance in instances}

    def fix_cap(self, penalty: Penalty) -> None:
        """Remember what stands as the heaviest that may ever stand again."""
        now = penalty["fen"] if penalty["state"] in STANDING else 0
        self.caps[penalty["who"]] = min(now, self.caps.get(penalty["who"], now))


def follow(c: Told, who: str, move: str, args: Args, now: datetime) -> None:
    """Do what an allowed move does."""
    EFFECTS[move](c, who, args, now)


def verify(c: Told, who: str, args: Args, now: datetime) -> None:
    c.state, c.finding, c.proposal = "verified", args["finding"], ("", "")
    c.parts.add((who, "handle"))
    for person in args["people"]:
        c.people.setdefault(person, None)
    if c.finding == "responsible":
        for person, until in c.people.items():
            if until is None and person not in c.heard:
                c.people[person] = c.hearing(now)


def propose(kind: str) -> Callable[[Told, str, Args, datetime], None]:
    def effect(c: Told, who: str, args: Args, now: datetime) -> None:
        c.proposal = (kind, who)

    return effect


def end(c: Told, who: str, args: Args, now: datetime) -> None:
    c.state = "closed"


def withdraw(c: Told, who: str, args: Args, now: datetime) -> None:
    c.state, c.owed = "closed", False


def merge(c: Told, who: str, args: Args, now: datetime) -> None:
    c.state, c.lead = "closed", args["lead"]
    args["lead"].merged.append(c)


def decide_and_end(c: Told, who: str, args: Args, now: datetime) -> None:
    c.parts.add((who, "decide"))
    c.state = "closed"


def send_back(c: Told, who: str, args: Args, now: datetime) -> None:
    c.returns[c.state] += 1
    c.state, c.proposal = OPEN[OPEN.index(c.state) - 1], ("", "")


def hear(c: Told, who: str, args: Args, now: datetime) -> None:
    c.heard.add(args["person"])


def classify(c: Told, who: str, args: Args, now: datetime) -> None:
    c.parts.add((who, "handle"))
    c.state, c.charged, c.proposal = "classified", set(c.people), ("", c.proposal[1])


def penalize(c: Told, who: str, args: Args, now: datetime) -> None:
    c.parts.add((who, "decide"))
    for person in c.undecided:
        promised = c.window(now + AFTER)
        c.penalties.append(
            {
                "who": person,
                "state": "decided",
                "fen": args["fen"],
                "promised": promised,
                "by": "",
                "accepted": None,
            }
        )
    c.state = "penalized"


def serve(c: Told, who: str, args: Args, now: datetime) -> None:
    start_window(c, args["penalty"], now, now)


def start_window(c: Told, penalty: Penalty, at: datetime, now: datetime) -> None:
    penalty |= {"state": "served", "ends": max(c.window(at), penalty["promised"], c.least(now))}


def rescind(c: Told, who: str, args: Args, now: datetime) -> None:
    c.parts.add((who, "decide"))
    c.fix_cap(args["penalty"])
    args["penalty"]["state"] = "rescinded"
    c.state = "classified"


def appeal(c: Told, who: str, args: Args, now: datetime) -> None:
    args["penalty"]["state"] = "appealed"
    c.fix_cap(args["penalty"])
    c.state = "appealed"


def retract(c: Told, who: str, args: Args, now: datetime) -> None:
    args["penalty"]["state"] = "final"
    c.state = "appealed" if c.others(args["penalty"], "appealed") else "penalized"


def review(state: str, fen: int | None) -> Callable[[Told, str, Args, datetime], None]:
    def effect(c: Told, who: str, args: Args, now: datetime) -> None:
        penalty = args["penalty"]
        c.parts.add((who, "review"))
        penalty |= {"state": state, "by": who, "fen": penalty["fen"] if fen is None else fen}
        c.fix_cap(penalty)
        c.state = "closed" if c.customer_done and not c.others(penalty, "decided", "served") else "penalized"
        if c.others(penalty, "appealed"):
            c.state = "appealed"

    return effect


def remand(c: Told, who: str, args: Args, now: datetime) -> None:
    c.parts.add((who, "review"))
    args["penalty"] |= {"state": "remanded", "by": who}
    c.state = "verified"


def reply(c: Told, who: str, args: Args, now: datetime) -> None:
    for told in [c, *c.behind]:
        told.answered = True


def assign(c: Told, who: str, args: Args, now: datetime) -> None:
    """Change nothing the law asks about."""


def close(c: Told, who: str, args: Args, now: datetime) -> None:
    lapse(c, now)
    c.state = "closed"


def reopen(c: Told, who: str, args: Args, now: datetime) -> None:
    c.state = "verified" if c.finding else "received"
    c.reopened, c.answered, c.owed, c.proposal = c.reopened + 1, False, True, ("", "")
    if c.lead:
        c.lead.merged.remove(c)
        c.lead = None


def lapse(c: Told, now: datetime) -> bool:
    """Let every window that is over lapse; tell whether one was."""
    over = [p for p in c.penalties if p["state"] == "served" and p["ends"] < now]
    for penalty in over:
        penalty["state"] = "final"
    return bool(over)


def sweep(c: Told, now: datetime) -> None:
    """Do what comes due by itself."""
    for penalty in c.penalties:
        if penalty["state"] == "decided" and penalty["accepted"] and now >= penalty["accepted"] + AFTER:
            start_window(c, penalty, penalty["accepted"] + AFTER, now)
    if lapse(c, now) and c.state == "penalized" and c.customer_done and not c.waits(now):
        c.state = "closed"


EFFECTS: dict[str, Callable[[Told, str, Args, datetime], None]] = {
    "verify": verify,
    "propose_dismissal": propose("dismissal"),
    "dismiss": end,
    "withdraw": withdraw,
    "merge": merge,
    "propose_settlement": propose("settlement"),
    "settle": end,
    "propose_exoneration": propose("exoneration"),
    "exonerate": decide_and_end,
    "return": send_back,
    "hear": hear,
    "classify": classify,
    "penalize": penalize,
    "waive": decide_and_end,
    "serve": serve,
    "rescind": rescind,
    "appeal": appeal,
    "retract": retract,
    "uphold": review("upheld", None),
    "reduce": review("reduced", REDUCED),
    "revoke": review("revoked", 0),
    "remand": remand,
    "reply": reply,
    "assign": assign,
    "close": close,
    "reopen": reopen,
}
