"""Rows equal the fold of their events; whatever is changed behind the services' back is named with both values."""

import json

import pytest

from states.complaint import LAW
from svcqa.appeals import filing
from svcqa.casework import forms
from svcqa.casework.change import TABLES
from svcqa.casework.rebuilding import Deviation, compare, is_lawful
from svcqa.kernel import audit
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.kernel.tampering import drop_triggers


def tamper(life, text, **values):
    with life.place.transaction(SYSTEM) as tx:
        Statement(text).run(tx, **values)


def found(life):
    with life.place.reading(SYSTEM) as tx:
        return compare(tx, seal=tx.seal)


@pytest.fixture
def number(life):
    """A complaint with two respondents that went through most of what a life may hold."""
    number = life.appealed("wangjianguo", "chensiyu")
    life.reply(number)
    form = forms.Uphold(penalty=life.penalty(number)["id"], text="维持")
    life.act("zhouhuimin", number, form)
    assert found(life) == []
    return number


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("complaint", "state", "closed"),
        ("complaint", "due_at", "2027-01-01 00:00:00.000000"),
        ("complaint", "late", True),
        ("complaint", "merged_into", "another"),
        ("respondent", "cap_fen", 100_000),
        ("charge", "share", 1),
        ("charge", "remands", 1),
        ("penalty", "final_fen", 1),
        ("penalty", "window_ends_at", "2027-01-01 00:00:00.000000"),
        ("penalty", "state", "revoked"),
        ("deadline", "due_at", None),
        ("penalty", "calculation", "[]"),
        ("appeal", "state", "revoked"),
        ("appeal", "decided_by", "somebody"),
        ("appeal", "decided_at", "2027-01-01 00:00:00.000000"),
    ],
)
def test_a_changed_column_is_named_with_both_values(life, number, table, column, value):
    key = life.row(f"SELECT min(id) AS id FROM {table}")["id"]
    before = life.row(f"SELECT {column} AS it FROM {table} WHERE id = :id", id=key)["it"]
    tamper(life, f"UPDATE {table} SET {column} = :value WHERE id = :id", value=value, id=key)
    deviations = [d for d in found(life) if d.table == table]
    assert [(d.id, d.column) for d in deviations] == [(key, column)]
    assert deviations[0].stored != deviations[0].folded
    if not column.endswith("_at"):
        assert (deviations[0].stored, deviations[0].folded) == (value, before)


@pytest.mark.parametrize("table", [t for t in TABLES if t not in ("complaint", "evidence")])
def test_a_deleted_row_and_a_foreign_row_are_named(life, number, table):
    key = life.row(f"SELECT min(id) AS id FROM {table}")["id"]
    tamper(life, f"UPDATE {table} SET id = 'stranger' WHERE id = :id", id=key)
    assert {(d.table, d.id, d.stored, d.folded) for d in found(life) if d.table == table} == {
        (table, key, None, key),
        (table, "stranger", "stranger", None),
    }


def test_a_complaint_without_events_and_a_stray_row_are_named(life, number):
    tamper(life, "UPDATE complaint SET id = 'stranger'")
    tables = {d.table for d in found(life) if d.stored is None or d.folded is None}
    assert {"complaint", "charge", "penalty", "respondent", "deadline"} <= tables


def test_an_appeal_of_a_penalty_nobody_knows_is_named_and_one_of_a_result_is_not_its_matter(life, number):
    with life.place.transaction(life.cast.actor("chensiyu")) as tx:
        for kind in ("result", "penalty"):
            filing.file(tx, kind=kind, object_id="elsewhere", appellant_id="a", how="link", reason="请复核")
    (deviation,) = found(life)
    assert (deviation.table, deviation.stored) == ("appeal", deviation.id)
    assert life.row("SELECT kind FROM appeal WHERE id = :id", id=deviation.id)["kind"] == "penalty"


def test_a_wrong_counter_is_named(life, number):
    tamper(life, "UPDATE complaint_state_count SET count = 7 WHERE state = 'penalized'")
    assert found(life) == [Deviation("complaint_state_count", "penalized", "count", 7, 1)]


def test_a_participant_who_never_acted_is_named(life, number):
    tamper(life, "UPDATE participation SET instance = 'review' WHERE instance = 'decide'")
    (deviation,) = found(life)
    assert (deviation.table, deviation.column) == ("participation", "instance")


def test_an_event_the_law_does_not_know_is_named(life, number):
    case = life.case(number)
    with life.place.transaction(SYSTEM) as tx:
        facts = {"number": number, "from": "penalized", "to": "received", "rows": {}}
        audit.record(tx, "complaint.return", kind="complaint", id=case.id, facts=facts, version=(3, 4))
    assert [(d.table, d.column) for d in found(life)][:2] == [
        ("audit_event", "version"),
        ("audit_event", "state"),
    ]


def test_a_changed_sum_and_a_forged_order_are_named(life, number):
    with life.place.transaction(SYSTEM) as tx:
        drop_triggers(tx)
    tamper(life, "UPDATE deduction_order SET amount_fen = 1")
    (deviation,) = found(life)
    assert (deviation.table, deviation.column, deviation.stored) == ("deduction_order", "amount_fen", 1)
    tamper(life, "UPDATE deduction_order SET penalty_id = 'none'")
    assert {(d.table, d.column) for d in found(life)} == {
        ("deduction_order", "id"),
        ("deduction_order", "penalty_id"),
    }


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("complaint", "subject"),
        ("complaint", "finding_text"),
        ("complaint", "narrative_sealed"),
        ("respondent", "statement_sealed"),
        ("penalty", "grounds"),
        ("appeal", "reason"),
        ("appeal", "grounds"),
    ],
)
def test_a_changed_text_is_named_unless_the_text_was_erased(life, table, column):
    number = life.appealed(narrative="客户来电说明了经过")
    life.act("zhouhuimin", number, forms.Uphold(penalty=life.penalty(number)["id"], text="维持"))
    assert found(life) == []
    tamper(life, f"UPDATE {table} SET {column} = 'another'")
    assert {(d.table, d.column, d.stored) for d in found(life)} == {(table, column, "another")}
    tamper(life, "DELETE FROM audit_text")
    assert found(life) == []


def test_comparing_tells_how_far_it_is(life, number, monkeypatch):
    monkeypatch.setattr("svcqa.casework.rebuilding.SOME", 1)
    told = []
    with life.place.reading(SYSTEM) as tx:
        compare(tx, progress=lambda done, most: told.append((done, most)))
    assert told == [(1, 1)]


def test_personal_text_is_not_in_the_events(life, number):
    told = json.dumps(life.events(number), ensure_ascii=False)
    for word in ("承诺两小时", "林女士", "我当时忘了", "王建国", "承诺未兑现"):
        assert word not in told


def test_every_row_of_the_law_is_lawful_and_its_reverse_is_not():
    for move in LAW.moves:
        for source in move.sources:
            targets = (
                {source} if move.stays else {o.target for o in move.outcomes if o.source in ("", source)}
            )
            assert all(is_lawful(move.name, source, target) for target in targets)
    assert not is_lawful("close", "received", "closed")
    assert not is_lawful("return", "verified", "classified")
    assert not is_lawful("lapse", "closed", "closed")
    assert not is_lawful("invented", "received", "verified")
