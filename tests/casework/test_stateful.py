"""The services against a complaint told again: the same moves allowed, the same effects, and the house sound.

HYPOTHESIS_PROFILE=long plays many more and longer games.
"""

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from states import Refused
from states.complaint import LAW
from svcqa.casework import complaints
from svcqa.casework.snapshot import Case, Row
from svcqa.kernel.calendar import Term
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.errors import HouseError
from svcqa.kernel.transaction import Actor
from svcqa.kernel.workdays import dates_of
from tests import databases
from tests.casework.allowed import ROLES, RULES, allows
from tests.casework.asking import RESPONDENTS, arguments, form_of
from tests.casework.life import Life
from tests.casework.telling_again import LIGHT, Args, Told, follow, sweep
from tests.conftest import MONDAY_MORNING, opened
from tests.databases import copied, on_each

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
GAME = settings(max_examples=400 if LONG else 20, stateful_step_count=80 if LONG else 40)
LAST_DAY = date(2027, 10, 1)
MOVES = sorted(RULES)
OUTWARD = (
    "verify",
    "hear",
    "classify",
    "penalize",
    "serve",
    "appeal",
    "uphold",
    "reduce",
    "revoke",
    "remand",
    "reply",
)


def counts(penalty: dict[str, Any]) -> bool:
    """Tell whether what is left of a penalty still means something."""
    return penalty["state"] not in ("rescinded", "remanded")


def sum_left(penalty: Row) -> int:
    return int(penalty["final_fen"]) if counts(penalty) else 0


def demand_lawful(case: Case) -> None:
    """Fail unless the guards of closing, the caps and the promised windows hold on the rows themselves."""
    if case.state == "closed":
        assert not any(p["state"] in ("decided", "served", "appealed") for p in case.penalties)
        assert case.row["answered_at"] or not case.row["answer_owed"] or case.row["merged_into"]
    for respondent in case.respondents:
        cap = respondent["cap_fen"]
        assert cap is None or case.total(respondent["id"])[0] <= cap
    assert all(p["window_ends_at"] >= p["promised_until_at"] for p in case.penalties if p["window_ends_at"])
    assert len({p["charge_id"] for p in case.standing}) == len(case.standing)


TRIES = st.tuples(st.sampled_from(MOVES), st.sampled_from(sorted(ROLES)), st.integers(0, 9))


class House(RuleBasedStateMachine):
    """Two complaints, ten people, a clock and a sweep."""

    folder: Path

    @initialize()
    def opens(self) -> None:
        self.stack = ExitStack()
        work = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.stack.callback(databases.release_but, databases.standing())
        copied(self.folder, work)
        place = self.stack.enter_context(opened(work, FrozenClock(MONDAY_MORNING)))
        days = {on: on.isoweekday() < 6 for on in dates_of(2027)}
        self.life = Life(replace(place, calendar=place.calendar.with_year(2027, days, "a test's file")))
        self.names = {self.life.cast[name].id: name for name in ROLES}
        self.actors = {name: self._lent(name) for name in ROLES}
        self.cases = [self._told(self.life.registered()) for _ in range(2)]
        self.touched: list[Told] = []

    def _lent(self, name: str) -> Actor:
        actor = self.life.cast.actor(name)
        return replace(actor, roles=actor.roles | ROLES[name])

    def _told(self, number: str) -> Told:
        calendar = self.life.place.calendar
        return Told(
            number,
            window=lambda at: calendar.due_at(at, Term.parse("5 working_days")),
            hearing=lambda at: calendar.due_at(at, Term.parse("2 working_days")),
            least=lambda at: calendar.due_at(at, Term.parse("2 working_days")),
        )

    @rule(which=st.integers(0, 1), tries=st.lists(TRIES, min_size=1, max_size=5))
    def tries_anything(self, which: int, tries: list[tuple[str, str, int]]) -> None:
        for move, who, pick in tries:
            options = arguments(move, self.cases)
            self.plays(self.cases[which], who, move, options[pick % len(options)])

    @rule(which=st.integers(0, 1), picks=st.lists(st.integers(0, 10_000), min_size=1, max_size=5))
    def moves_on(self, which: int, picks: list[int]) -> None:
        for pick in picks:
            self._pick(self.cases[which], pick, OUTWARD)

    @rule(which=st.integers(0, 1), pick=st.integers(0, 10_000))
    def makes_any_lawful_move(self, which: int, pick: int) -> None:
        self._pick(self.cases[which], pick, MOVES)

    def _pick(self, c: Told, pick: int, moves: Sequence[str]) -> None:
        """Make one of the lawful moves: the number picks the move, and then who makes it of what."""
        lawful = {move: found for move in moves if (found := self._lawful(c, move))}
        if lawful:
            rest, index = divmod(pick, len(lawful))
            move = list(lawful)[index]
            who, args = lawful[move][rest % len(lawful[move])]
            self.plays(c, who, move, args)

    def _lawful(self, c: Told, move: str) -> list[tuple[str, Args]]:
        return [
            (who, args)
            for args in arguments(move, self.cases)
            for who in ROLES
            if allows(c, who, move, self._at_hand(c, args), self.life.now)
        ]

    @staticmethod
    def _at_hand(c: Told, args: Args) -> Args:
        return {**args, "penalty": c.of(args["person"])} if "person" in args else args

    def would_agree(self, c: Told, who: str, move: str, args: Args) -> None:
        """Try a move and take it back; both tellings must allow or refuse it."""
        args = self._at_hand(c, args)
        form = form_of(self.life, c, move, args)
        if form is None:
            return
        try:
            with self.life.place.reading(self.actors[who]) as tx:
                complaints.advance(tx, c.number, form=form)
            done = True
        except (Refused, HouseError):
            done = False
        assert done == allows(c, who, move, args, self.life.now), (who, move, args)

    def plays(self, c: Told, who: str, move: str, args: Args) -> None:
        args, now = self._at_hand(c, args), self.life.now
        form = form_of(self.life, c, move, args)
        if form is None:
            return
        self.touched = self.cases
        if allows(c, who, move, args, now):
            self.life.act(self.actors[who], c.number, form)
            follow(c, who, move, args, now)
        else:
            before = self.life.case(c.number)
            with pytest.raises((Refused, HouseError)) as refused:
                self.life.act(self.actors[who], c.number, form)
            assert str(refused.value).endswith("。")
            assert self.life.case(c.number) == before

    @rule(hours=st.sampled_from([1, 30, 49, 200]))
    def time_goes_by(self, hours: int) -> None:
        if self.life.now.date() < LAST_DAY:
            self.life.clock.advance(timedelta(hours=hours))

    @rule(which=st.integers(0, 1), person=st.sampled_from(RESPONDENTS))
    def a_relay_accepts(self, which: int, person: str) -> None:
        penalty = self.cases[which].of(person)
        if penalty and not penalty["accepted"]:
            self.life.deliver(self.cases[which].number, person)
            penalty["accepted"] = self.life.now

    @rule()
    def the_house_sweeps(self) -> None:
        self.life.sweep()
        self.touched = self.cases
        for c in self.cases:
            sweep(c, self.life.now)

    @invariant()
    def both_tell_the_same(self) -> None:
        touched, self.touched = self.touched, []
        for c in touched:
            case = self.life.case(c.number)
            assert (case.state, bool(case.row["answered_at"])) == (c.state, c.answered)
            assert {(self.names[p], i) for p, i in case.parts} == c.parts
            stored = {(self.names[p["person_id"]], p["state"], sum_left(p)) for p in case.penalties}
            assert stored == {(p["who"], p["state"], p["fen"] if counts(p) else 0) for p in c.penalties}
            assert len(case.penalties) == len(c.penalties)
            demand_lawful(case)

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        self.life.demand_sound()
        self._demand_mails()
        self._demand_orders()
        self.stack.close()

    def _demand_mails(self) -> None:
        penalties = [p for c in self.cases for p in c.penalties]
        slugs = [slug for slug, _ in self.life.mails_since()]
        decided = "CASE WHEN state IN ('upheld', 'reduced', 'revoked', 'remanded') THEN 1 END"
        filed = self.life.row(f"SELECT count(*) AS n, count({decided}) AS d FROM appeal")
        assert slugs.count("penalty_notice") == len(penalties)
        assert slugs.count("appeal_received") == filed["n"]
        assert slugs.count("appeal_decided") == filed["d"]

    def _demand_orders(self) -> None:
        final = {"final", "upheld", "reduced"}
        owing = [p["fen"] for c in self.cases for p in c.penalties if p["state"] in final]
        assert sorted(self.life.orders().values()) == sorted(owing)


def test_the_second_telling_knows_every_move_of_the_law() -> None:
    told = {move: set(states) for move, (states, _) in RULES.items()}
    assert told == {move.name: set(move.sources) for move in LAW.moves if move.name != "register"}


def test_the_services_and_the_second_telling_agree(ruled_database: Path) -> None:
    House.folder = ruled_database
    run_state_machine_as_test(House, settings=GAME)


W, C = {"person": "wangjianguo"}, {"person": "chensiyu"}
PATH: list[tuple[str, str, Args]] = [
    ("xuwenjing", "verify", {"finding": "responsible", "people": RESPONDENTS}),
    ("xuwenjing", "hear", W),
    ("chensiyu", "hear", C),
    ("xuwenjing", "classify", {}),
    ("liumin", "penalize", {"fen": LIGHT}),
    ("xuwenjing", "serve", {**W, "how": "paper"}),
    ("wangjianguo", "appeal", {**W, "how": "page"}),
    ("chensiyu", "serve", {**C, "how": "visit"}),
    ("chensiyu", "appeal", {**C, "how": "page"}),
    ("zhouhuimin", "revoke", W),
    ("xuwenjing", "reply", {}),
    ("zhengpeipei", "uphold", C),
    ("liumin", "reopen", {}),
]


@on_each("steps", sqlite=[0, 1, 3, 4, 5, 6, 7, 8, 9, 12, 13], postgresql=[0, 5, 9, 13])
def test_everybody_tries_every_move_along_one_life(ruled_database: Path, steps: int) -> None:
    House.folder = ruled_database
    house = House()
    house.opens()
    case = house.cases[0]
    for who, move, args in PATH[:steps]:
        house.plays(case, who, move, args)
        house.both_tell_the_same()
    for move in MOVES:
        people = list(ROLES) if case.state in RULES[move][0] else ["hanlei"]
        for args in arguments(move, house.cases):
            for who in people:
                house.would_agree(case, who, move, args)
    house.teardown()
