"""The same work gives the same record on SQLite and on PostgreSQL: to the byte, and to the last hash."""

import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from svcqa import migrating
from svcqa.casework import forms
from svcqa.demo.people import roster as demo_roster
from svcqa.kernel import ids
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import roster
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, read_folder
from tests.assessment.month import Month, Traces, furnish, opened
from tests.casework.life import Life
from tests.conftest import MONDAY_MORNING
from tests.conftest import opened as opened_place
from tests.databases import on_postgres, on_postgresql

EVENTS = Statement("SELECT body, chain FROM audit_event ORDER BY seq")
MAILS = Statement("SELECT slug, recipient, subject FROM outbox ORDER BY id")

Told = tuple[list[tuple[str, str]], list[tuple[str, ...]]]


class Counted:
    """Identifiers that count on from one fixed moment."""

    def __init__(self) -> None:
        self.last = 1_700_000_000_000 * ids.COUNTER

    def next(self, _milliseconds: int, count: int = 1) -> int:
        self.last += count
        return self.last - count + 1


@pytest.fixture
def on_each(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str
) -> Callable[[Callable[[Workplace], object]], list[object]]:
    """Return a function that tells one story on both databases, with the same dice and at the same moments."""

    def told(story: Callable[[Workplace], object]) -> list[object]:
        return [
            _told(story, monkeypatch, folder)
            for folder in (tmp_path / "sqlite", on_postgres(_made(tmp_path / database)))
        ]

    return told


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _told(story: Callable[[Workplace], object], monkeypatch: pytest.MonkeyPatch, folder: Path) -> object:
    folder.mkdir(exist_ok=True)
    dice = Random(7)
    monkeypatch.setattr(ids, "_series", Counted())
    monkeypatch.setattr(os, "urandom", dice.randbytes)
    monkeypatch.setattr(secrets, "token_hex", lambda size: dice.randbytes(size).hex())
    with opened_place(folder, FrozenClock(MONDAY_MORNING)) as place:
        migrating.migrate(place.engine)
        with place.transaction(SYSTEM) as tx:
            roster.load(tx, demo_roster())
            library.publish(
                tx, read_folder(SHIPPED / "complaints-trial" / "v1"), confirmed_by="the leading group"
            )
        return story(place)


def record(place: Workplace) -> Told:
    with place.reading(SYSTEM) as tx:
        return list(map(tuple, EVENTS.run(tx).fetchall())), list(map(tuple, MAILS.run(tx).fetchall()))


def casework(place: Workplace) -> Told:
    """Lead a handful of complaints through most of what can happen to one."""
    life = Life(place)
    lost, reduced = life.appealed(), life.appealed("wangjianguo", "chensiyu")
    life.act("zhouhuimin", lost, forms.Uphold(penalty=life.penalty(lost)["id"], text="维持"))
    life.act("zhouhuimin", reduced, forms.Revoke(penalty=life.penalty(reduced)["id"], text="撤销"))
    life.registered(external_id="10050-7")
    for number in (lost, reduced, life.served(), life.classified()):
        life.reply(number)
    for _ in range(4):
        life.clock.at += timedelta(days=7)
        assert life.sweep().failed == 0
    life.demand_sound()
    return record(place)


def assessment(place: Workplace) -> tuple[Traces, Told]:
    """Lead October's cycle from its plan to its measures."""
    with place.transaction(SYSTEM) as tx:
        furnish(tx)
    month: Month = opened(place)
    month.advance()
    month.rate()
    month.advance()
    month.confirm()
    month.advance()
    month.later(days=5)
    month.advance()
    return month.traces(), record(place)


@on_postgresql
def test_the_same_casework_leaves_the_same_record(on_each):
    (events, mails), (events_there, mails_there) = on_each(casework)
    assert len(events) > 60
    assert [body for body, _ in events] == [body for body, _ in events_there]
    assert events[-1] == events_there[-1], "the chain's last link"
    assert mails == mails_there
    assert len(mails) > 30


@on_postgresql
def test_the_same_cycle_has_the_same_score_hash(on_each):
    (traces, (events, mails)), (traces_there, (events_there, mails_there)) = on_each(assessment)
    assert len(traces.score_hash) == 64
    assert (traces.score_hash, traces.snapshot) == (traces_there.score_hash, traces_there.snapshot)
    assert traces == traces_there
    assert events[-1] == events_there[-1], "the chain's last link"
    assert mails == mails_there
