"""The results of a cycle as rows: computed from its snapshot alone, written once, revised by a new row."""

import json
from dataclasses import replace
from typing import Any, NamedTuple

from svcqa.assessment import freezing, standing
from svcqa.assessment.evaluation import ENGINE, evaluate
from svcqa.assessment.outcome import SubjectResult
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import scheme_of
from svcqa.kernel import audit
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook.scheme import Scheme

ROWS_AT_ONCE = 2000

LATEST = Statement(
    "SELECT r.person_id, r.revision, r.body FROM result r WHERE r.cycle_id = :id"
    " AND r.revision = (SELECT max(revision) FROM result WHERE cycle_id = :id AND person_id = r.person_id)"
)
WRITE = insert(
    "result",
    "id cycle_id revision person_id unit_id composite_hundredths grade rank rank_best rank_worst provisional"
    " body made_at",
)


class Computed(NamedTuple):
    """An evaluation with each of its lines as it is stored."""

    score_hash: str
    lines: tuple[tuple[SubjectResult, str], ...]


_last: dict[tuple[str, str], Computed] = {}


def computed(blobs: Blobs, snapshot_sha256: str, scheme: Scheme) -> Computed:
    """Evaluate a snapshot; the last one of the process is kept, since its results are written in batches."""
    key = (snapshot_sha256, scheme.hash)
    if key not in _last:
        found = evaluate(freezing.thawed(blobs, snapshot_sha256), scheme)
        _last.clear()
        _last[key] = Computed(found.score_hash, tuple((line, body_of(line)) for line in found.lines))
    return _last[key]


def prepare(tx: Transaction, cycle: Cycle) -> Computed | None:
    """Compute the results of a frozen cycle that has none; writes nothing."""
    if not cycle.snapshot_sha256 or cycle.score_hash:
        return None
    return computed(tx.blobs, cycle.snapshot_sha256, scheme_of(tx, cycle))


def write(tx: Transaction, cycle: Cycle, evaluation: Computed | None) -> int:
    """Write some results that are not there yet; when all are, keep the score hash. Returns how much was done."""
    if evaluation is None or cycle.score_hash:
        return 0
    latest = {person: (revision, body) for person, revision, body in LATEST.run(tx, id=cycle.id).fetchall()}
    missing = [line for line, body in evaluation.lines if latest.get(line.subject, (0, ""))[1] != body]
    for line in missing[:ROWS_AT_ONCE]:
        add(tx, cycle, line, revision=latest.get(line.subject, (0, ""))[0] + 1)
    return len(missing[:ROWS_AT_ONCE]) or _finish(tx, cycle, evaluation)


def add(tx: Transaction, cycle: Cycle, line: SubjectResult, *, revision: int) -> str:
    """Write one result as the next revision and return its id."""
    result_id = new_id()
    WRITE.run(
        tx,
        id=result_id,
        cycle_id=cycle.id,
        revision=revision,
        person_id=line.subject,
        unit_id=line.unit,
        composite_hundredths=line.composite_hundredths,
        grade=line.grade,
        rank=line.rank,
        rank_best=line.rank_best,
        rank_worst=line.rank_worst,
        provisional=line.provisional,
        body=body_of(line),
        made_at=tx.now,
    )
    return result_id


def body_of(line: SubjectResult) -> str:
    """Write a result as canonical JSON."""
    return json.dumps(line.as_plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def line_of(body: str) -> SubjectResult:
    """Read a stored result."""
    plain: dict[str, Any] = json.loads(body)
    return SubjectResult.from_plain(plain)


def _finish(tx: Transaction, cycle: Cycle, evaluation: Computed) -> int:
    scored = replace(cycle, score_hash=evaluation.score_hash, version=cycle.version + 1)
    standing.keep(tx, scored, seen_version=cycle.version)
    audit.record(
        tx,
        "cycle.scored",
        kind="cycle",
        id=cycle.id,
        version=(cycle.version, scored.version),
        facts={
            "number": cycle.number,
            "snapshot": cycle.snapshot_sha256,
            "scheme": cycle.scheme_hash,
            "engine": ENGINE,
            "score_hash": evaluation.score_hash,
            "results": len(evaluation.lines),
        },
    )
    return 1
