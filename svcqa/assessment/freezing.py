"""The inputs of a cycle frozen into files named by their content, so that a result can be recomputed from them alone.

The manifest names every table's hash; its own hash is what the audit chain keeps. Nothing is evaluated here.
"""

import hashlib
import json
from dataclasses import dataclass, replace

import polars as pl

from svcqa.assessment import frames, standing
from svcqa.assessment.bands import banded
from svcqa.assessment.evaluation import ENGINE
from svcqa.assessment.frames import TABLES, Frames
from svcqa.assessment.penalties import complaints_of
from svcqa.assessment.standing import Cycle
from svcqa.kernel import audit
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.records import reads

FORMAT = 1
SUBJECTS = Statement("SELECT person_id, unit_id FROM cycle_subject WHERE cycle_id = :id ORDER BY person_id")
UNITS_BELOW = Statement(
    "SELECT DISTINCT a.id AS unit, s.unit_id AS below FROM cycle_subject s JOIN unit b ON b.id = s.unit_id"
    " JOIN unit a ON substr(b.path, 1, length(a.path)) = a.path WHERE s.cycle_id = :id"
)


@dataclass(frozen=True)
class Snapshot:
    """What was frozen: the hash of the manifest, and per table the hash of its file and its number of rows."""

    sha256: str
    tables: dict[str, str]
    rows: dict[str, int]


def prepare(tx: Transaction, cycle: Cycle) -> Snapshot | None:
    """Put the inputs into the store as they are now, unless the cycle has a snapshot; writes no row."""
    return None if cycle.snapshot_sha256 else freeze(tx, cycle)


def keep(tx: Transaction, cycle: Cycle, snapshot: Snapshot | None) -> int:
    """Let the snapshot be the cycle's, and its hash part of the audit chain; says whether that was new."""
    if snapshot is None or cycle.snapshot_sha256:
        return 0
    frozen = replace(cycle, snapshot_sha256=snapshot.sha256, version=cycle.version + 1)
    standing.keep(tx, frozen, seen_version=cycle.version)
    audit.record(
        tx,
        "cycle.frozen",
        kind="cycle",
        id=cycle.id,
        version=(cycle.version, frozen.version),
        facts={
            "number": cycle.number,
            "snapshot": snapshot.sha256,
            "scheme": cycle.scheme_hash,
            "engine": ENGINE,
            "tables": snapshot.tables,
            "rows": snapshot.rows,
        },
    )
    return 1


def freeze(tx: Transaction, cycle: Cycle) -> Snapshot:
    """Write every table and the manifest into the store and return what lies there; same facts, same hashes."""
    tables = gathered(tx, cycle)
    hashes = {
        name: tx.blobs.put([frames.to_parquet(name, table)])[0] for name, table in sorted(tables.items())
    }
    manifest = {
        "format": FORMAT,
        "cycle": cycle.number,
        "period": [cycle.period_from.isoformat(), cycle.period_until.isoformat()],
        "scheme": cycle.scheme_hash,
        "engine": ENGINE,
        "calendar": tx.calendar.version,
        "tables": hashes,
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256, _ = tx.blobs.put([text.encode()])
    return Snapshot(sha256, hashes, {name: table.height for name, table in tables.items()})


def thawed(blobs: Blobs, sha256: str) -> Frames:
    """Open a snapshot from the store alone; raises FileNotFoundError, or ValueError for a file that was changed."""
    return Frames.from_parquet({name: _whole(blobs, each) for name, each in _tables(blobs, sha256).items()})


def tables_of(blobs: Blobs, sha256: str) -> list[str]:
    """Return the hashes of a snapshot's tables; raises as `thawed` does."""
    return list(_tables(blobs, sha256).values())


def _tables(blobs: Blobs, sha256: str) -> dict[str, str]:
    tables: dict[str, str] = json.loads(_whole(blobs, sha256))["tables"]
    return tables


def _whole(blobs: Blobs, sha256: str) -> bytes:
    data = blobs.path(sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"blob {sha256} does not hold what its name says")
    return data


def gathered(tx: Transaction, cycle: Cycle) -> dict[str, pl.DataFrame]:
    """Return every table for the cycle's people and the days of its period, as the facts are known now."""
    path = people.unit(tx, cycle.unit_id).path
    period = {"from_on": cycle.period_from, "until_on": cycle.period_until}
    rows = SUBJECTS.run(tx, id=cycle.id).fetchall()
    subjects = pl.DataFrame(rows, schema=TABLES["subjects"], orient="row")
    tables = {
        "subjects": subjects,
        "interactions": _interactions(tx, reads.interactions(tx, path, **period), subjects),
        "exams": reads.exams(tx, path, **period).rename({"person_id": "subject"}),
        "outages": _outages(tx, cycle, reads.outages(tx, path, **period)),
        "surveys": _placed(reads.surveys(tx, path, **period), subjects),
        "ratings": reads.ratings(tx, cycle.id).rename({"ratee_id": "subject", "rater_id": "rater"}),
        "complaints": complaints_of(tx, cycle),
    }
    known = subjects.select("subject")
    for name in ("exams", "ratings", "complaints"):
        tables[name] = tables[name].join(known, on="subject", how="semi")
    return {name: table.select(TABLES[name].names()) for name, table in tables.items()}


def _interactions(tx: Transaction, found: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    timed = found.with_columns(
        response_seconds=pl.col("responded_s") - pl.col("opened_s"),
        resolve_seconds=pl.col("resolved_s") - pl.col("opened_s"),
    )
    return banded(_placed(timed, subjects), tx.calendar)


def _placed(found: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """Let a row count for its person where that is assessed, in the unit as planned; else for its unit only."""
    teams = subjects.rename({"unit": "team"})
    joined = found.join(teams, left_on="person_id", right_on="subject", how="left", maintain_order="left")
    return joined.with_columns(
        subject=pl.when(pl.col("team").is_not_null()).then(pl.col("person_id")),
        unit=pl.coalesce("team", "unit_id"),
    )


def _outages(tx: Transaction, cycle: Cycle, found: pl.DataFrame) -> pl.DataFrame:
    """Let an outage of a unit count for every unit below it that somebody assessed belongs to."""
    pairs = UNITS_BELOW.run(tx, id=cycle.id).fetchall()
    below = pl.DataFrame(pairs, schema={"unit_id": pl.String, "unit": pl.String}, orient="row")
    return found.join(below, on="unit_id").select("unit", "seconds")
