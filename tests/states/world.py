"""One complaint, small enough to be searched whole: its cast, its world, and the facts the law asks about.

The facts are gathered here as casework gathers them, from a world of a few values instead of rows.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from states import penalty as penalty_law
from states.complaint import RECEIVED
from states.complaint_facts import DECIDE, HANDLE, REVIEW, Facts

NO_CAP = 99
SYSTEM = "system"
NEEDED = {"officer", "supervisor", "reviewer"}


class Charge(NamedTuple):
    """A charge with its latest penalty. `barred` reviewed an earlier penalty of this respondent.

    `remands` is what the charge remembers, `sent_back` and `doubled` are what really happened to it.
    """

    made: bool = False
    penalty: str = ""
    running: bool = False
    sum: int = 0
    barred: frozenset[str] = frozenset()
    remands: int = 0
    sent_back: int = 0
    doubled: bool = False
    contested: bool = False

    @property
    def stands(self) -> bool:
        """Tell whether its penalty stands."""
        return self.penalty in penalty_law.STANDING

    @property
    def undecided(self) -> bool:
        """Tell whether it is still to be decided."""
        return self.made and not self.stands and self.penalty != "revoked"


class World(NamedTuple):
    """A complaint as it stands. `caps` is what casework remembers, `lightest` what appeals really fixed."""

    charges: tuple[Charge, ...]
    caps: tuple[int, ...]
    lightest: tuple[int, ...]
    state: str = RECEIVED
    finding: str = ""
    named: frozenset[str] = frozenset()
    hearing: str = ""
    parts: frozenset[tuple[str, str]] = frozenset()
    reviews: frozenset[tuple[str, str]] = frozenset()
    proposal: tuple[str, str] = ("", "")
    returned: frozenset[str] = frozenset()
    owed: bool = True
    answered: bool = True
    follower: str = ""
    reopened: int = 0
    how: str = ""

    def participants(self, *instances: str) -> set[str]:
        """Return who acted in one of these instances."""
        return {person for person, instance in self.parts if instance in instances}


class Request(NamedTuple):
    """A move that somebody asks for: `focus` is a charge's place, `form` what is typed."""

    move: str
    actor: str
    focus: int = -1
    form: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Cast:
    """Who there is, whom each charge would hit, and which moves this search leaves out."""

    roles: dict[str, str]
    charged: tuple[str, ...] = ("wang", "zhao")
    heads: dict[str, str] = field(default_factory=dict)
    superiors: frozenset[str] = frozenset()
    sums: tuple[tuple[int, ...], ...] = ((1, 2), (1,))
    leave_out: frozenset[str] = frozenset()

    @cached_property
    def respondents(self) -> tuple[str, ...]:
        """Return whom the charges would hit, each once."""
        return tuple(dict.fromkeys(self.charged))

    def start(self) -> World:
        """Return the complaint just registered."""
        free = tuple(NO_CAP for _ in self.respondents)
        none = tuple(Charge() for _ in self.charged)
        return World(none, free, free, answered="reply" in self.leave_out)

    @cached_property
    def having(self) -> dict[str, frozenset[str]]:
        """Return who has each role."""
        roles = {role for held in self.roles.values() for role in held.split()} | NEEDED
        return {
            role: frozenset(p for p, held in self.roles.items() if role in held.split()) for role in roles
        }

    @cached_property
    def marked(self) -> frozenset[str]:
        """Return whom the case itself tells apart: respondents, heads of respondents, superiors."""
        return frozenset({*self.charged, *self.heads.values(), *self.superiors})

    def appellant(self, focus: int) -> str:
        """Return who may appeal a penalty on this charge: the person, or the unit's head."""
        return self.heads.get(self.charged[focus], self.charged[focus])


class Facing:
    """Gathers the facts of a world for a request. A planted bug overrides one of its answers."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def undecided(self, world: World) -> list[int]:
        """Return the charges still to be decided."""
        return [place for place, charge in enumerate(world.charges) if charge.undecided]

    def before(self, world: World, respondent: str) -> set[str]:
        """Return who reviewed a penalty of this respondent."""
        return {reviewer for whom, reviewer in world.reviews if whom == respondent}

    def reviewers(self, hit: AbstractSet[str]) -> frozenset[str]:
        """Return the reviewers who are neither respondent nor superior of one."""
        concerned = hit | {self.cast.heads.get(one, one) for one in hit} | self.cast.superiors
        return self.cast.having["reviewer"] - concerned

    def gather(self, world: World, request: Request) -> Facts:
        """Return all facts of one request."""
        hit = set(world.named)
        if request.move == "verify":
            hit |= set(self.cast.respondents)
        return Facts(
            **self._actor(world, request, hit),
            **self._case(world),
            **self._penalties(world, request.focus),
            **self._people(world, request, hit),
            **self._appeal(world, request),
            **self._form(world, request),
        )

    def _actor(self, world: World, request: Request, hit: set[str]) -> dict[str, Any]:
        me = request.actor
        return {
            "is_respondent": me in hit,
            "is_supervisor": me in self.cast.having["supervisor"],
            "instances": frozenset(instance for person, instance in world.parts if person == me),
            "proposed_by_actor": world.proposal[1] == me,
        }

    def _case(self, world: World) -> dict[str, Any]:
        waiting = world.follower == "waiting"
        return {
            "answer_owed": world.owed or waiting,
            "answered": world.answered and not waiting,
            "merged_unanswered": waiting,
            "finding": world.finding,
            "proposal": world.proposal[0],
            "returns": int(world.state in world.returned),
            "heard": world.hearing != "invited",
            "charges": sum(charge.made for charge in world.charges),
            "undecided_charges": len(self.undecided(world)),
            "reopen_problem": "已重启过一次。" if world.reopened >= 1 else "",
        }

    def _penalties(self, world: World, focus: int) -> dict[str, Any]:
        states = [charge.penalty for charge in world.charges]
        others = [state for place, state in enumerate(states) if place != focus]
        return {
            "pending_appeals": states.count("appealed"),
            "open_windows": sum(c.running or c.penalty == "decided" for c in world.charges),
            "other_appeals": others.count("appealed"),
            "other_windows": sum(state in penalty_law.OPEN for state in others),
            "unserved": states.count("decided"),
        }

    def _people(self, world: World, request: Request, hit: set[str]) -> dict[str, Any]:
        """Whether the separation of duties still leaves somebody for the later instances."""
        me, reviewers = request.actor, self.reviewers(hit)
        free = reviewers - {me} - world.participants(HANDLE, DECIDE)
        places = {*self.undecided(world), *([request.focus] if request.move == "rescind" else [])}
        awaiting = {
            self.cast.charged[place] for place in (request.form if request.move == "classify" else places)
        }
        handlers = self.cast.having["officer"] - hit - world.participants(DECIDE, REVIEW)
        deciders = self.cast.having["supervisor"] - {me} - hit - world.participants(HANDLE, REVIEW)
        barred = world.charges[request.focus].barred if request.focus >= 0 else frozenset()
        mine = self.before(world, self.cast.charged[request.focus])
        return {
            "reviewer_remains": bool(free) and all(free - self.before(world, one) for one in awaiting),
            "decider_remains": bool(deciders),
            "handler_remains": bool(handlers - {me} if request.move == "remand" else handlers),
            "second_reviewer": bool(free - mine),
            "excluded_reviewer": "" if me in reviewers else "你是被投诉人或其上级，不能复核本案。",
            "reviewed_this_appeal": me in barred,
        }

    def _appeal(self, world: World, request: Request) -> dict[str, Any]:
        if request.focus < 0:
            return {}
        charge = world.charges[request.focus]
        own = request.actor == self.cast.appellant(request.focus)
        late = request.form == ("late",) and not own
        appeal = penalty_law.LAW.move("appeal")
        facts = penalty_law.Facts(
            window_open=charge.running, late_admitted=late, appeals_used=int(charge.contested)
        )
        possible = charge.penalty in appeal.sources and not any(g.refusal(facts) for g in appeal.guards)
        return {
            "may_appeal": own or late or request.form == ("paper",),
            "appellant": own,
            "appeal_problem": "" if possible else "这项处罚现在不能申诉。",
            "remanded_before": charge.remands > 0,
        }

    def _form(self, world: World, request: Request) -> dict[str, Any]:
        if request.move == "classify":
            kept = any(charge.made and not charge.undecided for charge in world.charges)
            return {"form_charges_problem": "" if request.form or kept else "请至少填写一个指控项。"}
        if request.move == "penalize":
            lines = dict(request.form)
            wrong = sorted(lines) != self.undecided(world)
            return {
                "form_sums_problem": "每个待处罚的指控项都要填写一次。" if wrong else "",
                "form_not_heavier": self.within_caps(world, lines),
            }
        if request.move == "reduce":
            return {"form_lighter": request.form[0] < world.charges[request.focus].sum}
        return {}

    def within_caps(self, world: World, lines: dict[int, int]) -> bool:
        """Tell whether each respondent's total stays at or under the cap."""
        after = [
            charge._replace(penalty="decided", sum=lines[place]) if place in lines else charge
            for place, charge in enumerate(world.charges)
        ]
        return all(
            total(self.cast, after, one) <= cap
            for one, cap in zip(self.cast.respondents, world.caps, strict=True)
            if any(self.cast.charged[place] == one for place in lines)
        )


def total(cast: Cast, charges: Iterable[Charge], respondent: str) -> int:
    """Return a respondent's standing total."""
    return sum(
        charge.sum
        for charge, whom in zip(charges, cast.charged, strict=True)
        if whom == respondent and charge.stands
    )
