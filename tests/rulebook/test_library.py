"""Published versions in the database: immutable, one in force on a day, parsed once."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import event
from sqlmodel import SQLModel

from svcqa.kernel.audit import GENESIS
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.database import open_engine
from svcqa.kernel.errors import Duplicate, Forbidden, Invalid, NotFound
from svcqa.kernel.models import AuditEvent, AuditHead, AuditText
from svcqa.kernel.transaction import Actor, Transaction, Workplace
from svcqa.rulebook import library
from svcqa.rulebook.loading import folder_hash
from svcqa.rulebook.model import DOCUMENT
from svcqa.rulebook.models import RegulationVersion
from svcqa.rulebook.reading import RulebookError

ID = "complaints-trial"
LIU_MIN = Actor(person_id="liu-min", name="刘敏", roles=frozenset({"supervisor"}))
NOW = datetime(2026, 11, 23, 7, 20, tzinfo=UTC)


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    engine = open_engine(f"sqlite:///{tmp_path / 'svcqa.db'}")
    tables = [
        SQLModel.metadata.tables[model.__tablename__]
        for model in (AuditEvent, AuditHead, AuditText, RegulationVersion)
    ]
    SQLModel.metadata.create_all(engine, tables=tables)
    unused = cast("Any", None)
    place = Workplace(
        engine, FrozenClock(NOW), calendar=unused, settings=unused, links=unused, blobs=unused, seal=unused
    )
    with place.transaction(LIU_MIN) as tx:
        tx.session.add(AuditHead(id=1, size=0, chain=GENESIS))
    yield place
    engine.dispose()


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch):
    monkeypatch.setattr(library, "_parsed", {})


@pytest.fixture
def second(files) -> dict[str, str]:
    """The version that follows: binds from 2026-07-01."""
    text = files[DOCUMENT].replace("version: v1", "version: v2").replace("2025-01-01", "2026-07-01")
    return {**files, DOCUMENT: text}


def at_work(workplace: Workplace) -> AbstractContextManager[Transaction]:
    return workplace.transaction(LIU_MIN)


def test_a_published_version_is_found_by_day_and_by_hash(workplace, files, regulation):
    with at_work(workplace) as tx:
        published = library.publish(tx, files, confirmed_by="han-lei")
    assert published == folder_hash(files)
    with at_work(workplace) as tx:
        assert library.in_force(tx, ID, on=date(2025, 1, 1)) == regulation
        assert library.by_hash(tx, published) == regulation


def test_a_document_is_named_while_a_version_with_examples_binds(workplace, files, second):
    replaced = {name: text.replace("example: true", "example: false") for name, text in second.items()}
    with at_work(workplace) as tx:
        library.publish(tx, files, confirmed_by="han-lei")
        library.publish(tx, replaced, confirmed_by="han-lei")
        assert library.with_examples(tx, on=date(2024, 12, 31)) == []
        assert library.with_examples(tx, on=date(2026, 6, 30)) == [ID]
        assert library.with_examples(tx, on=date(2026, 7, 1)) == []


def test_publishing_is_remembered_with_both_persons(workplace, files):
    with at_work(workplace) as tx:
        library.publish(tx, files, confirmed_by="han-lei")
        row = tx.session.get_one(AuditEvent, 1)
    body = json.loads(row.body)
    assert (row.action, row.object_id, row.actor_id) == ("rulebook.published", folder_hash(files), "liu-min")
    assert body["facts"] == {
        "document": ID, "version": "v1", "effective_on": "2025-01-01", "confirmed_by": "han-lei",
    }  # fmt: skip


def test_the_next_version_ends_the_one_before_on_its_first_day(workplace, files, second):
    with at_work(workplace) as tx:
        library.publish(tx, files, confirmed_by="han-lei")
        library.publish(tx, second, confirmed_by="han-lei")
        assert library.in_force(tx, ID, on=date(2026, 6, 30)).document.version == "v1"
        assert library.in_force(tx, ID, on=date(2026, 7, 1)).document.version == "v2"
        listed = [(each.version, each.effective_on, each.superseded_on) for each in library.versions(tx)]
    assert listed == [("v2", date(2026, 7, 1), None), ("v1", date(2025, 1, 1), date(2026, 7, 1))]


def test_a_list_says_who_published_when(workplace, files):
    with at_work(workplace) as tx:
        library.publish(tx, files, confirmed_by="han-lei")
        [listed] = library.versions(tx)
    assert (listed.title, listed.published_by, listed.published_at) == (
        "客户服务质量考核方法（试行）",
        "liu-min",
        NOW,
    )


def test_before_the_first_day_and_for_another_document_nothing_is_in_force(workplace, files):
    with at_work(workplace) as tx:
        library.publish(tx, files, confirmed_by="han-lei")
        for document, day in ((ID, date(2024, 12, 31)), ("another", date(2026, 1, 1))):
            with pytest.raises(NotFound, match="没有生效的版本"):
                library.in_force(tx, document, on=day)
        with pytest.raises(NotFound, match="没有发布过"):
            library.by_hash(tx, "0" * 64)


def test_a_published_version_cannot_be_published_again_or_changed(workplace, files, plant):
    with at_work(workplace) as tx:
        library.publish(tx, files, confirmed_by="han-lei")
        for again in (files, plant("warn_percent: 75", "warn_percent: 80")):
            with pytest.raises(Duplicate, match="换一个版本号"):
                library.publish(tx, again, confirmed_by="han-lei")


def test_a_new_version_never_binds_before_the_one_it_follows(workplace, files, second):
    with at_work(workplace) as tx:
        library.publish(tx, second, confirmed_by="han-lei")
        with pytest.raises(RulebookError, match=r"document\.yaml 第 10 行：生效日期须晚于上一版 v2"):
            library.publish(tx, files, confirmed_by="han-lei")


def test_who_publishes_cannot_confirm(workplace, files):
    with at_work(workplace) as tx, pytest.raises(Forbidden, match="另一个人"):
        library.publish(tx, files, confirmed_by="liu-min")


def test_a_version_with_a_finding_is_refused_with_its_line(workplace, plant):
    with at_work(workplace) as tx:
        with pytest.raises(Invalid, match=r"casework\.yaml 第 \d+ 行：没有条款 9\.9"):
            library.publish(
                tx, plant("escalated_clause: 7.3.11", "escalated_clause: 9.9"), confirmed_by="han-lei"
            )
        assert library.versions(tx) == []


def test_two_who_publish_at_once_meet_at_the_constraint(workplace, files, monkeypatch):
    monkeypatch.setattr(library, "_refuse_published", lambda *_: None)
    monkeypatch.setattr(library, "_supersede", lambda *_: None)
    with at_work(workplace) as tx:
        library.publish(tx, files, confirmed_by="han-lei")
    with pytest.raises(Duplicate, match="刚刚由别人发布"), at_work(workplace) as tx:
        library.publish(tx, files, confirmed_by="han-lei")


def test_files_changed_in_the_database_are_refused(workplace, files):
    with at_work(workplace) as tx:
        published = library.publish(tx, files, confirmed_by="han-lei")
        row = tx.session.get_one(RegulationVersion, published)
        row.files = row.files.replace("min: 800", "min: 100")
    with at_work(workplace) as tx, pytest.raises(RulebookError, match=r"与哈希 [0-9a-f]{12} 不符"):
        library.in_force(tx, ID, on=date(2026, 1, 1))


def test_the_files_of_a_version_are_read_and_parsed_once_per_process(workplace, files):
    with at_work(workplace) as tx:
        published = library.publish(tx, files, confirmed_by="han-lei")
    reads: list[str] = []
    event.listen(workplace.engine, "before_cursor_execute", lambda *context: reads.append(context[2]))
    with at_work(workplace) as tx:
        first = library.by_hash(tx, published)
        assert all(library.by_hash(tx, published) is first for _ in range(3))
        assert library.in_force(tx, ID, on=date(2026, 1, 1)) is first
    assert len([statement for statement in reads if "regulation_version.files" in statement]) == 1
