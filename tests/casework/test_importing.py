"""Complaints of another system are planned, taken over once, and known from then on."""

import json
from collections import Counter
from datetime import datetime

import pytest

from svcqa.casework import complaints, forms, importing, mapping, registering, taking_over
from svcqa.casework.importing import BATCH
from svcqa.demo import open_data
from svcqa.kernel import tabular
from svcqa.kernel.errors import Forbidden, Invalid
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import roster
from svcqa.rulebook.reading import RulebookError
from tests.casework.old_desk import LATE, OPEN, RULES, ask, case, imported, planned

MOST_OF_AN_AGENCY = {"late": 5, "in_time": 5, "untimed": 6, "open": 2, "contradictory": 1}


@pytest.fixture
def place(life):
    """Return the workplace where the regulation is in force, with the agencies of the open data."""
    with life.place.transaction(SYSTEM) as tx:
        roster.load(tx, open_data.units())
    return life.place


@pytest.fixture
def rules():
    return mapping.parse(RULES, name="old.map.yaml")


def whole(place):
    tables = [
        "complaint",
        "deadline",
        "audit_event",
        "audit_text",
        "complaint_state_count",
        "outbox",
        "number_series",
    ]
    return {name: ask(place, f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables}


def city_time(said):
    return datetime.strptime(said, "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 - compared with others of its kind


def kind_of(cells):
    if not cells["Closed Date"]:
        return "open"
    closed = city_time(cells["Closed Date"])
    if closed < city_time(cells["Created Date"]):
        return "contradictory"
    if not cells["Due Date"]:
        return "untimed"
    return "late" if closed > city_time(cells["Due Date"]) else "in_time"


def plan_of_the_day(place, shared_data):
    content = tabular.read(shared_data / "nyc311_sample" / "nyc311_sample.csv.gz")
    with place.reading(SYSTEM) as tx:
        return importing.plan(tx, content, mapping=open_data.rules())


def test_the_whole_day_in_new_york_gives_the_reference_figures(place, shared_data):
    stats = json.loads((shared_data / "nyc311_sample" / "reference_stats.json").read_text())
    plan = plan_of_the_day(place, shared_data)
    # The one that was closed before it was created has a due date: it is among the 419, but not late.
    assert plan.counts == {
        "rows": stats["rows"],
        "new": 2385,
        "known": 0,
        "changed": 0,
        "rejected": stats["closed_before_created"],
        "closed": stats["closed_known"] - 1,
        "open": 77,
        "late": stats["closed_after_due"],
        "on_time": stats["closed_and_due_known"] - 1 - stats["closed_after_due"],
    }
    (bad,) = plan.rejected
    assert (bad.line, bad.column, bad.value) == (2072, "Closed Date", "10/30/2013 12:00:00 AM")
    assert bad.reason == "办结时间早于受理时间"


def test_the_whole_day_comes_in_once_in_batches(place, shared_data):
    plan = plan_of_the_day(place, shared_data)
    steps = []
    done = importing.carry_out(place, SYSTEM, plan, progress=lambda *at: steps.append(at))
    assert steps == [(min(n, 2385), 2385) for n in range(BATCH, 2385 + BATCH, BATCH)]
    assert len(set(done.numbers)) == 2385
    by_state = "SELECT state, count(*), count(CASE WHEN late THEN 1 END) FROM complaint GROUP BY 1 ORDER BY 1"
    assert ask(place, by_state) == [("closed", 2308, 46), ("received", 77, 0)]
    assert ask(place, "SELECT state, count FROM complaint_state_count ORDER BY state") == [
        ("closed", 2308),
        ("received", 77),
    ]
    by_unit = (
        "SELECT u.code, count(*) FROM complaint c JOIN unit u ON u.id = c.unit_id GROUP BY 1 ORDER BY 2 DESC"
    )
    assert ask(place, by_unit)[:2] == [("nyc-hpd", 1459), ("nyc-nypd", 298)]
    before = whole(place)
    again = plan_of_the_day(place, shared_data)
    assert (again.counts["new"], again.known, again.changed) == (0, 2385, ())
    assert importing.carry_out(place, SYSTEM, again).numbers == ()
    assert whole(place) == before


def test_the_shipped_slice_has_late_open_and_rejected_lines(place):
    with place.reading(SYSTEM) as tx:
        plan = importing.plan(tx, open_data.table(), mapping=open_data.rules())
    assert plan.counts == {
        "rows": 120, "new": 119, "known": 0, "changed": 0, "rejected": 1,
        "closed": 103, "open": 16, "late": 34, "on_time": 33,
    }  # fmt: skip
    assert plan.rejected[0].value == "10/30/2013 12:00:00 AM"
    assert len(open_data.bring_in(place).numbers) == 119
    assert open_data.bring_in(place).numbers == ()


def test_the_slice_is_what_its_attribution_says(shared_data):
    real = tabular.read(shared_data / "nyc311_sample" / "nyc311_sample.csv.gz")
    lines = sorted((line.cells for line in real), key=lambda cells: int(cells["Unique Key"]))
    seen: Counter[tuple[str, str]] = Counter()
    chosen = []
    for cells in lines:
        kind = kind_of(cells)
        seen[kind, cells["Agency"]] += 1
        if seen[kind, cells["Agency"]] <= MOST_OF_AN_AGENCY[kind]:
            chosen.append(cells)
    shipped = [line.cells for line in open_data.table()]
    assert shipped == [{name: cells[name] for name in open_data.table().header} for cells in chosen]


def test_the_run_and_the_operators_choice_are_stored(place, rules, cast):
    bad = OPEN.replace("A1", "A9").replace("phone", "pigeon")
    plan = planned(place, rules, OPEN, bad)
    with pytest.raises(Invalid, match="第 3 行（映射文件没有说明这个渠道）"):
        importing.carry_out(place, SYSTEM, plan, choice="all_or_nothing")
    assert ask(place, "SELECT count(*) FROM complaint") == [(0,)]
    done = importing.carry_out(place, cast.actor("xuwenjing", via="cli"), plan)
    ((body,),) = ask(place, "SELECT body FROM audit_event WHERE action = 'import.begun'")
    facts = json.loads(body)["facts"]
    assert (facts["choice"], facts["rejected_lines"], facts["new"]) == ("keep_good", [3], 1)
    assert json.loads(body)["object"]["id"] == done.run
    assert json.loads(body)["actor"]["id"] == cast["xuwenjing"].id


def test_an_import_cut_off_between_batches_goes_on_where_it_stopped(place, rules, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    rows = [OPEN.replace("A1", f"A{n}") for n in range(3)]

    def cut(done, _all):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.carry_out(place, SYSTEM, planned(place, rules, *rows), progress=cut)
    rest = planned(place, rules, *rows)
    assert (rest.known, len(rest.new)) == (2, 1)
    assert len(importing.carry_out(place, SYSTEM, rest).numbers) == 1


def test_a_batch_that_fails_leaves_nothing_of_it(place, rules, monkeypatch):
    plan = planned(place, rules, OPEN, LATE)

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(taking_over, "_closed", broken)
    with pytest.raises(RuntimeError):
        importing.carry_out(place, SYSTEM, plan)
    assert ask(place, "SELECT count(*) FROM complaint") == [(0,)]
    assert ask(place, "SELECT count(*) FROM number_series") == [(0,)]


def test_two_imports_at_once_take_a_case_over_once(place, rules):
    first, second = planned(place, rules, OPEN), planned(place, rules, OPEN)
    assert len(importing.carry_out(place, SYSTEM, first).numbers) == 1
    assert importing.carry_out(place, SYSTEM, second).numbers == ()


def test_a_changed_line_is_reported_and_overwrites_nothing(place, rules, cast):
    (number,) = imported(place, rules, OPEN).numbers
    now_closed = OPEN.replace(",,,open", ",,2026-11-21 10:00,closed")
    plan = planned(place, rules, now_closed)
    (changed,) = plan.changed
    assert (changed.line, changed.number, changed.columns) == (2, number, ("done", "due"))
    importing.carry_out(place, SYSTEM, plan)
    assert case(place, number).state == "received"
    with place.transaction(cast.actor("xuwenjing")) as tx:
        complaints.advance(tx, number, form=forms.Withdraw(text="客户不再反映。"))
    assert planned(place, rules, now_closed).changed == ()


def test_a_case_registered_here_under_the_same_source_and_id_is_known(place, rules, cast):
    form = forms.Register(
        subject="同一件事已经登记", channel="hotline", occurred_at=place.clock.now(), external_id="A1"
    )
    with place.transaction(cast.actor("xuwenjing")) as tx:
        registering.register(tx, form=form, source="old-desk")
    plan = planned(place, rules, OPEN)
    assert (plan.known, plan.changed, plan.new) == (1, (), ())


def test_a_channel_the_regulation_lacks_is_named_in_the_mapping(place):
    rules = mapping.parse(RULES.replace("letter", "telegram"), name="old.map.yaml")
    with pytest.raises(RulebookError, match=r"old\.map\.yaml 第 6 行：.*没有来源渠道 telegram"):
        planned(place, rules, OPEN)


@pytest.mark.parametrize("name", ["wangjianguo", "linkexin", "zhouhuimin"])
def test_who_neither_handles_nor_administers_imports_nothing(place, rules, cast, name):
    with pytest.raises(Forbidden):
        planned(place, rules, OPEN, actor=cast.actor(name))
    plan = planned(place, rules, OPEN)
    with pytest.raises(Forbidden):
        importing.carry_out(place, cast.actor(name), plan)
    assert ask(place, "SELECT count(*) FROM complaint") == [(0,)]
