"""PF-10: two of a kind against one, as plain processes on this machine, with PostgreSQL behind them.

Two couriers share a queue, with a relay that takes 30 ms for each letter and with one that takes none; two imports
of different sources run side by side. On SQLite whoever writes is alone, so there is nothing to compare.
"""

import tempfile
from itertools import count as counting
from pathlib import Path

from benchmarks import hand, importing, sink, world
from benchmarks.databases import SQLITE, Database
from benchmarks.hand import Hand
from benchmarks.measure import Comparison, in_turn
from notifications import notices
from svcqa.kernel import outbox
from svcqa.kernel.transaction import SYSTEM, Workplace

RELAY_SECONDS = 0.03
LANES = 4  # as `svcqa courier`
GOAL = ">= 1.6"
TO = outbox.Recipient("王建国", "wangjianguo@kefu.example.com")


def run(database: Database, *, rounds: int, letters: int, rows: int) -> list[Comparison]:
    """Compare two couriers with one, and two imports at a time with one after the other."""
    if database.name == SQLITE:
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = world.furnish(database.new(folder / "a"))
        return [
            _couriers(place, folder / "a", rounds, letters, delay=RELAY_SECONDS, goal=GOAL),
            _couriers(place, folder / "a", rounds, letters, delay=0, goal=""),
            _imports(folder, rounds, rows),
        ]


def _couriers(
    place: Workplace, folder: Path, rounds: int, letters: int, *, delay: float, goal: str
) -> Comparison:
    with sink.running(delay) as port, hand.hands("courier", folder, 2) as both:

        def drained(*those: Hand) -> tuple[int, float]:
            _post(place, letters)
            done, seconds = hand.together(*((one, {"port": port, "lanes": LANES}) for one in those))
            if done != letters:
                raise RuntimeError(f"{done} of {letters} letters were sent")
            return done, seconds

        relay = f"a relay of {delay * 1000:.0f} ms" if delay else "a relay that answers at once"
        two, one = ("two couriers", lambda: drained(*both)), ("one courier", lambda: drained(both[0]))
        remark = f"{letters:,} letters, {LANES} connections each"
        return in_turn(f"PF-10 {relay}", two, one, rounds=rounds, goal=goal, remark=remark)


def _post(place: Workplace, letters: int) -> None:
    notice = notices.PenaltyNotice.sample()
    with place.transaction(SYSTEM) as tx:
        for _ in range(letters):
            outbox.post(tx, notice, to=TO, about=("benchmark", "mail"))


def _imports(folder: Path, rounds: int, rows: int) -> Comparison:
    table, sources = importing.table(folder / "calls.csv", rows), counting()

    def fresh() -> dict[str, str]:
        rules = importing.RULES.replace("source: benchmark", f"source: benchmark-{next(sources)}")
        return {"table": str(table), "rules": rules}

    with hand.hands("import", folder / "a", 2) as (first, second):

        def in_a_row() -> tuple[int, float]:
            done, seconds = hand.together((first, fresh()))
            more, longer = hand.together((first, fresh()))
            return done + more, seconds + longer

        def beside() -> tuple[int, float]:
            return hand.together((first, fresh()), (second, fresh()))

        two, one = ("two imports at a time", beside), ("one after the other", in_a_row)
        remark = f"{rows:,} rows each, of different sources"
        return in_turn("PF-10 import", two, one, rounds=rounds, goal="", remark=remark)
