"""The laws, enumerated: every state, move and role, every guard's refusal, every sentence."""

import re
from dataclasses import MISSING, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import Law, Refused, Step, complaint, cycle, measure, penalty
from states.complaint_facts import DECIDE, HANDLE, REVIEW
from tests.states.provoking import ALLOWING, BROKEN_BY, allowing, broken
from tests.states.table import COMPLAINT, CYCLE, MEASURE, PENALTY, ROLES, cells, targets

LAWS: dict[str, tuple[Law[Any], str]] = {
    "complaint": (complaint.LAW, COMPLAINT),
    "penalty": (penalty.LAW, PENALTY),
    "cycle": (cycle.LAW, CYCLE),
    "measure": (measure.LAW, MEASURE),
}
NAMES = {name: [state.name for state in law.states] for name, (law, _) in LAWS.items()}

GUARDS = [
    (name, move.name, guard.code)
    for name, (law, _) in LAWS.items()
    for move in law.moves
    for guard in (*move.guards, *move.demands)
]


def refusal(law: Law[Any], state: str, move: str, facts: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        law.advance(state, move, facts)
    return caught.value


@pytest.mark.parametrize("name", LAWS)
def test_every_state_move_and_role_is_as_written(name):
    law, text = LAWS[name]
    assert {move.name for move in law.moves} == {move for move, _ in cells(text)}
    for (move, state), allowed in cells(text).items():
        facts = allowing(name, move)
        offered = {
            role for role in ROLES.values() if move in {o.name for o in law.offers(state, facts, [role])}
        }
        assert offered == allowed, (move, state)
        if allowed:
            assert law.advance(state, move, facts).move == move
        else:
            refused = refusal(law, state, move, facts)
            assert (refused.code, law.move(move).label in refused.sentence) == ("illegal_move", True)
            assert_spoken(refused)


@pytest.mark.parametrize("name", LAWS)
def test_every_move_leads_where_it_is_written(name):
    law, text = LAWS[name]
    for move in law.moves:
        assert {outcome.target for outcome in move.outcomes} == targets(text)[move.name], move.name
        assert move.stays == (targets(text)[move.name] == {"="})


def test_facts_choose_between_the_targets():
    def target(state: str, move: str, **facts: Any) -> str:
        return complaint.LAW.advance(state, move, replace(allowing("complaint", move), **facts)).target

    assert target("verified", "return") == "received"
    assert target("classified", "return") == "verified"
    assert target("closed", "reopen") == "verified"
    assert target("closed", "reopen", finding="") == "received"
    assert target("appealed", "retract") == "penalized"
    assert target("appealed", "retract", other_appeals=1) == "appealed"
    for move in ("uphold", "reduce", "revoke"):
        assert target("appealed", move) == "closed"
        assert target("appealed", move, answer_owed=False, answered=False) == "closed"
        assert target("appealed", move, answered=False) == "penalized"
        assert target("appealed", move, other_windows=1) == "penalized"
        assert target("appealed", move, other_payroll=1) == "penalized"
        assert target("appealed", move, other_appeals=1, other_windows=1) == "appealed"
    for state in ("received", "verified", "classified", "penalized", "appealed"):
        assert target(state, "reply") == target(state, "assign") == state


@pytest.mark.parametrize(("name", "move", "code"), GUARDS)
def test_every_guard_refuses_with_its_own_code_and_a_chinese_sentence(name, move, code):
    law, _ = LAWS[name]
    facts = broken(name, move, code)
    for state in law.move(move).sources:
        refused = refusal(law, state, move, facts)
        assert refused.code == code
        assert_spoken(refused)


@pytest.mark.parametrize(("name", "move", "code"), GUARDS)
def test_the_page_shows_a_guard_before_the_form_and_a_demand_only_after(name, move, code):
    law, _ = LAWS[name]
    row = law.move(move)
    (offer,) = (o for o in law.offers(row.sources[0], broken(name, move, code), row.roles) if o.name == move)
    assert (offer.refusal is not None) == (code in {guard.code for guard in row.guards})


def test_every_guard_has_its_own_sentence():
    said: dict[str, set[str]] = {}
    for name, move, code in GUARDS:
        law, _ = LAWS[name]
        said.setdefault(
            refusal(law, law.move(move).sources[0], move, broken(name, move, code)).sentence, set()
        ).add(code)
    assert [codes for codes in said.values() if len(codes) > 1] == []
    planted = {(name, code) for name, breaking in BROKEN_BY.items() for code in breaking}
    assert planted == {(name, code) for name, _, code in GUARDS}


@pytest.mark.parametrize("name", LAWS)
def test_every_state_is_reachable_and_every_open_state_has_an_exit(name):
    law, _ = LAWS[name]
    ways = {
        state: {
            outcome.target
            for move in law.moves
            for outcome in move.outcomes
            if state in ((outcome.source,) if outcome.source else move.sources) and not move.stays
        }
        for state in (law.birth, *NAMES[name])
    }
    found, queue = {law.birth}, [law.birth]
    while queue:
        new = ways[queue.pop()] - found
        found |= new
        queue += new
    assert found == {law.birth, *NAMES[name]}
    assert all(ways[state] - {state} for state in NAMES[name] if state not in law.ends)
    assert law.ends <= set(NAMES[name])


@pytest.mark.parametrize("name", LAWS)
def test_every_state_and_move_has_a_label_of_its_own(name):
    law, _ = LAWS[name]
    for labels in ([s.label for s in law.states], [m.label for m in law.moves]):
        assert len(set(labels)) == len(labels)
        assert all(re.fullmatch(r"[\u4e00-\u9fff]{2,8}", label) for label in labels)


def test_every_open_state_of_a_complaint_names_its_step_and_its_deadline():
    for state in complaint.LAW.states:
        known = bool(state.step) and bool(
            re.fullmatch(r"\d+ (working_hours|working_days|calendar_days)", state.deadline)
        )
        assert known == (state.name not in complaint.LAW.ends), state.name


@pytest.mark.parametrize("name", LAWS)
def test_no_move_exists_beside_the_table(name):
    law, _ = LAWS[name]
    for invented in ("to_closed", "to_final", "to_received", "trigger", "VERIFY"):
        refused = refusal(law, NAMES[name][0], invented, ALLOWING[name])
        assert refused.code == "unknown_move"
        assert_spoken(refused)
        assert caught_by_name(law, invented).code == "unknown_move"


def caught_by_name(law: Law[Any], move: str) -> Refused:
    with pytest.raises(Refused) as caught:
        law.move(move)
    return caught.value


def test_a_refusal_names_the_state_and_where_the_move_belongs():
    refused = refusal(complaint.LAW, "closed", "classify", ALLOWING["complaint"])
    assert "“已办结”" in refused.sentence
    assert "“已核实”" in refused.sentence


def any_facts(kind: type[Any]) -> st.SearchStrategy[Any]:
    by_type: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(0, 2),
        str: st.sampled_from(["", "responsible", "dismissal", "settlement", "exoneration", "不能办理。"]),
        frozenset[str]: st.frozensets(st.sampled_from([HANDLE, DECIDE, REVIEW])),
    }
    assert all(field.default is not MISSING for field in fields(kind))
    return st.builds(kind, **{field.name: by_type[field.type] for field in fields(kind)})


STEPS = st.sampled_from(
    [
        (name, state, move.name)
        for name, (law, _) in LAWS.items()
        for state in (law.birth, *NAMES[name])
        for move in law.moves
    ]
)


@given(STEPS, st.data())
def test_whatever_the_facts_a_step_stays_within_the_table(step, data):
    name, state, move = step
    law, text = LAWS[name]
    made = answer(law, state, move, data.draw(any_facts(type(ALLOWING[name]))))
    if isinstance(made, Refused):
        assert made.code not in {"no_outcome", "unknown_move"}
    else:
        assert made.source == state
        assert made.target in {state if target == "=" else target for target in targets(text)[move]}
        assert cells(text)[move, state]


def answer(law: Law[Any], state: str, move: str, facts: Any) -> Step | Refused:
    try:
        return law.advance(state, move, facts)
    except Refused as refused:
        return refused


def assert_spoken(refused: Refused) -> None:
    assert re.search("[\u4e00-\u9fff]", refused.sentence)
    assert refused.sentence.endswith("。")
    assert "“”" not in refused.sentence
