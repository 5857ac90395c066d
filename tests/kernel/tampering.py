"""Nine ways to tamper with a chain of events, as somebody with the whole database in hands would."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from svcqa.kernel.audit import GENESIS, canonical, leaf_of, link_of
from svcqa.kernel.statements import Driven, Statement

COLUMNS = "at, action, object_kind, object_id, actor_id, body, leaf, chain"
BODY = Statement("SELECT body FROM audit_event WHERE seq = :seq")
ALL = Statement("SELECT seq, body FROM audit_event ORDER BY seq")
SET_BODY = Statement("UPDATE audit_event SET body = :body WHERE seq = :seq")
SET_HASHES = Statement("UPDATE audit_event SET leaf = :leaf, chain = :chain WHERE seq = :seq")
RENUMBER = Statement("UPDATE audit_event SET seq = :to WHERE seq = :seq")
DELETE = Statement("DELETE FROM audit_event WHERE seq = :seq")
DROP_EACH = {
    "sqlite": Statement("SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": Statement(
        "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal"
    ),
}
CUT = Statement("DELETE FROM audit_event WHERE seq > :seq")
COPY = Statement(
    f"INSERT INTO audit_event (seq, {COLUMNS}) SELECT :to, {COLUMNS} FROM audit_event WHERE seq = :seq"
)
HEAD = Statement("UPDATE audit_head SET size = :size, chain = :chain WHERE id = 1")


def drop_triggers(tx: Driven) -> None:
    """Take away the database's own refusal, as its owner can."""
    for (drop,) in DROP_EACH[tx.dialect].run(tx).fetchall():
        tx.driver.execute(drop)


@dataclass(frozen=True)
class Found:
    """What the proof must say: the number of the first bad event, and one of these kinds."""

    seq: int
    kinds: frozenset[str]


def expect(seq: int, *kinds: str) -> Found:
    return Found(seq, frozenset(kinds))


def rehash(tx: Driven) -> None:
    """Make leaves, links and head fit the bodies as they stand."""
    link, size = GENESIS, 0
    for size, body in ALL.run(tx).fetchall():
        leaf = leaf_of(body)
        link = link_of(link, leaf)
        SET_HASHES.run(tx, seq=size, leaf=leaf, chain=link)
    HEAD.run(tx, size=size, chain=link)


def edit_field(tx: Driven, random: Random, size: int) -> Found:
    seq = random.randint(1, size)
    event = json.loads(BODY.one(tx, seq=seq)[0])
    event["facts"]["amount_fen"] += random.choice((-1, 1, 1000))
    SET_BODY.run(tx, seq=seq, body=canonical(event))
    return expect(seq, "edited body")


def edit_whitespace(tx: Driven, random: Random, size: int) -> Found:
    seq = random.randint(1, size)
    body = BODY.one(tx, seq=seq)[0]
    at = random.choice([i for i, c in enumerate(body) if c in ",:"])
    SET_BODY.run(tx, seq=seq, body=f"{body[: at + 1]} {body[at + 1 :]}")
    return expect(seq, "edited body")


def delete(tx: Driven, random: Random, size: int) -> Found:
    seq = random.randint(1, size - 1)
    DELETE.run(tx, seq=seq)
    return expect(seq, "deleted")


def make_room(tx: Driven, seq: int) -> None:
    """Move every later event up by one, its texts with it."""
    for table in ("audit_event", "audit_text"):
        Statement(f"UPDATE {table} SET seq = -seq - 1 WHERE seq > :seq").run(tx, seq=seq)
        Statement(f"UPDATE {table} SET seq = -seq WHERE seq < 0").run(tx)


def insert(tx: Driven, random: Random, size: int) -> Found:
    """Slip in an invented event, its own hashes right, the later ones moved up."""
    seq = random.randint(1, size)
    make_room(tx, seq)
    COPY.run(tx, seq=seq, to=seq + 1)
    event = json.loads(BODY.one(tx, seq=seq)[0]) | {"seq": seq + 1}
    body = canonical(event)
    SET_BODY.run(tx, seq=seq + 1, body=body)
    previous = Statement("SELECT chain FROM audit_event WHERE seq = :seq").one(tx, seq=seq)[0]
    SET_HASHES.run(tx, seq=seq + 1, leaf=leaf_of(body), chain=link_of(previous, leaf_of(body)))
    if seq == size:
        return expect(seq + 1, "head moved")
    # The invented event itself fits; what gives it away is the next one, or the checkpoint it stands at.
    return expect(seq + 1, "differs from its checkpoint") if seq + 1 == size else expect(seq + 2, "inserted")


def swap(tx: Driven, random: Random, size: int) -> Found:
    first, second = sorted(random.sample(range(1, size + 1), 2))
    for seq, to in ((first, 0), (second, first), (0, second)):
        RENUMBER.run(tx, seq=seq, to=to)
    return expect(first, "swapped")


def duplicate(tx: Driven, random: Random, size: int) -> Found:
    """Put an event in twice, the later ones moved up."""
    seq = random.randint(1, size)
    make_room(tx, seq)
    COPY.run(tx, seq=seq, to=seq + 1)
    return expect(seq + 1, "inserted")


def renumber(tx: Driven, random: Random, size: int) -> Found:
    """Move an event behind the end, where its gap stays."""
    seq = random.randint(1, size)
    RENUMBER.run(tx, seq=seq, to=size + random.randint(1, 9))
    return expect(seq, "deleted", "renumbered")


def rehash_all(tx: Driven, random: Random, size: int) -> Found:
    """Change one event and make everything after it fit: only a signature can tell."""
    edit_field(tx, random, size)
    rehash(tx)
    return expect(size, "differs from its checkpoint")


def roll_back(tx: Driven, random: Random, size: int) -> Found:
    """Bring back an older state, head and all."""
    kept = random.randint(0, size - 1)
    CUT.run(tx, seq=kept)
    rehash(tx)
    return expect(kept + 1, "older than its checkpoint")


WAYS: dict[str, Callable[[Driven, Random, int], Found]] = {
    way.__name__: way
    for way in (edit_field, edit_whitespace, delete, insert, swap, duplicate, renumber, rehash_all, roll_back)
}
