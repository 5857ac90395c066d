"""The complaint's law, searched whole: every property holds in every world that each cast can reach."""

from functools import cache

import pytest

from states import Refused
from states.complaint import LAW
from tests.states.casts import CASTS, ENDINGS, ONE_EACH, without
from tests.states.properties import PROPERTIES
from tests.states.search import Graph, explore
from tests.states.steps import Life
from tests.states.world import Cast, Request

TOGETHER = (
    "what is owed to the customer",
    "every ending",
    "two charges against one person, one reviewer",
    "three persons per role",
)
SHORT_OF = {
    "decider_needed": {"fang": "officer supervisor", "xu": "reviewer"},
    "reviewer_needed": {"fang": "officer reviewer", "gao": "supervisor"},
    "handler_needed": {
        "wang": "employee officer",
        "fang": "unit_head",
        "gao": "supervisor",
        "xu": "reviewer",
    },
}


@cache
def searched(name: str) -> Graph:
    return explore(Life(CASTS[name]))


@pytest.mark.parametrize("name", CASTS)
def test_every_property_holds_in_every_world(name):
    found = {holds.__name__: trace for holds in PROPERTIES if (trace := holds(searched(name)))}
    assert found == {}


def test_the_searches_between_them_make_every_move_that_changes_something():
    made = {request.move for name in TOGETHER for _, request, _ in searched(name).edges}
    assert made >= {move.name for move in LAW.moves} - {"register", "assign"}


@pytest.mark.parametrize("code", SHORT_OF)
def test_a_house_short_of_people_is_told_before_the_case_gets_stuck(code):
    life = Life(Cast(SHORT_OF[code], charged=("wang",)))
    refused = life.ask(life.cast.start(), Request("verify", "fang", form=("responsible",)))
    assert isinstance(refused, Refused)
    assert (refused.code, "管理员" in refused.sentence) == (code, True)


def test_a_lone_reviewer_is_told_that_nobody_could_hear_the_second_appeal():
    life = Life(Cast(ONE_EACH, charged=("wang",), leave_out=without(ENDINGS)))
    asked = {
        ruling.code
        for (_, move, _), ruling in explore(life).life.rulings.items()
        if move == "remand" and isinstance(ruling, Refused)
    }
    assert "second_reviewer" in asked


def test_a_supervisor_who_is_the_last_reviewer_may_not_decide():
    roles = {**ONE_EACH, "gao": "supervisor reviewer", "xu": "employee"}
    life = Life(Cast(roles, charged=("wang",), leave_out=without(ENDINGS)))
    graph = explore(life)
    assert not any(request.move == "penalize" for _, request, _ in graph.edges)
    assert any(
        isinstance(ruling, Refused) and ruling.code == "reviewer_needed"
        for (_, move, _), ruling in life.rulings.items()
        if move == "penalize"
    )
