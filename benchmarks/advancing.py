"""PF-1: advance a case, against raw SQLite that writes the very same rows in the same journal mode.

The raw side replays the statements our side wrote (recorded once), in BEGIN IMMEDIATE … COMMIT, with the
binding's own connection: no reads, no guards, no rendering, but the two hashes of the chain.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import world
from benchmarks.measure import Comparison, in_turn
from svcqa.casework import complaints, forms
from svcqa.kernel.database import open_engine
from svcqa.kernel.statements import Driven, Statement, stored
from svcqa.kernel.transaction import Workplace

Written = list[tuple[str, dict[str, Any]]]


def run(*, rounds: int, batch: int) -> list[Comparison]:
    """Compare single steps and steps in bulk with the raw limit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = world.furnish(folder / "a")
        officer = world.actor(place, "许文静")
        numbers = world.registered(place, officer, rounds * batch)
        place.engine.dispose()
        for copy in ("b", "c"):
            shutil.copytree(folder / "a", folder / copy)
        steps = [_record(_at(place, folder / "a"), officer, number) for number in numbers]
        ours, raw = _at(place, folder / "b"), open_engine(f"sqlite:///{folder / 'c' / 'svcqa.db'}")
        driver: Any = raw.connect().connection.driver_connection
        mine, theirs = iter(numbers), iter(steps)

        def advance() -> int:
            for _ in range(batch):
                with ours.transaction(officer) as tx:
                    complaints.advance(tx, next(mine), form=FORM)
            return batch

        def write() -> int:
            for _ in range(batch):
                _replay(driver, next(theirs))
            return batch

        return [in_turn("PF-1 advance a case", ("svcqa", advance), ("raw SQLite, same rows", write),
                        rounds=rounds, goal=">= 0.5", remark=f"{len(steps[0])} writes a step, mail rendered")]


FORM = forms.Verify(
    finding="responsible", text="调取录音两段，情况属实", respondents=("10220",), no_evidence_reason="录音在原系统保存",
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


def _replay(driver: Any, written: Written) -> None:
    driver.execute("BEGIN IMMEDIATE")
    for text, values in written:
        if "body" in values:
            leaf = hashlib.sha256(values["body"].encode()).digest()
            hashlib.sha256(leaf + leaf).digest()
        driver.execute(text, values)
    driver.execute("COMMIT")
