"""PF-1: advance a case, against the very same rows written by the database's own binding and nothing else.

django-fsm-2 on the same database (an environment of its own) is the peer.
"""

import tempfile
from itertools import count, islice
from pathlib import Path
from typing import Any

from benchmarks import peers, replaying, world
from benchmarks.databases import Database
from benchmarks.measure import Comparison, in_turn
from benchmarks.replaying import Steps, Written
from svcqa.casework import complaints, forms
from svcqa.kernel.transaction import Actor, Workplace

FSM_REMARK = "as many rows; the peer renders no mail, looks nobody up, hashes no chain"
FORM = forms.Verify(
    finding="responsible",
    text="调取录音两段，情况属实",
    respondents=("10220",),
    no_evidence_reason="录音在原系统保存",
)


def run(database: Database, *, rounds: int, batch: int) -> list[Comparison]:
    """Compare single steps and steps in bulk with the raw limit, and single steps with django-fsm-2."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = world.furnish(database.new(folder / "a"))
        officer = world.actor(place, "许文静")
        numbers = world.registered(place, officer, 3 * rounds * batch)
        place.engine.dispose()
        for copy in ("b", "c"):
            database.copy(folder / "a", folder / copy)
        many = 2 * rounds * batch
        steps = [_record(place, officer, number) for number in numbers[:many]]
        advance = _advancing(world.opened(folder / "b"), officer, numbers)
        write = replaying.writing(database, folder / "c", steps)
        remark = f"{len(steps[0])} writes a step, mail rendered"
        single, bulk = ("svcqa", lambda: advance(batch, 1)), ("svcqa", lambda: advance(1, batch))
        raw = f"raw {database.title}"
        raw_single, raw_bulk = (raw, lambda: write(batch, 1)), (raw, lambda: write(1, batch))
        title = f"PF-1 {batch} steps a transaction"
        pairs = [
            in_turn("PF-1 advance a case", single, raw_single, rounds=rounds, goal=">= 0.5", remark=remark),
            in_turn(title, bulk, raw_bulk, rounds=rounds, goal=">= 0.5", remark=remark),
        ]
        peer = peers.python()
        if peer:
            asked, names = {"count": batch, "bytes": _mail_bytes(steps[0])}, count()

            def theirs() -> tuple[int, float]:
                fresh = database.for_django(database.new(folder / f"peer{next(names)}"))
                return batch, peers.seconds(peer, "peer_fsm.py", {"database": fresh, **asked})

            fsm = ("django-fsm-2", theirs)
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


def _record(place: Workplace, actor: Actor, number: str) -> Written:
    with replaying.recording() as written, place.transaction(actor) as tx:
        complaints.advance(tx, number, form=FORM)
    return written


def _mail_bytes(step: Written) -> int:
    sealed: Any = next(values["sealed"] for _, values in step if "sealed" in values)
    return len(sealed)
