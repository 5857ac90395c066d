"""Nine ways to change history behind the house's back, each on a raw connection to a database without its triggers."""

import hashlib
import json
from typing import Any

from svcqa.kernel.audit import link_of
from svcqa.kernel.statements import Driven, Statement, insert

MIDDLE = 119  # an event in the middle of the story, without personal texts, vouched for by a checkpoint
COLUMNS = "seq, at, action, object_kind, object_id, actor_id, body, leaf, chain"

Row = dict[str, Any]


def edited_column(tx: Driven) -> None:
    """Say beside the event that somebody else acted."""
    run(tx, "UPDATE audit_event SET actor_id = 'somebody' WHERE seq = :seq", seq=MIDDLE)


def edited_body(tx: Driven) -> None:
    """Add one blank to the event's text: the same values, other bytes."""
    run(tx, "UPDATE audit_event SET body = replace(body, ',\"at\"', ', \"at\"') WHERE seq = :seq", seq=MIDDLE)


def deleted(tx: Driven) -> None:
    """Let one event disappear."""
    run(tx, "DELETE FROM audit_event WHERE seq = :seq", seq=MIDDLE)


def inserted(tx: Driven) -> None:
    """Make room for one event more, as if it had always stood there."""
    forged = {**event(tx, MIDDLE), "seq": MIDDLE + 1}
    forged["body"] = forged["body"].replace(f'"seq":{MIDDLE},', f'"seq":{MIDDLE + 1},')
    forged["leaf"] = hashlib.sha256(b"\x00" + forged["body"].encode()).hexdigest()
    forged["chain"] = link_of(event(tx, MIDDLE)["chain"], forged["leaf"])
    renumbered(tx)
    put(tx, forged)


def swapped(tx: Driven) -> None:
    """Let two events change places."""
    one, two = event(tx, MIDDLE), event(tx, MIDDLE + 1)
    run(tx, "DELETE FROM audit_event WHERE seq IN (:one, :two)", one=MIDDLE, two=MIDDLE + 1)
    put(tx, {**one, "seq": MIDDLE + 1})
    put(tx, {**two, "seq": MIDDLE})


def duplicated(tx: Driven) -> None:
    """Say the same once more at the end, well linked."""
    size, chain = run(tx, "SELECT size, chain FROM audit_head").fetchone()
    again = event(tx, MIDDLE)
    again |= {"seq": size + 1, "chain": link_of(chain, again["leaf"])}
    put(tx, again)
    move_head(tx, again)


def renumbered(tx: Driven) -> None:
    """Move everything after an event up by one, with its texts."""
    for table in ("audit_event", "audit_text"):
        run(tx, f"UPDATE {table} SET seq = -seq - 1 WHERE seq > :seq", seq=MIDDLE)
        run(tx, f"UPDATE {table} SET seq = -seq WHERE seq < 0")


def hashed_anew(tx: Driven) -> None:
    """Change an event and give it and all that follow the hashes they should have."""
    row = event(tx, MIDDLE)
    told = json.loads(row["body"])
    told["actor"]["roles"] = ["reviewer"]
    row["body"] = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    chain = event(tx, MIDDLE - 1)["chain"]
    size = run(tx, "SELECT size FROM audit_head").fetchone()[0]
    for seq in range(MIDDLE, size + 1):
        row = row if seq == MIDDLE else event(tx, seq)
        row["leaf"] = hashlib.sha256(b"\x00" + row["body"].encode()).hexdigest()
        row["chain"] = chain = link_of(chain, row["leaf"])
        run(tx, "DELETE FROM audit_event WHERE seq = :seq", seq=seq)
        put(tx, row)
    move_head(tx, row)


def cut_off(tx: Driven) -> None:
    """Go back to an older state, with a head that fits."""
    for table in ("audit_event", "audit_text"):
        run(tx, f"DELETE FROM {table} WHERE seq > :seq", seq=MIDDLE)
    move_head(tx, event(tx, MIDDLE))


def event(tx: Driven, seq: int) -> Row:
    """Read one row."""
    row = run(tx, f"SELECT {COLUMNS} FROM audit_event WHERE seq = :seq", seq=seq).fetchone()
    return dict(zip(COLUMNS.split(", "), row, strict=True))


def put(tx: Driven, row: Row) -> None:
    """Write one row."""
    insert("audit_event", COLUMNS.replace(",", "")).run(tx, **row)


def move_head(tx: Driven, last: Row) -> None:
    """Let the chain end at a row."""
    run(tx, "UPDATE audit_head SET size = :size, chain = :chain", size=last["seq"], chain=last["chain"])


def run(tx: Driven, text: str, **values: Any) -> Any:
    """Run a statement on either database."""
    return Statement(text).run(tx, **values)
