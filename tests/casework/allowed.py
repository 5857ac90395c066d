"""Who may do what in a complaint told again: one short sentence per move, written apart from `states`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from tests.casework.telling_again import OPEN, Args, Told

OFFICERS = {"xuwenjing", "hanlei", "fangxiaomei", "chengyiming"}
SUPERVISORS = {"liumin", "wuhaifeng"}
REVIEWERS = {"zhouhuimin", "gaoyuan", "zhengpeipei"}
ROLES: dict[str, set[str]] = {
    "xuwenjing": {"officer"},
    "hanlei": {"officer", "supervisor"},
    "liumin": {"supervisor"},
    "wuhaifeng": {"supervisor"},
    "zhouhuimin": {"reviewer"},
    "gaoyuan": {"reviewer", "officer"},
    "zhengpeipei": {"reviewer"},
    "zhaozhiqiang": {"unit_head"},
    "wangjianguo": set(),
    "chensiyu": set(),
}
"""hanlei and gaoyuan were lent a second role; the roster, which staffing is judged by, does not know it."""


@dataclass(frozen=True)
class Try:
    """Somebody tries a move on a complaint at a moment."""

    c: Told
    who: str
    args: Args
    now: datetime

    def has(self, *roles: str) -> bool:
        """Whether the person has one of these roles."""
        return bool(ROLES[self.who] & set(roles))

    @property
    def outside(self) -> bool:
        """Whether the person is no respondent."""
        return self.who not in self.c.people

    def only(self, instance: str) -> bool:
        """Whether the person is no respondent and acted in no other instance."""
        return self.outside and {i for w, i in self.c.parts if w == self.who} <= {instance}

    @property
    def fine(self) -> bool:
        """Whether nothing holds the complaint open."""
        return self.c.customer_done and not self.c.waits(self.now)

    def confirms(self, kind: str) -> bool:
        """Whether this was proposed by somebody else and nothing holds the complaint open."""
        return self.outside and self.c.proposal[0] == kind and self.c.proposal[1] != self.who and self.fine

    @property
    def mine(self) -> bool:
        """Whether the penalty at hand is the person's own."""
        return bool(self.who == self.args["person"])

    def state_of_penalty(self, *states: str) -> bool:
        """Whether the penalty at hand is in one of these states."""
        return self.args["penalty"] is not None and self.args["penalty"]["state"] in states

    def reviewer_left(self, *hit: str) -> bool:
        """Whether a reviewer remains who took no other part."""
        return bool(self.free() - set(hit))

    def free(self) -> set[str]:
        """Return the reviewers who took no other part and take none now."""
        return REVIEWERS - {self.who} - set(self.c.people) - self.c.took("handle", "decide")

    def reviewer_left_for(self, people: Iterable[str]) -> bool:
        """Whether each of these could appeal once more to somebody who has not heard them in this case."""
        return bool(self.free()) and all(self.free() - self.c.heard_by(one) for one in people)

    def decider_left(self, *hit: str) -> bool:
        """Whether a supervisor remains who took no other part."""
        return bool(SUPERVISORS - {self.who, *hit} - set(self.c.people) - self.c.took("handle", "review"))

    def handler_left(self, *hit: str) -> bool:
        """Whether an officer remains who took no other part."""
        return bool(OFFICERS - set(hit) - set(self.c.people) - self.c.took("decide", "review"))


def verify(t: Try) -> bool:
    named = t.args["people"]
    staffed = t.decider_left(*named) and t.reviewer_left(*named) and t.handler_left(*named)
    somebody = bool(t.c.people or named)
    return t.has("officer", "unit_head") and t.who not in named and somebody and t.only("handle") and staffed


def withdraw(t: Try) -> bool:
    free = t.c.finding != "responsible" and not t.c.behind and not t.c.waits(t.now)
    return t.has("officer") and t.outside and free


def merge(t: Try) -> bool:
    lead = t.args["lead"]
    free = not t.c.behind and not t.c.waits(t.now)
    return t.has("officer") and t.outside and free and lead is not t.c and lead.state != "closed"


def send_back(t: Try) -> bool:
    return (
        t.has("supervisor", "officer") and t.outside and (not t.c.returns[t.c.state] or t.has("supervisor"))
    )


def hear(t: Try) -> bool:
    once = t.args["person"] not in t.c.heard
    return t.args["person"] in t.c.people and once and (t.has("officer") or t.mine)


def classify(t: Try) -> bool:
    found = t.c.finding == "responsible" and bool(t.c.people)
    return (
        t.has("officer")
        and t.only("handle")
        and found
        and t.decider_left()
        and t.reviewer_left_for(t.c.people.keys() - t.c.kept)
    )


def penalize(t: Try) -> bool:
    heard = all(until is None or until <= t.now or w in t.c.heard for w, until in t.c.people.items())
    heavy = any(t.args["fen"] > t.c.caps.get(w, t.args["fen"]) for w in t.c.undecided)
    return (
        t.has("supervisor")
        and t.only("decide")
        and t.reviewer_left_for(t.c.undecided)
        and heard
        and not heavy
    )


def serve(t: Try) -> bool:
    may = t.has("officer") and t.outside if t.args["how"] == "paper" else t.mine
    return may and t.state_of_penalty("decided")


def rescind(t: Try) -> bool:
    if not t.state_of_penalty("decided", "served"):
        return False
    alone = not t.c.others(t.args["penalty"], "decided", "served")
    return t.has("supervisor") and t.only("decide") and alone and t.reviewer_left_for([t.args["person"]])


def appeal(t: Try) -> bool:
    """Every penalty in these games takes money, so what is final is ordered and cannot be appealed late."""
    how = t.args["how"]
    late = how == "late" and t.has("reviewer") and not t.mine
    may = t.mine or late or (how == "paper" and t.has("officer"))
    return may and t.state_of_penalty("served") and (late or t.now <= t.args["penalty"]["ends"])


def review(t: Try) -> bool:
    heard_before = t.who in t.c.heard_by(t.args["person"])
    return t.has("reviewer") and t.only("review") and t.state_of_penalty("appealed") and not heard_before


def remand(t: Try) -> bool:
    if not review(t):
        return False
    once = not any(p["who"] == t.args["person"] and p["state"] == "remanded" for p in t.c.penalties)
    alone = not t.c.others(t.args["penalty"], "appealed", "decided", "served")
    return once and alone and t.reviewer_left_for([t.args["person"]]) and t.handler_left(t.who)


Rule = tuple[tuple[str, ...], Callable[[Try], bool]]

RULES: dict[str, Rule] = {
    "verify": (("received",), verify),
    "propose_dismissal": (("received",), lambda t: t.has("officer") and t.outside),
    "dismiss": (("received",), lambda t: t.has("officer", "supervisor") and t.confirms("dismissal")),
    "withdraw": (("received", "verified"), withdraw),
    "merge": (("received", "verified"), merge),
    "propose_settlement": (("verified",), lambda t: t.has("unit_head") and t.outside),
    "settle": (("verified",), lambda t: t.has("officer") and t.confirms("settlement")),
    "propose_exoneration": (("verified",), lambda t: t.has("officer") and t.outside),
    "exonerate": (
        ("verified",),
        lambda t: t.has("supervisor") and t.only("decide") and t.confirms("exoneration"),
    ),
    "return": (("verified", "classified"), send_back),
    "hear": (("verified", "classified"), hear),
    "classify": (("verified",), classify),
    "penalize": (("classified",), penalize),
    "waive": (("classified",), lambda t: t.has("supervisor") and t.only("decide") and t.fine),
    "serve": (("penalized", "appealed"), serve),
    "rescind": (("penalized",), rescind),
    "appeal": (("penalized", "appealed"), appeal),
    "retract": (("appealed",), lambda t: t.mine and t.state_of_penalty("appealed")),
    "uphold": (("appealed",), review),
    "reduce": (("appealed",), review),
    "revoke": (("appealed",), review),
    "remand": (("appealed",), remand),
    "reply": (OPEN, lambda t: t.has("officer") and t.outside and not t.c.customer_done),
    "assign": (OPEN, lambda t: t.has("supervisor", "officer") and t.outside),
    "close": (("penalized",), lambda t: t.has("officer") and t.outside and t.fine),
    "reopen": (("closed",), lambda t: t.has("supervisor") and not t.c.reopened),
}


def allows(c: Told, who: str, move: str, args: Args, now: datetime) -> bool:
    """Tell whether the law lets this person make this move now."""
    states, rule = RULES[move]
    return c.state in states and rule(Try(c, who, args, now))
