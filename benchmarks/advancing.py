"""PF-1: advance a case, against raw SQLite that writes the very same rows in the same journal mode.

The raw side replays the statements our side wrote (recorded once), in BEGIN IMMEDIATE … COMMIT, with the
binding's own connection: no reads, no guards, no rendering, but the two hashes of the chain.
django-fsm-2 (an environment of its own) is the peer.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import peers, world
from benchmarks.measure import Comparison, in_turn
from svcqa.casework import complaints, forms
from svcqa.kernel.database import journal_mode, open_engine, sqlite_module
from svcqa.kernel.statements import Driven, Statement, stored
from svcqa.kernel.transaction import Actor, Workplace

Written = list[tuple[str, dict[str, Any]]]
Steps = Callable[[int, int], int]
"""So many transactions of so many steps each; returns how many steps that were."""


def run(*, rounds: int, batch: int) -> list[Comparison]:
    """Compare single steps and steps in bulk with the raw limit, and single steps with django-fsm-2."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = world.furnish(folder / "a")
        officer = world.actor(place, "许文静")
        numbers = world.registered(place, officer, 3 * rounds * batch)
        place.engine.dispose()
        for copy in ("b", "c"):
            shutil.copytree(folder / "a", folder / copy)
        recorded, many = _at(place, folder / "a"), 2 * rounds * batch
        steps = [_record(recorded, officer, number) for number in numbers[:many]]
        advance = _advancing(_at(place, folder / "b"), officer, numbers)
        write = _writing(folder / "c", steps)
        remark = f"{len(steps[0])} writes a step, mail rendered"
        single, bulk = ("svcqa", lambda: advance(batch, 1)), ("svcqa", lambda: advance(1, batch))
        raw_single, raw_bulk = (
            ("raw SQLite", lambda: write(batch, 1)),
            ("raw SQLite", lambda: write(1, batch)),
        )
        title = f"PF-1 {batch} steps a transaction"
        pairs = [
            in_turn("PF-1 advance a case", single, raw_single, rounds=rounds, goal=">= 0.5", remark=remark),
            in_turn(title, bulk, raw_bulk, rounds=rounds, goal=">= 0.5", remark=remark),
        ]
        peer = peers.python()
        if peer:
            asked = {"folder": name, "journal": JOURNAL, "count": batch, "bytes": _mail_bytes(steps[0])}
            fsm = ("django-fsm-2", lambda: (batch, peers.seconds(peer, "peer_fsm.py", asked)))
            pairs.append(
                in_turn("PF-1 advance a case", single, fsm, rounds=rounds, goal=">= 2.5", remark=FSM_REMARK)
            )
        return pairs


def _advancing(place: Workplace, officer: Actor, numbers: list[str]) -> Steps:
    waiting = iter(numbers)

    def advance(times: int, at_once: int) -> int:
        for _ in range(times):
            with place.transaction(officer) as tx:
                for number in islice(waiting, at_once):
                    complaints.advance(tx, number, form=FORM)
        return times * at_once

    return advance


def _writing(folder: Path, steps: list[Written]) -> Steps:
    driver: Any = open_engine(f"sqlite:///{folder / 'svcqa.db'}").connect().connection.driver_connection
    waiting = iter(steps)

    def write(times: int, at_once: int) -> int:
        for _ in range(times):
            driver.execute("BEGIN IMMEDIATE")
            for step in islice(waiting, at_once):
                _replay(driver, step)
            driver.execute("COMMIT")
        return times * at_once

    return write


JOURNAL = journal_mode(tuple(sqlite_module().sqlite_version_info))
FSM_REMARK = "as many rows; the peer renders no mail, looks nobody up, hashes no chain"
FORM = forms.Verify(
    finding="responsible",
    text="调取录音两段，情况属实",
    respondents=("10220",),
    no_evidence_reason="录音在原系统保存",
)


def _at(place: Workplace, folder: Path) -> Workplace:
    return replace(place, engine=open_engine(f"sqlite:///{folder / 'svcqa.db'}"))


def _record(place: Workplace, actor: Any, number: str) -> Written:
    with _recording() as written, place.transaction(actor) as tx:
        complaints.advance(tx, number, form=FORM)
    return written


@contextmanager
def _recording() -> Iterator[Written]:
    """Note every write that passes `Statement.run`."""
    written: Written = []
    run = Statement.run

    def noting(self: Statement, tx: Driven, **values: Any) -> Any:
        if not self.sqlite.lstrip().startswith("SELECT"):
            plain = {k: stored(v) if isinstance(v, datetime) else v for k, v in values.items()}
            written.append((self.sqlite, plain))
        return run(self, tx, **values)

    Statement.run = noting  # type: ignore[method-assign]  # only while recording
    try:
        yield written
    finally:
        Statement.run = run  # type: ignore[method-assign]


def _mail_bytes(step: Written) -> int:
    return next(len(values["sealed"]) for _, values in step if "sealed" in values)


def _replay(driver: Any, written: Written) -> None:
    for text, values in written:
        if "body" in values:
            leaf = hashlib.sha256(values["body"].encode()).digest()
            hashlib.sha256(leaf + leaf).digest()
        driver.execute(text, values)
