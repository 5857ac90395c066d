"""The chain: canonical JSON, commitments, and a proof that finds every tampering and names it."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel import audit, checkpoint
from svcqa.kernel.audit import GENESIS, canonical, leaf_of, link_of, plain
from svcqa.kernel.checkpoint import Keys
from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace
from svcqa.kernel.verifying import Anchor, verify
from tests.databases import on_sqlite
from tests.kernel.tampering import WAYS, Found, drop_triggers

SIZE = 24
KEYS = Keys(Ed25519PrivateKey.from_private_bytes(b"a key of the tests, 32 bytes ..."))

WHOLE = st.integers(-audit.LARGEST, audit.LARGEST)
KEY = st.text("abcdefghijklmnopqrstuvwxyz_-0123456789", max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4),
    max_leaves=25,
)


@given(JSON)
def test_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical(plain(value)).encode() == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), Decimal(1), object(), b"bytes", {"deep": [0.1]}])
def test_what_json_cannot_carry_exactly_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="audit event cannot carry"):
        plain(value)


def test_moments_days_and_sets_are_written_one_way() -> None:
    at = datetime.fromisoformat("2026-11-23T09:30:00+08:00")
    assert plain({"at": at, "on": date(2026, 11, 23), "roles": {"b", "a"}, "pair": (1, None)}) == {
        "at": "2026-11-23T01:30:00.000000Z",
        "on": "2026-11-23",
        "roles": ["a", "b"],
        "pair": [1, None],
    }


def record(place: Workplace, count: int = SIZE) -> None:
    with place.transaction(SYSTEM) as tx:
        for number in range(count):
            texts = {"note": f"陈述 {number}"} if number % 3 == 0 else {}
            audit.record(
                tx,
                "penalty.decided",
                kind="penalty",
                id=f"p{number}",
                facts={"amount_fen": number * 100, "clause": "7.2.1"},
                texts=texts,
            )


@pytest.fixture
def log(empty_place: Workplace) -> Iterator[Transaction]:
    """Return an open transaction on a chain of events; whatever a test does to it is rolled back."""
    record(empty_place)
    with empty_place.reading(SYSTEM) as tx:
        drop_triggers(tx)
        yield tx


def test_an_event_holds_who_what_when_and_no_personal_text(empty_place: Workplace) -> None:
    record(empty_place, 1)
    with empty_place.reading(SYSTEM) as tx:
        row = Statement("SELECT * FROM audit_event").row(tx)
        text = Statement("SELECT * FROM audit_text").row(tx)
    assert row is not None
    assert text is not None
    event = json.loads(row["body"])
    assert (event["seq"], event["at"], event["action"]) == (
        1,
        "2026-11-23T01:30:00.000000Z",
        "penalty.decided",
    )
    assert event["actor"] == {"id": None, "roles": ["system"], "via": "sweep"}
    assert event["texts"] == {"note": audit.commitment(text["salt"], "陈述 0")}
    assert "陈述" not in row["body"]
    assert (row["leaf"], row["chain"]) == (leaf_of(row["body"]), link_of(GENESIS, row["leaf"]))


def test_a_rolled_back_change_leaves_no_event(empty_place: Workplace) -> None:
    def change() -> None:
        with empty_place.transaction(SYSTEM) as tx:
            audit.record(tx, "penalty.decided", kind="penalty", id="p")
            raise ValueError("the change failed after it was recorded")

    with pytest.raises(ValueError, match="after it was recorded"):
        change()
    with empty_place.reading(SYSTEM) as tx:
        assert verify(tx).size == 0


def test_a_whole_chain_is_intact(log: Transaction) -> None:
    verdict = verify(log)
    assert (verdict.size, verdict.erased, verdict.tail, verdict.fault) == (SIZE, 0, SIZE, None)


def anchored(log: Transaction) -> list[Anchor]:
    size, root = checkpoint.root_now(log)
    return [checkpoint.opened("a note", checkpoint.sign(size, root, keys=KEYS), KEYS.public)]


def trial(log: Transaction, way: str, seed: int) -> None:
    anchors = anchored(log)
    log.driver.execute("SAVEPOINT trial")
    said: Found = WAYS[way](log, Random(f"{way} {seed}"), SIZE)
    fault = verify(log, anchors=anchors).fault
    assert fault is not None, (way, seed)
    assert (fault.seq, fault.kind in said.kinds) == (said.seq, True), (way, seed, fault, said)
    log.driver.execute("ROLLBACK TO trial")


@pytest.mark.parametrize("way", WAYS)
def test_every_tampering_is_found_and_named(log: Transaction, way: str) -> None:
    for seed in range(50):
        trial(log, way, seed)
    assert verify(log).fault is None


if os.environ.get("SVCQA_FAULTS") == "long":

    @pytest.mark.faults
    @on_sqlite
    @pytest.mark.parametrize("way", WAYS)
    def test_a_thousand_tamperings_of_each_kind_are_found(log: Transaction, way: str) -> None:
        for seed in range(1_000):
            trial(log, way, seed)


def test_without_a_checkpoint_a_chain_made_anew_looks_intact(log: Transaction) -> None:
    WAYS["rehash_all"](log, Random(1), SIZE)
    assert verify(log).fault is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "2026-01-01"), ("action", "x"), ("object_kind", "x"), ("object_id", "x"), ("actor_id", "x")],
)
def test_a_column_that_contradicts_the_event_is_found(log: Transaction, column: str, value: str) -> None:
    Statement(f"UPDATE audit_event SET {column} = :value WHERE seq = 7").run(log, value=value)
    fault = verify(log).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (7, "edited column")


@pytest.mark.parametrize(
    ("change", "seq", "kind"),
    [
        ("UPDATE audit_event SET chain = leaf WHERE seq = 5", 5, "chain broken"),
        ("UPDATE audit_event SET leaf = chain WHERE seq = 5", 5, "edited body"),
        ("UPDATE audit_event SET body = 'not json' WHERE seq = 5", 5, "edited body"),
        ("UPDATE audit_event SET seq = 0 WHERE seq = 5", 0, "inserted"),
        ("UPDATE audit_head SET size = size - 1", SIZE, "head moved"),
        ("UPDATE audit_head SET chain = 'x'", SIZE, "head moved"),
        ("DELETE FROM audit_head", SIZE, "head moved"),
        (f"DELETE FROM audit_event WHERE seq = {SIZE}", SIZE - 1, "head moved"),
        ("UPDATE audit_text SET value = 'x' WHERE seq = 4", 4, "text changed"),
        ("UPDATE audit_text SET salt = 'x' WHERE seq = 4", 4, "text changed"),
        ("UPDATE audit_text SET name = 'x' WHERE seq = 4", 4, "text changed"),
        ("UPDATE audit_text SET seq = 5 WHERE seq = 4", 5, "text changed"),
        ("UPDATE audit_text SET seq = 999 WHERE seq = 4", 999, "text changed"),
    ],
)
def test_other_hands_on_the_tables_are_named(log: Transaction, change: str, seq: int, kind: str) -> None:
    log.driver.execute(change)
    fault = verify(log).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (seq, kind)


def test_an_erased_text_is_counted_and_no_fault(log: Transaction) -> None:
    log.driver.execute("DELETE FROM audit_text WHERE seq IN (1, 4)")
    verdict = verify(log)
    assert (verdict.erased, verdict.fault) == (2, None)


def test_pages_meet_without_a_gap(log: Transaction, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svcqa.kernel.verifying.PAGE", 5)
    monkeypatch.setattr("svcqa.kernel.checkpoint.PAGE", 7)
    assert verify(log, anchors=anchored(log)).anchored == SIZE


def test_a_proof_tells_how_far_it_is(log: Transaction, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svcqa.kernel.verifying.PAGE", 5)
    told: list[tuple[int, int]] = []
    verify(log, progress=lambda done, most: told.append((done, most)))
    assert told == [(done, SIZE) for done in range(5, SIZE + 1, 5)]


def test_a_note_is_signed_and_any_change_to_it_is_refused() -> None:
    note = checkpoint.sign(3, b"r" * 32, keys=KEYS)
    assert note.splitlines()[:3] == ["svcqa-audit", "3", "cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI="]
    assert checkpoint.opened("n", note, KEYS.public) == Anchor(3, b"r" * 32, "n")
    other = Keys(Ed25519PrivateKey.from_private_bytes(b"z" * 32))
    for broken in (
        note.replace("\n3\n", "\n4\n"),
        note[:-5],
        "",
        note.replace("svcqa-audit", "another"),
        note[1:],
    ):
        with pytest.raises(Invalid):
            checkpoint.opened("n", broken, KEYS.public)
    with pytest.raises(Invalid):
        checkpoint.opened("n", note, other.public)


def test_checkpoints_are_only_added_and_the_key_is_its_owners(empty_place: Workplace, tmp_path: Path) -> None:
    record(empty_place, 3)
    with empty_place.reading(SYSTEM) as tx:
        first = checkpoint.take(tx, data_dir=tmp_path)
    text = first.read_text()
    assert checkpoint.write(first.parent, 3, "something else") == first
    assert first.read_text() == text
    record(empty_place, 2)
    with empty_place.reading(SYSTEM) as tx:
        checkpoint.take(tx, data_dir=tmp_path)
        public = checkpoint.read_verifier(tmp_path / checkpoint.PUBLIC)
        anchors = checkpoint.anchors(tmp_path / checkpoint.FOLDER, public)
        verdict = verify(tx, anchors=anchors)
    assert [anchor.size for anchor in anchors] == [3, 5]
    assert (verdict.anchored, verdict.tail, verdict.fault) == (5, 0, None)
    assert (tmp_path / checkpoint.PRIVATE).stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in first.parent.iterdir()) == [
        "000000000003.checkpoint",
        "000000000005.checkpoint",
    ]


def test_an_older_copy_of_the_database_is_found_by_a_later_checkpoint(empty_place: Workplace) -> None:
    record(empty_place, 3)
    with empty_place.reading(SYSTEM) as tx:
        later = Anchor(5, b"r" * 32, "later")
        fault = verify(tx, anchors=[later]).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (4, "older than its checkpoint")


def test_moments_in_utc_only() -> None:
    assert audit.instant(datetime(2026, 11, 23, tzinfo=UTC)) == "2026-11-23T00:00:00.000000Z"
