"""Evidence of a case: checked, kept by content, remembered in the same transaction. No picture keeps its metadata."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from states.complaint import CLOSED
from svcqa.casework import file_types, visibility
from svcqa.casework.change import Change
from svcqa.casework.snapshot import Case, load
from svcqa.casework.work import hits
from svcqa.kernel import audit
from svcqa.kernel.errors import Forbidden, Invalid, NotFound
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import Actor, Transaction

MOST_FILES = 20
LONGEST_PURPOSE = 200
KINDS = {
    "recording": "录音",
    "photo": "照片",
    "statement": "陈述材料",
    "screenshot": "截图",
    "document": "文件",
}
ADDERS = frozenset({"officer", "supervisor", "inspector"})

OF_CASE = Statement(
    "SELECT e.*, p.name AS added_by_name FROM evidence e LEFT JOIN person p ON p.id = e.added_by"
    " WHERE e.complaint_id = :id ORDER BY e.id"
)
ONE = Statement("SELECT * FROM evidence WHERE id = :id AND complaint_id = :complaint_id")


@dataclass(frozen=True)
class Item:
    """One file of a case as pages show it."""

    id: str
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    proves: str
    added_by_name: str
    added_at: datetime


def add(tx: Transaction, number: str, *, name: str, data: bytes, kind: str, proves: str = "") -> str:
    """Add a file to a case and return its id; for staff on the case and for those it is about.

    Raises Invalid on `file`, `kind` or `proves`, Forbidden, NotFound. The bytes are stored last: whatever
    goes wrong before leaves nothing behind.
    """
    case = load(tx, number)
    _require_adder(tx.actor, case)
    if case.state == CLOSED:
        raise Invalid("file", "本单已办结，不能再上传证据。有新证据时，请先由客服主管重启本单。")
    if case.evidence >= MOST_FILES:
        raise Invalid("file", f"每单最多 {MOST_FILES} 份证据，已经满了。请合并材料后再上传。")
    if kind not in KINDS:
        raise Invalid("kind", "请选择证据的类型。")
    if len(proves) > LONGEST_PURPOSE:
        raise Invalid("proves", f"证明内容最多 {LONGEST_PURPOSE} 个字，请缩短。")
    if len(data) > tx.settings.upload_megabytes * 1_000_000:
        raise Invalid("file", f"文件超过 {tx.settings.upload_megabytes} MB，没有保存。请压缩或拆分后再上传。")
    return _keep(tx, case, file_types.checked(name, data), kind=kind, proves=proves, original=data)


def _require_adder(actor: Actor, case: Case) -> None:
    about = any(hits(actor, respondent) for respondent in case.respondents)
    heads = "unit_head" in actor.roles and visibility.may_see(actor, case)
    if not (actor.roles & ADDERS or about or heads):
        raise Forbidden("只有经办人、客服主管、检查员、相关单位负责人和被投诉人可以上传证据。")


def _keep(
    tx: Transaction, case: Case, file: file_types.Checked, *, kind: str, proves: str, original: bytes
) -> str:
    change = Change(tx)
    evidence_id = change.add(
        "evidence",
        {
            "id": new_id(),
            "complaint_id": case.id,
            "kind": kind,
            "name": file.name,
            "media_type": file.media_type,
            "size": len(file.data),
            "sha256": hashlib.sha256(file.data).hexdigest(),
            "proves": proves,
            "added_by": tx.actor.person_id,
            "added_at": tx.now,
        },
    )
    # A picture is written anew; the hash of what was handed in shows later which file it came from.
    facts = {
        "number": case.number,
        "received_sha256": hashlib.sha256(original).hexdigest(),
        "rows": change.rows,
    }
    texts = {"name": file.name, "proves": proves}
    audit.record(tx, "complaint.evidence", kind="complaint", id=case.id, facts=facts, texts=texts)
    tx.blobs.put([file.data])
    return evidence_id


def of_case(tx: Transaction, complaint_id: str) -> list[Item]:
    """Return the files of a case in the order they came."""
    rows = (dict(with_moments(row)) for row in OF_CASE.rows(tx, id=complaint_id))
    named = ({**row, "added_by_name": row["added_by_name"] or ""} for row in rows)
    return [Item(**{name: row[name] for name in Item.__dataclass_fields__}) for row in named]


@dataclass(frozen=True)
class Stored:
    """A file to hand out."""

    name: str
    media_type: str
    path: Path


def fetch(tx: Transaction, number: str, evidence_id: str) -> Stored:
    """Return a file of a case the actor may see; raises NotFound."""
    case = visibility.seen(tx, number)
    row = ONE.row(tx, id=evidence_id, complaint_id=case.id)
    if row is None:
        raise NotFound("没有这份证据，或你无权查看。请从工单页面重新打开。")
    return Stored(row["name"], row["media_type"], tx.blobs.path(row["sha256"]))
