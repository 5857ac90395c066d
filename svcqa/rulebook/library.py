"""The published versions: put in, found by the day or by the hash. What is published never changes.

A version is parsed once per process: its hash names its content, in whatever database it lies.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from svcqa.kernel import audit
from svcqa.kernel.errors import Duplicate, Forbidden, Invalid, NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook.checking import Finding, check
from svcqa.rulebook.loading import Parts, folder_hash, parts
from svcqa.rulebook.model import DOCUMENT, Regulation, Sourced, holds_example
from svcqa.rulebook.models import RegulationVersion
from svcqa.rulebook.reading import RulebookError
from svcqa.rulebook.scheme import Known, Scheme
from svcqa.rulebook.scheme_checking import check_scheme

IN_FORCE = Statement(
    "SELECT hash FROM regulation_version WHERE document_id = :document_id AND effective_on <= :day"
    " AND (superseded_on IS NULL OR superseded_on > :day)"
)

_parsed: dict[str, Parts] = {}


@dataclass(frozen=True)
class Version:
    """One published version as a list shows it."""

    hash: str
    document_id: str
    version: str
    title: str
    effective_on: date
    superseded_on: date | None
    published_at: datetime
    published_by: str | None


def publish(
    tx: Transaction,
    files: Mapping[str, str],
    *,
    confirmed_by: str,
    metrics: Mapping[str, Known] | None = None,
) -> str:
    """Publish a checked version, end the one before on the day it takes effect, and return its hash.

    `metrics`, if given, are those a scheme may name. Raises RulebookError, Invalid (a finding, a day too early),
    Forbidden (confirmed by the actor), Duplicate.
    """
    if confirmed_by == tx.actor.person_id:
        raise Forbidden("发布制度须由另一个人确认。请换一位有权限的同事确认后再发布。")
    version = parts(files)
    _refuse_findings(findings(version, metrics=metrics))
    sourced = version.sourced
    _refuse_published(tx, sourced)
    _supersede(tx, sourced)
    _store(tx, sourced, files)
    document = sourced.document
    audit.record(
        tx,
        "rulebook.published",
        kind="regulation",
        id=sourced.hash,
        facts={
            "document": document.id,
            "version": document.version,
            "effective_on": document.effective_on,
            "confirmed_by": confirmed_by,
        },
    )
    return sourced.hash


def findings(
    version: Parts, *, states: Collection[str] = (), metrics: Mapping[str, Known] | None = None
) -> list[Finding]:
    """Return what is wrong with each part of a version, in the order of the files."""
    found = check(version.regulation, states=states) if version.regulation else []
    return found + (check_scheme(version.scheme, metrics=metrics) if version.scheme else [])


def in_force(tx: Transaction, document_id: str, *, on: date) -> Regulation:
    """Return the version of a document that binds on a day; raises NotFound."""
    return by_hash(tx, _hash_in_force(tx, document_id, on))


def scheme_in_force(tx: Transaction, document_id: str, *, on: date) -> Scheme:
    """Return the assessment scheme of a document that binds on a day; raises NotFound."""
    return scheme_by_hash(tx, _hash_in_force(tx, document_id, on))


def by_hash(tx: Transaction, version_hash: str) -> Regulation:
    """Return the published version with this hash, read and parsed once per process; raises NotFound."""
    regulation = parts_by_hash(tx, version_hash).regulation
    if regulation is None:
        raise NotFound(f"哈希为 {version_hash[:12]} 的制度没有投诉办理的规定。请从制度列表另选一版。")
    return regulation


def scheme_by_hash(tx: Transaction, version_hash: str) -> Scheme:
    """Return the assessment scheme with this hash, read and parsed once per process; raises NotFound."""
    scheme = parts_by_hash(tx, version_hash).scheme
    if scheme is None:
        raise NotFound(f"哈希为 {version_hash[:12]} 的制度没有考核办法。请从制度列表另选一版。")
    return scheme


def parts_by_hash(tx: Transaction, version_hash: str) -> Parts:
    """Return all parts of the published version with this hash; raises NotFound."""
    if version_hash not in _parsed:
        row = tx.session.get(RegulationVersion, version_hash)
        if row is None:
            raise NotFound(f"没有发布过哈希为 {version_hash[:12]} 的制度版本。请从制度列表重新进入。")
        _parsed[version_hash] = _unchanged(version_hash, json.loads(row.files))
    return _parsed[version_hash]


def versions(tx: Transaction) -> list[Version]:
    """Return all published versions, each document's newest first."""
    columns = [col(getattr(RegulationVersion, name)) for name in Version.__dataclass_fields__]
    order = (col(RegulationVersion.document_id), col(RegulationVersion.effective_on).desc())
    return [Version(*row) for row in tx.session.execute(select(*columns).order_by(*order))]


def with_examples(tx: Transaction, *, on: date) -> list[str]:
    """Return the ids of the documents that bind on a day with something marked as an example (示例)."""
    found = []
    for version in versions(tx):
        if version.effective_on <= on and (version.superseded_on is None or version.superseded_on > on):
            held = parts_by_hash(tx, version.hash)
            if holds_example(held.regulation) or holds_example(held.scheme):
                found.append(version.document_id)
    return found


def _hash_in_force(tx: Transaction, document_id: str, on: date) -> str:
    row = IN_FORCE.one(tx, document_id=document_id, day=on.isoformat())
    if row is None:
        raise NotFound(f"制度 {document_id} 在 {on} 没有生效的版本。请先发布当日有效的版本，或核对日期。")
    return str(row[0])


def _refuse_findings(found: list[Finding]) -> None:
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        first = errors[0]
        raise Invalid(first.file, f"{first.file} 第 {first.line} 行：{first.sentence}（共 {len(errors)} 处）")


def _refuse_published(tx: Transaction, sourced: Sourced) -> None:
    document = sourced.document
    same = (
        select(RegulationVersion.hash)
        .where(RegulationVersion.document_id == document.id)
        .where(RegulationVersion.version == document.version)
    )
    if tx.session.exec(same).first() is not None:
        raise Duplicate(f"《{document.title}》{document.version} 已经发布，不能改动。请换一个版本号再发布。")


def _supersede(tx: Transaction, sourced: Sourced) -> None:
    document = sourced.document
    last = tx.session.exec(
        select(RegulationVersion)
        .where(RegulationVersion.document_id == document.id)
        .order_by(col(RegulationVersion.effective_on).desc())
    ).first()
    if last is None:
        return
    if document.effective_on <= last.effective_on:
        line = sourced.place(DOCUMENT, "effective_on")[1]
        sentence = f"生效日期须晚于上一版 {last.version} 的 {last.effective_on}。请改晚。"
        raise RulebookError(DOCUMENT, line, sentence)
    last.superseded_on = document.effective_on


def _store(tx: Transaction, sourced: Sourced, files: Mapping[str, str]) -> None:
    document = sourced.document
    tx.session.add(
        RegulationVersion(
            hash=sourced.hash,
            document_id=document.id,
            version=document.version,
            title=document.title,
            effective_on=document.effective_on,
            files=json.dumps(dict(files), ensure_ascii=False, sort_keys=True),
            published_at=tx.now,
            published_by=tx.actor.person_id,
        )
    )
    try:
        tx.session.flush()
    except IntegrityError as error:  # two published at once; the constraints let one through
        raise Duplicate(f"《{document.title}》刚刚由别人发布了一版。请刷新列表后再决定。") from error


def _unchanged(version_hash: str, files: Mapping[str, str]) -> Parts:
    if folder_hash(files) != version_hash:
        sentence = f"库中保存的条文与哈希 {version_hash[:12]} 不符，可能被改动。请核查审计链并从备份恢复。"
        raise RulebookError(DOCUMENT, 1, sentence)
    return parts(files)
