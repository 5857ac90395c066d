"""Each property of the model breaks, with a trace, on a bug planted in the law or in the world's effects."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

import pytest

from states import Law, Outcome
from states.complaint import CLOSED, LAW, PENALIZED, VERIFIED
from states.complaint_facts import DECIDE, HANDLE, Facts
from tests.states import properties
from tests.states.casts import ASIDE, CASTS, ENDINGS, ONE_EACH, OTHERS, REVIEW, SEVERAL_ROLES, without
from tests.states.search import explore, growing
from tests.states.steps import Life, lowered
from tests.states.world import Cast, Request, World, total

SIMPLE = without(ENDINGS, ASIDE, {"return", "reopen"})
FORWARD = without(SIMPLE, {"rescind", "retract", "reduce", "revoke"})

ONE = Cast({**ONE_EACH, "shen": "reviewer"}, charged=("wang",), leave_out=FORWARD)
THREE_REVIEWERS = Cast({**ONE.roles, "deng": "reviewer"}, charged=("wang",), sums=((1,),), leave_out=FORWARD)
TWO = Cast(ONE.roles, sums=((1,), (1,)), leave_out=FORWARD)
UNAPPEALED = Cast(ONE_EACH, sums=((1,), (1,)), leave_out=without(SIMPLE, REVIEW))
SECOND_HANDLES = Cast({**ONE_EACH, "liu": "officer reviewer"}, charged=("wang",), leave_out=FORWARD)
LAST_DECIDES = Cast(
    {**ONE_EACH, "gao": "supervisor reviewer", "xu": "employee"}, charged=("wang",), leave_out=FORWARD
)
SEVERAL = Cast(SEVERAL_ROLES, charged=("wang",), sums=((1,),), leave_out=FORWARD)
ENDING = Cast(
    {**ONE_EACH, "liu": "officer"},
    charged=("wang",),
    leave_out=without(OTHERS, REVIEW, ASIDE, {"return", "reopen"}),
)
OFFICER_CHARGED = replace(
    ENDING,
    roles={**ONE_EACH, "fang": "employee officer"},
    charged=("fang",),
    leave_out=ENDING.leave_out | {"not_responsible"},
)
CUSTOMER = CASTS["what is owed to the customer"]
UNIT = CASTS["a unit whose head reviews"]
PARALLEL = CASTS["two charges against one person, one reviewer"]


def unguarded(move: str, *codes: str) -> Law[Facts]:
    """The law with conditions of a move forgotten."""
    row = LAW.move(move)
    assert set(codes) <= {guard.code for guard in (*row.guards, *row.demands)}
    guards = tuple(guard for guard in row.guards if guard.code not in codes)
    demands = tuple(guard for guard in row.demands if guard.code not in codes)
    return changed(move, guards=guards, demands=demands)


def changed(move: str, **values: Any) -> Law[Facts]:
    """The law with one row written differently."""
    return replace(LAW, moves=tuple(replace(row, **values) if row.name == move else row for row in LAW.moves))


IN_LAW = {
    "closed_stays_reachable: penalties are served by mail only": (
        TWO,
        changed("serve", roles=frozenset({"system"})),
    ),
    "closed_stays_reachable: a decider uses up the last reviewer": (
        LAST_DECIDES,
        unguarded("penalize", "reviewer_needed"),
    ),
    "closed_stays_reachable: the only officer is named a respondent": (
        OFFICER_CHARGED,
        unguarded("verify", "handler_needed", "respondent"),
    ),
    "closed_stays_reachable: the only decider handles": (
        Cast({**ONE_EACH, "gao": "officer supervisor"}, charged=("wang",), leave_out=FORWARD),
        unguarded("classify", "decider_needed"),
    ),
    "remanded_can_be_decided_anew: remanded without a second reviewer": (
        Cast(ONE_EACH, charged=("wang",), leave_out=FORWARD),
        unguarded("remand", "second_reviewer"),
    ),
    "nobody_acts_in_two_instances: a reviewer classifies": (
        SEVERAL,
        unguarded("classify", "instance_handle"),
    ),
    "nobody_acts_in_two_instances: a handler decides": (SEVERAL, unguarded("penalize", "instance_decide")),
    "nobody_acts_in_two_instances: a decider reviews": (SEVERAL, unguarded("uphold", "instance_review")),
    "second_appeal_has_another_reviewer: the same one again": (ONE, unguarded("uphold", "reviewed_before")),
    "nobody_reviews_the_own_appeal: a unit's head does": (UNIT, unguarded("revoke", "reviewer_excluded")),
    "respondents_keep_out: an officer verifies the own case": (
        OFFICER_CHARGED,
        unguarded("verify", "respondent", "handler_needed"),
    ),
    "two_persons_end_a_case: one is enough": (ENDING, unguarded("dismiss", "dismissal_own_proposal")),
    "nothing_grows_heavier: no cap is asked for": (ONE, unguarded("penalize", "heavier")),
    "one_standing_penalty_per_charge: sums for any charge": (UNAPPEALED, unguarded("penalize", "sums_wrong")),
    "served_penalties_can_be_appealed: not while another appeal is pending": (
        TWO,
        changed("appeal", sources=(PENALIZED,)),
    ),
    "served_penalties_can_be_appealed: another penalty is rescinded": (
        UNAPPEALED,
        unguarded("rescind", "other_window"),
    ),
    "served_penalties_can_be_appealed: another charge is remanded": (
        TWO,
        unguarded("remand", "other_window"),
    ),
    "nobody_is_left_unanswered: closed without an answer": (CUSTOMER, unguarded("close", "unanswered")),
    "nobody_is_left_unanswered: the lead case is withdrawn": (
        CUSTOMER,
        unguarded("withdraw", "merged_unanswered"),
    ),
    "nobody_is_left_unanswered: the lead case is merged on": (
        CUSTOMER,
        unguarded("merge", "merged_unanswered"),
    ),
    "nobody_is_left_unanswered: review closes at once": (
        CUSTOMER,
        changed("uphold", outcomes=(Outcome[Facts](CLOSED, lambda f: f.others_settled), Outcome(PENALIZED))),
    ),
    "closed_means_settled: closed in a window": (UNAPPEALED, unguarded("close", "window_open")),
    "closed_means_settled: review closes over another appeal": (
        TWO,
        changed("uphold", outcomes=(Outcome[Facts](CLOSED),)),
    ),
    "remanded_once: as often as reviewers last": (THREE_REVIEWERS, unguarded("remand", "remanded_before")),
    "reopened_once: without a limit": (CUSTOMER, unguarded("reopen", "reopen_limit")),
    "decided_on_a_finding: reopened as if verified": (
        CUSTOMER,
        changed("reopen", outcomes=(Outcome[Facts](VERIFIED),)),
    ),
}


class CapsForgotten(Life):
    """Appeals and reviews fix no cap."""

    def fix_cap(self, world: World, place: int) -> World:
        whom = self.cast.charged[place]
        slot, now = self.cast.respondents.index(whom), total(self.cast, world.charges, whom)
        return world._replace(lightest=lowered(world.lightest, slot, now))


class RemandsForgotten(Life):
    """A charge made anew does not remember that it was remanded."""

    def remembered(self, _world: World, _place: int) -> int:
        return 0


class SecondReviewerUsedUp(Life):
    """Any reviewer who is free counts, also one who reviewed the person before."""

    def gather(self, world: World, request: Request) -> Facts:
        free = self.reviewers(world.named) - {request.actor} - world.participants(HANDLE, DECIDE)
        return replace(super().gather(world, request), reviewer_remains=bool(free))


class ParallelAppealsBar(Life):
    """Who reviewed one of a person's penalties is barred from the other of the same decision."""

    def gather(self, world: World, request: Request) -> Facts:
        before = self.before(world, self.cast.charged[request.focus])
        return replace(super().gather(world, request), reviewed_this_appeal=request.actor in before)


class StandingIsUndecided(Life):
    """A charge with a standing penalty still counts as undecided."""

    def undecided(self, world: World) -> list[int]:
        return [place for place, charge in enumerate(world.charges) if charge.made]


class HeadMayReview(Life):
    """Only persons count as respondents, not the head of a unit that is one."""

    def reviewers(self, hit: AbstractSet[str]) -> frozenset[str]:
        return self.cast.having["reviewer"] - hit


IN_WORLD: dict[str, tuple[Cast, type[Life]]] = {
    "nothing_grows_heavier: appeals fix no cap": (ONE, CapsForgotten),
    "remanded_once: a charge made anew forgets": (THREE_REVIEWERS, RemandsForgotten),
    "closed_stays_reachable: the second reviewer is used up": (SECOND_HANDLES, SecondReviewerUsedUp),
    "closed_stays_reachable: parallel appeals bar the only reviewer": (PARALLEL, ParallelAppealsBar),
    "one_standing_penalty_per_charge: standing counts as undecided": (UNAPPEALED, StandingIsUndecided),
    "nobody_reviews_the_own_appeal: the head is not excluded": (UNIT, HeadMayReview),
}


@pytest.mark.parametrize("bug", IN_LAW)
def test_a_bug_planted_in_the_law_is_found(bug):
    cast, law = IN_LAW[bug]
    assert trace_of(bug, Life(cast, law)).startswith("register > ")


@pytest.mark.parametrize("bug", IN_WORLD)
def test_a_bug_planted_in_the_world_is_found(bug):
    cast, life = IN_WORLD[bug]
    assert trace_of(bug, life(cast)).startswith("register > ")


def test_without_the_bugs_the_same_searches_find_nothing():
    found: dict[str, str] = {}
    for cast in {cast for cast, _ in (*IN_LAW.values(), *IN_WORLD.values())}:
        graph = explore(Life(cast))
        found |= {holds.__name__: trace for holds in properties.PROPERTIES if (trace := holds(graph))}
    assert found == {}


def test_every_property_has_a_planted_bug():
    named = {bug.split(":")[0] for bug in (*IN_LAW, *IN_WORLD)}
    assert named == {holds.__name__ for holds in properties.PROPERTIES}


def trace_of(bug: str, life: Life) -> str:
    """The shortest breach; what speaks of the whole search is asked only when it is complete."""
    holds: properties.Property = getattr(properties, bug.split(":", maxsplit=1)[0])
    if holds in properties.OF_THE_WHOLE:
        return holds(explore(life))
    return next((trace for graph in growing(life) if (trace := holds(graph))), "")
