"""The one file that knows `transitions`: a law is a table of states and moves, asked but never stored in.

Input is a state, a move and the facts; output is a `Step`, or `Refused` is raised with the sentence
to show. No database, no clock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from transitions import EventData, Machine, MachineError

F = TypeVar("F")


class Refused(Exception):
    """The law does not allow this move now; `sentence` says why and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class State:
    """A state with its label, the step that is due in it and that step's default deadline."""

    name: str
    label: str
    step: str = ""
    deadline: str = ""


@dataclass(frozen=True)
class Guard(Generic[F]):
    """A condition of a move. `sentence` is a text or is made from the facts."""

    code: str
    holds: Callable[[F], bool]
    sentence: str | Callable[[F], str]

    def refusal(self, facts: F) -> Refused | None:
        """Return why the facts do not pass, or None."""
        if self.holds(facts):
            return None
        return Refused(self.code, self.sentence if isinstance(self.sentence, str) else self.sentence(facts))


@dataclass(frozen=True)
class Outcome(Generic[F]):
    """Where a move leads, from one source or any, when the facts say so; the first that fits counts."""

    target: str
    when: Callable[[F], bool] = lambda _facts: True
    source: str = ""


@dataclass(frozen=True)
class Move(Generic[F]):
    """One row of a law: who may lead a life from which states to where, under which conditions.

    `guards` speak about the case and the actor and are known before anything is typed;
    `demands` speak about what the form brings.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    outcomes: tuple[Outcome[F], ...]
    roles: frozenset[str]
    guards: tuple[Guard[F], ...] = ()
    demands: tuple[Guard[F], ...] = ()
    stays: bool = False


@dataclass(frozen=True)
class Step:
    """A move that the law allowed."""

    move: str
    label: str
    source: str
    target: str


@dataclass(frozen=True)
class Offer:
    """A move open to somebody in a state, with the reason why it is blocked, if it is."""

    name: str
    label: str
    refusal: str | None


@dataclass
class _Bearer(Generic[F]):
    """What the machine moves: a state for the length of one question."""

    state: str
    facts: F


@dataclass(frozen=True)
class Law(Generic[F]):
    """The whole life of one noun, as a table that can be read aloud."""

    name: str
    states: tuple[State, ...]
    moves: tuple[Move[F], ...]
    birth: str
    ends: frozenset[str]
    _machine: Machine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        machine = Machine(
            model=None,
            states=[self.birth, *(state.name for state in self.states)],
            initial=self.birth,
            auto_transitions=False,
            send_event=True,
        )
        for move in self.moves:
            for outcome in move.outcomes:
                machine.add_transition(
                    move.name,
                    [outcome.source] if outcome.source else list(move.sources),
                    "=" if move.stays else outcome.target,
                    prepare=_checker(move),
                    conditions=_chooser(outcome),
                )
        object.__setattr__(self, "_machine", machine)

    def advance(self, state: str, move: str, facts: F) -> Step:
        """Return the step the move makes from this state; raises Refused with the reason."""
        event = self._machine.events.get(move)
        if event is None:
            raise Refused("unknown_move", f"没有“{move}”这一步。请刷新页面后从可用的操作中选择。")
        bearer = _Bearer(state, facts)
        try:
            if not event.trigger(bearer):
                raise Refused(
                    "no_outcome", f"{self.move(move).label}：当前情况下没有可去的下一步，请联系管理员。"
                )
        except MachineError as error:
            raise Refused("illegal_move", self._not_from(state, move)) from error
        return Step(move, self.move(move).label, state, bearer.state)

    def offers(self, state: str, facts: F, roles: Iterable[str]) -> tuple[Offer, ...]:
        """Return the moves these roles have in this state, each with its blocking sentence or None."""
        held = frozenset(roles)
        return tuple(
            Offer(
                move.name,
                move.label,
                next((r.sentence for g in move.guards if (r := g.refusal(facts))), None),
            )
            for move in self.moves
            if state in move.sources and move.roles & held
        )

    def move(self, name: str) -> Move[F]:
        """Return one row of the table; raises Refused for a name that is none."""
        for move in self.moves:
            if move.name == name:
                return move
        raise Refused("unknown_move", f"没有“{name}”这一步。请刷新页面后从可用的操作中选择。")

    def state(self, name: str) -> State:
        """Return a state by its name."""
        return next(state for state in self.states if state.name == name)

    def _not_from(self, state: str, move: str) -> str:
        here = next((s.label for s in self.states if s.name == state), state)
        allowed = "、".join(s.label for s in self.states if s.name in self.move(move).sources)
        when = f"只能在“{allowed}”时进行" if allowed else "只在最开始进行一次"
        return f"当前是“{here}”，不能{self.move(move).label}；这一步{when}。请刷新页面查看最新进展。"


def _checker(move: Move[F]) -> Callable[[EventData], None]:
    def check(event: EventData) -> None:
        bearer = cast("_Bearer[F]", event.model)
        for guard in (*move.guards, *move.demands):
            refusal = guard.refusal(bearer.facts)
            if refusal:
                raise refusal

    return check


def _chooser(outcome: Outcome[F]) -> Callable[[EventData], bool]:
    def fits(event: EventData) -> bool:
        return outcome.when(cast("_Bearer[F]", event.model).facts)

    return fits
