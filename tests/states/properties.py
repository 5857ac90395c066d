"""What must hold in every world a complaint can reach. A property returns a breaching trace or an empty text.

"Unaided" means without anything the customer or the employee would have to do, and without mail.
"""

from collections.abc import Callable, Iterable

from states import Step
from states.complaint import CLASSIFIED, CLOSED, PENALIZED, VERIFIED
from states.penalty import OPEN
from tests.states.search import Edge, Graph, spoken
from tests.states.steps import OUTCOMES, PARTS
from tests.states.world import Request, World, total

Property = Callable[[Graph], str]

OF_OTHERS = {"withdraw", "merge", "settle", "appeal", "retract", "hear"}
BY_PROPOSAL = {"dismiss", "settle", "exonerate"}
IMPARTIAL = {*PARTS, *BY_PROPOSAL, "withdraw", "merge", "return", "reply", "assign", "close"}
UNSETTLED = {*OPEN, "appealed"}


def unaided(request: Request) -> bool:
    """Tell whether the house can do this alone, without mail."""
    return request.move not in OF_OTHERS and "mailed" not in request.form


def _first_world(graph: Graph, breaches: Callable[[World], bool]) -> str:
    return next((graph.trace(world) for world in graph.reached_by if breaches(world)), "")


def _first_edge(graph: Graph, breaches: Callable[[Edge], bool]) -> str:
    found = next((edge for edge in graph.edges if breaches(edge)), None)
    return f"{graph.trace(found[0])} > {spoken(found[1])}" if found else ""


def _all_reach(graph: Graph, starts: Callable[[World], bool], goals: Iterable[World]) -> str:
    good = graph.able_to_reach(goals, using=unaided)
    return _first_world(graph, lambda world: starts(world) and world not in good)


def closed_stays_reachable(graph: Graph) -> str:
    """Every case can be ended by the house alone."""
    return _all_reach(graph, lambda _: True, [w for w in graph.reached_by if w.state == CLOSED])


def remanded_can_be_decided_anew(graph: Graph) -> str:
    """What review sent back still finds an officer, a supervisor and a second reviewer."""
    decided = [world for world in graph.reached_by if world.state == PENALIZED]

    def sent_back(world: World) -> bool:
        once_through = world.state != CLOSED and not world.reopened
        return once_through and any(c.undecided and c.penalty == "remanded" for c in world.charges)

    return _all_reach(graph, sent_back, decided)


def nobody_acts_in_two_instances(graph: Graph) -> str:
    """Handle, decide, review: one person, one of them."""
    return _first_world(graph, lambda world: len({p for p, _ in world.parts}) < len(world.parts))


def second_appeal_has_another_reviewer(graph: Graph) -> str:
    """Nobody reviews a person's penalty who reviewed the one it replaced."""
    return _first_edge(
        graph, lambda e: e[1].move in OUTCOMES and e[1].actor in e[0].charges[e[1].focus].barred
    )


def nobody_reviews_the_own_appeal(graph: Graph) -> str:
    """The penalised person, or the penalised unit's head, is never the reviewer."""
    appellant = graph.life.cast.appellant
    return _first_edge(graph, lambda e: e[1].move in OUTCOMES and e[1].actor == appellant(e[1].focus))


def respondents_keep_out(graph: Graph) -> str:
    """Nobody handles, decides or reviews a case about themselves."""
    return _first_edge(graph, lambda e: e[1].move in IMPARTIAL and e[1].actor in e[2].named)


def two_persons_end_a_case(graph: Graph) -> str:
    """Who proposes an ending does not confirm it."""
    return _first_edge(graph, lambda e: e[1].move in BY_PROPOSAL and e[1].actor == e[0].proposal[1])


def nothing_grows_heavier(graph: Graph) -> str:
    """No respondent's total is above what was under appeal or what review left."""
    cast = graph.life.cast

    def heavier(world: World) -> bool:
        totals = [total(cast, world.charges, one) for one in cast.respondents]
        return any(now > least for now, least in zip(totals, world.lightest, strict=True))

    return _first_world(graph, heavier)


def one_standing_penalty_per_charge(graph: Graph) -> str:
    """No charge is penalised while a penalty on it stands."""
    return _first_world(graph, lambda world: any(charge.doubled for charge in world.charges))


def served_penalties_can_be_appealed(graph: Graph) -> str:
    """While its window runs, the penalised person, and an officer on paper, may file in whatever state."""
    life = graph.life
    officer = min(life.cast.having["officer"])

    def cut_off(world: World) -> bool:
        running = [
            p for p, charge in enumerate(world.charges) if charge.penalty == "served" and charge.running
        ]
        return any(
            not isinstance(life.ask(world, request), Step)
            for place in running
            for request in (
                Request("appeal", life.cast.appellant(place), place, ("page",)),
                Request("appeal", officer, place, ("paper",)),
            )
        )

    return _first_world(graph, cut_off)


def nobody_is_left_unanswered(graph: Graph) -> str:
    """Nothing closes while a customer waits; withdrawn owes none, merged hands the duty to the lead."""
    return _first_world(
        graph,
        lambda w: (
            w.state == CLOSED
            and ((w.owed and not w.answered and w.how != "merged") or w.follower == "waiting")
        ),
    )


def closed_means_settled(graph: Graph) -> str:
    """Nothing closes with an appeal pending or a penalty unserved or in its window."""
    return _first_world(
        graph, lambda w: w.state == CLOSED and any(charge.penalty in UNSETTLED for charge in w.charges)
    )


def remanded_once(graph: Graph) -> str:
    """A charge is sent back by review at most once."""
    return _first_world(graph, lambda world: any(charge.sent_back > 1 for charge in world.charges))


def reopened_once(graph: Graph) -> str:
    """The limit on reopening holds."""
    return _first_world(graph, lambda world: world.reopened > 1)


def decided_on_a_finding(graph: Graph) -> str:
    """Nothing is verified or classified without a finding."""
    return _first_world(graph, lambda w: w.state in {VERIFIED, CLASSIFIED} and not w.finding)


OF_THE_WHOLE: tuple[Property, ...] = (closed_stays_reachable, remanded_can_be_decided_anew)
PROPERTIES: tuple[Property, ...] = (
    *OF_THE_WHOLE,
    nobody_acts_in_two_instances,
    second_appeal_has_another_reviewer,
    nobody_reviews_the_own_appeal,
    respondents_keep_out,
    two_persons_end_a_case,
    nothing_grows_heavier,
    one_standing_penalty_per_charge,
    served_penalties_can_be_appealed,
    nobody_is_left_unanswered,
    closed_means_settled,
    remanded_once,
    reopened_once,
    decided_on_a_finding,
)
