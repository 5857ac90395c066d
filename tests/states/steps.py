"""What a step does to the small world: what people can ask for, and the effect of what the law allows.

The effects mirror casework's; whether a step may be made is asked of the real laws and of nothing else.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, product
from typing import Any

from states import Law, Refused, Step
from states import penalty as penalty_law
from states.complaint import CLOSED, LAW
from states.complaint_facts import DECIDE, HANDLE, REVIEW, Facts
from tests.states.world import SYSTEM, Cast, Charge, Facing, Request, World, total

OUTCOMES = {"uphold": "upheld", "reduce": "reduced", "revoke": "revoked", "remand": "remanded"}
FOCUSED = {
    move: penalty_law.LAW.move(move).sources for move in ("serve", "rescind", "appeal", "retract", *OUTCOMES)
}
ALIKE = {"serve", "hear", "reopen"}
"""Moves of which the laws ask the role alone, and which leave no trace of the person."""
HOW = {
    "serve": {SYSTEM: "mailed", "officer": "handed over"},
    "appeal": {"employee": "page", "unit_head": "page", "officer": "paper", "reviewer": "late"},
}
PARTS = {
    "verify": HANDLE,
    "classify": HANDLE,
    "exonerate": DECIDE,
    "penalize": DECIDE,
    "waive": DECIDE,
    "rescind": DECIDE,
    **dict.fromkeys(OUTCOMES, REVIEW),
}

Effect = Callable[["Life", World, Request], World]


class Life(Facing):
    """A complaint led through its law, one request at a time."""

    def __init__(self, cast: Cast, law: Law[Facts] = LAW) -> None:
        super().__init__(cast)
        self.law = law
        self.rulings: dict[tuple[str, str, Facts], Step | Refused] = {}

    def requests(self, world: World) -> Iterator[Request]:
        """Yield what anybody could ask for in this state, lawful or not."""
        acted = {person for person, _ in world.parts} | {world.proposal[1]} | self.cast.marked
        for move in self.law.moves:
            if world.state in move.sources and move.name not in self.cast.leave_out:
                for actor, role in self.actors(set() if move.name in ALIKE else acted, move.roles):
                    for focus in self._focuses(world, move.name):
                        for form in self._forms(world, move.name, role):
                            if self.cast.leave_out.isdisjoint(form):
                                yield Request(move.name, actor, focus, form)

    def actors(self, known: AbstractSet[str], roles: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Yield (person, role) for these roles; of people nobody can tell apart yet, only the first."""
        if SYSTEM in roles:
            yield SYSTEM, SYSTEM
        fresh: set[str] = set()
        for person, held in self.cast.roles.items():
            role = next((role for role in held.split() if role in roles), "")
            if role and (person in known or held not in fresh):
                yield person, role
                if person not in known:
                    fresh.add(held)

    def _focuses(self, world: World, move: str) -> list[int]:
        if move not in FOCUSED:
            return [-1]
        return [place for place, charge in enumerate(world.charges) if charge.penalty in FOCUSED[move]]

    def _forms(self, world: World, move: str, role: str) -> Iterable[tuple[Any, ...]]:
        match move:
            case "verify":
                return [("responsible",), ("not_responsible",)]
            case "classify":
                free = [place for place, c in enumerate(world.charges) if not c.made or c.undecided]
                return chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
            case "penalize":
                return self._decisions(world)
            case "reduce":
                return [(left,) for left in sorted(set(chain(*self.cast.sums)))]
            case "serve" | "appeal":
                return [(how,) for how in [HOW[move].get(role)] if how]
        return [()]

    def _decisions(self, world: World) -> Iterator[tuple[tuple[int, int], ...]]:
        """Yield every sum for every open charge, and the heaviest for all charges, open or not."""
        places = [place for place, charge in enumerate(world.charges) if charge.made]
        unsettled = [place for place in places if world.charges[place].undecided]
        for sums in product(*(self.cast.sums[place] for place in unsettled)):
            yield tuple(zip(unsettled, sums, strict=True))
        yield tuple((place, max(self.cast.sums[place])) for place in places)

    def ask(self, world: World, request: Request) -> Step | Refused:
        """Return what the complaint's law says to a request."""
        key = (world.state, request.move, self.gather(world, request))
        ruling = self.rulings.get(key)
        if ruling is None:
            ruling = self.rulings[key] = self._ruling(*key)
        return ruling

    def _ruling(self, state: str, move: str, facts: Facts) -> Step | Refused:
        try:
            return self.law.advance(state, move, facts)
        except Refused as refused:
            return refused

    def steps(self, world: World) -> Iterator[tuple[Request, World]]:
        """Yield every step the laws allow, and every event that time and others bring."""
        for request in self.requests(world):
            ruling = self.ask(world, request)
            if isinstance(ruling, Step):
                try:
                    yield request, self.apply(world, request, ruling)
                except Refused:
                    continue  # the penalty's own law refuses
        yield from self.events(world)

    def events(self, world: World) -> Iterator[tuple[Request, World]]:
        """Yield what happens by itself: a term or window ends, a window lapses, another case is merged in."""
        if world.hearing == "invited":
            yield Request("term over", "time"), world._replace(hearing="heard")
        for place, charge in enumerate(world.charges):
            if charge.penalty == "served" and charge.running:
                yield Request("window over", "time", place), put(world, place, running=False)
            elif charge.penalty == "served":
                yield Request("lapse", SYSTEM, place), lapsed(world, place)
        if not world.follower and world.state != CLOSED and "follow" not in self.cast.leave_out:
            yield Request("follow", "officer"), world._replace(follower="waiting")

    def apply(self, world: World, request: Request, step: Step) -> World:
        """Return the world after a step; raises Refused where the penalty's own law does."""
        effect = EFFECTS.get(request.move)
        after = effect(self, world, request) if effect else world
        if request.move in PARTS:
            after = after._replace(parts=after.parts | {(request.actor, PARTS[request.move])})
        return after._replace(state=step.target)

    def verify(self, world: World, request: Request) -> World:
        """Write the finding and the respondents; who is found responsible is invited to be heard."""
        (finding,) = request.form
        hearing = "invited" if finding == "responsible" and not world.hearing else world.hearing
        named = frozenset(self.cast.respondents)
        return world._replace(finding=finding, named=named, hearing=hearing, proposal=("", ""))

    def classify(self, world: World, request: Request) -> World:
        """Replace the open charges by those of the form."""
        charges = list(world.charges)
        for place, charge in enumerate(world.charges):
            if not charge.made or charge.undecided:
                new = Charge(made=place in request.form, sent_back=charge.sent_back)
                charges[place] = new._replace(remands=self.remembered(world, place))
        return world._replace(charges=tuple(charges), proposal=("", ""))

    def remembered(self, world: World, place: int) -> int:
        """Return the remands a charge made anew remembers: the most of its respondent's."""
        whom = self.cast.charged[place]
        return max(c.remands for c, one in zip(world.charges, self.cast.charged, strict=True) if one == whom)

    def penalize(self, world: World, request: Request) -> World:
        """Decide one penalty per line."""
        step = penalty_law.LAW.advance("new", "decide", penalty_law.Facts())
        for place, decided in request.form:
            barred = frozenset(self.before(world, self.cast.charged[place]))
            doubled = world.charges[place].stands
            new = {"barred": barred, "doubled": doubled, "contested": False}
            world = put(world, place, penalty=step.target, sum=decided, **new)
        return world

    def penalty_step(self, world: World, request: Request) -> World:
        """Lead one penalty on by its own law."""
        place, charge = request.focus, world.charges[request.focus]
        facts = penalty_law.Facts(window_open=True)
        state = penalty_law.LAW.advance(charge.penalty, request.move, facts).target
        if request.move == "rescind":
            return put(self.fix_cap(world, place), place, penalty=state, sum=0)
        after = put(world, place, penalty=state, running=state == "served")
        if request.move == "appeal":
            after = put(after, place, contested=True)
        if request.move in OUTCOMES:
            review = (self.cast.charged[place], request.actor)
            after = after._replace(reviews=after.reviews | {review})
        if request.move == "remand":
            sent_back = charge.sent_back + 1
            return put(after, place, sum=0, remands=charge.remands + 1, sent_back=sent_back)
        if request.move in {"reduce", "revoke"}:
            after = put(after, place, sum=request.form[0] if request.form else 0)
        return after if request.move in {"serve", "retract"} else self.fix_cap(after, place)

    def reopen(self, world: World, _: Request) -> World:
        """Open again: the customer is owed an answer anew, the standing penalties stay."""
        answered = self.cast.start().answered
        again = world._replace(owed=True, answered=answered, proposal=("", ""), how="")
        return again._replace(reopened=min(world.reopened + 1, 2))

    def fix_cap(self, world: World, place: int) -> World:
        """Remember the respondent's present total as the heaviest that may ever stand again."""
        whom = self.cast.charged[place]
        slot, now = self.cast.respondents.index(whom), total(self.cast, world.charges, whom)
        return world._replace(
            caps=lowered(world.caps, slot, now), lightest=lowered(world.lightest, slot, now)
        )


def put(world: World, place: int, **values: Any) -> World:
    """Return the world with one charge changed."""
    charges = list(world.charges)
    charges[place] = charges[place]._replace(**values)
    return world._replace(charges=tuple(charges))


def lapsed(world: World, place: int) -> World:
    """Return the world with a penalty final whose window is over."""
    step = penalty_law.LAW.advance(world.charges[place].penalty, "lapse", penalty_law.Facts())
    return put(world, place, penalty=step.target)


def lowered(caps: tuple[int, ...], slot: int, now: int) -> tuple[int, ...]:
    """Return the caps with one of them at most at this total."""
    return (*caps[:slot], min(caps[slot], now), *caps[slot + 1 :])


def proposing(kind: str) -> Effect:
    """Return the effect of proposing an ending."""
    return lambda _, world, request: world._replace(proposal=(kind, request.actor))


def send_back(_: Life, world: World, __: Request) -> World:
    """Count the return; a proposal made before it is void."""
    return world._replace(returned=world.returned | {world.state}, proposal=("", ""))


def close(_: Life, world: World, __: Request) -> World:
    """Let every penalty whose window is over become final."""
    for place, charge in enumerate(world.charges):
        if charge.penalty == "served" and not charge.running:
            world = lapsed(world, place)
    return world


EFFECTS: dict[str, Effect] = {
    "verify": Life.verify,
    "propose_dismissal": proposing("dismissal"),
    "propose_settlement": proposing("settlement"),
    "propose_exoneration": proposing("exoneration"),
    "withdraw": lambda _, world, __: world._replace(owed=False, how="withdrawn"),
    "merge": lambda _, world, __: world._replace(how="merged"),
    "return": send_back,
    "hear": lambda _, world, __: world._replace(hearing="heard"),
    "classify": Life.classify,
    "penalize": Life.penalize,
    "reply": lambda _, world, __: world._replace(answered=True, follower=world.follower and "answered"),
    "close": close,
    "reopen": Life.reopen,
    **dict.fromkeys(FOCUSED, Life.penalty_step),
}
