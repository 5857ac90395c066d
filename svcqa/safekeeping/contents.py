"""What one state of a database says about itself: its migration, its chain, the files it names. Reads only."""

from dataclasses import dataclass

from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import Driven, Statement
from svcqa.kernel.verifying import HEAD
from svcqa.safekeeping.manifest import Chain

TABLE_SQLITE = Statement("SELECT name FROM sqlite_master WHERE type = 'table' AND name = :name")
TABLE_POSTGRES = Statement("SELECT to_regclass(:name)::text")
MIGRATION = Statement("SELECT version_num FROM alembic_version")
EVIDENCE = Statement("SELECT DISTINCT sha256 FROM evidence")
FROZEN = Statement("SELECT DISTINCT snapshot_sha256 FROM cycle WHERE snapshot_sha256 <> ''")


@dataclass(frozen=True)
class Contents:
    """`evidence` and `frozen` are the hashes of evidence files and of the frozen inputs of cycles."""

    migration: str
    chain: Chain
    evidence: frozenset[str]
    frozen: frozenset[str]


def read(tx: Driven) -> Contents:
    """Read all of it in the transaction's one snapshot; raises Invalid for a database that is none of ours.

    A database may be older than this program: what its tables do not know yet is empty.
    """
    migration = MIGRATION.one(tx) if _knows(tx, "alembic_version") and _knows(tx, "audit_head") else None
    if migration is None:
        raise Invalid(
            "database",
            "这个数据库里没有 svcqa 的数据，没有可备份的内容。请检查 SVCQA_DATA_DIR 和 SVCQA_DATABASE_URL。",
        )
    size, link = HEAD.one(tx) or (0, "")  # a head that was taken away is for the proof to name
    return Contents(
        migration=str(migration[0]),
        chain=Chain(size=size, link=link),
        evidence=_hashes(tx, "evidence", EVIDENCE),
        frozen=_hashes(tx, "cycle", FROZEN),
    )


def _hashes(tx: Driven, table: str, statement: Statement) -> frozenset[str]:
    return (
        frozenset(str(row[0]) for row in statement.run(tx).fetchall()) if _knows(tx, table) else frozenset()
    )


def _knows(tx: Driven, table: str) -> bool:
    found = (TABLE_SQLITE if tx.dialect == "sqlite" else TABLE_POSTGRES).one(tx, name=table)
    return found is not None and found[0] is not None
