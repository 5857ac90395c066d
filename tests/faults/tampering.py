"""Nine ways to change history behind the house's back, each on a raw connection to a database without its triggers."""

import hashlib
import json
from typing import Any

from svcqa.kernel.audit import link_of

MIDDLE = 119  # an event in the middle of the story, without personal texts, vouched for by a checkpoint
COLUMNS = "seq, at, action, object_kind, object_id, actor_id, body, leaf, chain"

Row = dict[str, Any]


def disarm(driver: Any) -> None:
    """Drop the triggers that keep history as it is; whoever owns the file can."""
    for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        driver.execute(f"DROP TRIGGER {name}")


def edited_column(driver: Any) -> None:
    """Say beside the event that somebody else acted."""
    driver.execute("UPDATE audit_event SET actor_id = 'somebody' WHERE seq = ?", (MIDDLE,))


def edited_body(driver: Any) -> None:
    """Add one blank to the event's text: the same values, other bytes."""
    driver.execute(
        "UPDATE audit_event SET body = replace(body, ',\"at\"', ', \"at\"') WHERE seq = ?", (MIDDLE,)
    )


def deleted(driver: Any) -> None:
    """Let one event disappear."""
    driver.execute("DELETE FROM audit_event WHERE seq = ?", (MIDDLE,))


def inserted(driver: Any) -> None:
    """Make room for one event more, as if it had always stood there."""
    forged = {**event(driver, MIDDLE), "seq": MIDDLE + 1}
    forged["body"] = forged["body"].replace(f'"seq":{MIDDLE},', f'"seq":{MIDDLE + 1},')
    forged["leaf"] = hashlib.sha256(b"\x00" + forged["body"].encode()).hexdigest()
    forged["chain"] = link_of(event(driver, MIDDLE)["chain"], forged["leaf"])
    renumbered(driver)
    put(driver, forged)


def swapped(driver: Any) -> None:
    """Let two events change places."""
    one, two = event(driver, MIDDLE), event(driver, MIDDLE + 1)
    driver.execute("DELETE FROM audit_event WHERE seq IN (?, ?)", (MIDDLE, MIDDLE + 1))
    put(driver, {**one, "seq": MIDDLE + 1})
    put(driver, {**two, "seq": MIDDLE})


def duplicated(driver: Any) -> None:
    """Say the same once more at the end, well linked."""
    size, chain = driver.execute("SELECT size, chain FROM audit_head").fetchone()
    again = event(driver, MIDDLE)
    again |= {"seq": size + 1, "chain": link_of(chain, again["leaf"])}
    put(driver, again)
    move_head(driver, again)


def renumbered(driver: Any) -> None:
    """Move everything after an event up by one, with its texts."""
    for table in ("audit_event", "audit_text"):
        driver.execute(f"UPDATE {table} SET seq = -seq - 1 WHERE seq > ?", (MIDDLE,))
        driver.execute(f"UPDATE {table} SET seq = -seq WHERE seq < 0")


def hashed_anew(driver: Any) -> None:
    """Change an event and give it and all that follow the hashes they should have."""
    row = event(driver, MIDDLE)
    told = json.loads(row["body"])
    told["actor"]["roles"] = ["reviewer"]
    row["body"] = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    chain = event(driver, MIDDLE - 1)["chain"]
    size = driver.execute("SELECT size FROM audit_head").fetchone()[0]
    for seq in range(MIDDLE, size + 1):
        row = row if seq == MIDDLE else event(driver, seq)
        row["leaf"] = hashlib.sha256(b"\x00" + row["body"].encode()).hexdigest()
        row["chain"] = chain = link_of(chain, row["leaf"])
        driver.execute("DELETE FROM audit_event WHERE seq = ?", (seq,))
        put(driver, row)
    move_head(driver, row)


def cut_off(driver: Any) -> None:
    """Go back to an older state, with a head that fits."""
    for table in ("audit_event", "audit_text"):
        driver.execute(f"DELETE FROM {table} WHERE seq > ?", (MIDDLE,))
    move_head(driver, event(driver, MIDDLE))


def event(driver: Any, seq: int) -> Row:
    """Read one row."""
    row = driver.execute(f"SELECT {COLUMNS} FROM audit_event WHERE seq = ?", (seq,)).fetchone()
    return dict(zip(COLUMNS.split(", "), row, strict=True))


def put(driver: Any, row: Row) -> None:
    """Write one row."""
    marks = ", ".join("?" * len(row))
    driver.execute(f"INSERT INTO audit_event ({COLUMNS}) VALUES ({marks})", tuple(row.values()))


def move_head(driver: Any, last: Row) -> None:
    """Let the chain end at a row."""
    driver.execute("UPDATE audit_head SET size = ?, chain = ?", (last["seq"], last["chain"]))
