"""One stretch of a cycle between two waits: taken under a lease, done batch by batch, ended with a message.

The rows say what is done, so that any step may be repeated and any process may go on where another was cut off.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from svcqa.assessment import calendar_gap, moving, standing, steps
from svcqa.assessment.progress import message
from svcqa.assessment.requests import CUT_OFF
from svcqa.assessment.standing import Cycle
from svcqa.assessment.steps import Step
from svcqa.kernel import audit
from svcqa.kernel.attempts import done_again
from svcqa.kernel.errors import Busy, HouseError
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace

LEASE = timedelta(seconds=60)
"""Whoever shows no sign of life for so long may be replaced. Each batch is a sign of life."""
BEAT = LEASE / 3
TAKEN = "这个周期正由另一个进程办理，不需要重复办理。"

BEGIN = Statement(
    "UPDATE cycle SET lease_owner = :owner, lease_until = :until, fence = fence + 1"
    " WHERE id = :id AND (lease_until IS NULL OR lease_until <= :now OR lease_owner = :owner) RETURNING fence, stage"
)
RENEW = Statement(
    "UPDATE cycle SET lease_until = :until WHERE id = :id AND lease_owner = :owner AND fence = :fence"
)
RELEASE = Statement(
    "UPDATE cycle SET lease_owner = '', lease_until = NULL"
    " WHERE id = :id AND lease_owner = :owner AND fence = :fence"
)
CLOSE_BROKEN = Statement(
    "UPDATE cycle_stretch SET ended_at = :now, message = :message WHERE cycle_id = :id AND ended_at IS NULL"
)
STRETCH = insert("cycle_stretch", "id cycle_id owner run_ref from_stage to_stage started_at message")
ANSWER = Statement(
    "UPDATE cycle_request SET taken_at = :now, run_ref = :run_ref WHERE cycle_id = :id AND taken_at IS NULL"
)
END = Statement(
    "UPDATE cycle_stretch SET ended_at = :now, to_stage = :to_stage, message = :message WHERE id = :id"
)

Progress = Callable[[str, Step | None], None]


@dataclass(frozen=True)
class Lease:
    """The right to work on a cycle; the fence tells an old holder from the present one."""

    cycle_id: str
    owner: str
    fence: int
    stretch_id: str


@dataclass
class LeaseLost(HouseError):
    """Somebody else has taken the cycle over; nothing of this batch was written."""

    sentence: str = "这个周期已由另一个进程接手，本进程的这一步没有写入任何内容。"


@done_again
def begin(place: Workplace, cycle_id: str, *, owner: str, run_ref: str = "") -> Lease | None:
    """Take a cycle to work on it, or return None because somebody else does. Raises NotFound."""
    with place.transaction(SYSTEM) as tx:
        standing.load(tx, cycle_id, locked=True)
        row = BEGIN.one(tx, id=cycle_id, owner=owner, until=tx.now + LEASE, now=tx.now)
        if row is None:
            return None
        CLOSE_BROKEN.run(tx, id=cycle_id, now=tx.now, message=CUT_OFF)
        ANSWER.run(tx, id=cycle_id, now=tx.now, run_ref=run_ref)
        lease = Lease(cycle_id, owner, int(row[0]), new_id())
        STRETCH.run(
            tx,
            id=lease.stretch_id,
            cycle_id=cycle_id,
            owner=owner,
            run_ref=run_ref,
            from_stage=row[1],
            to_stage="",
            started_at=tx.now,
            message="",
        )
        return lease


@done_again
def do(place: Workplace, lease: Lease, step: Step) -> bool:
    """Do one batch of a step in one transaction; false when nothing of it is left. Raises LeaseLost."""
    prepared = _prepared(place, lease, step)
    with place.transaction(SYSTEM) as tx:
        cycle = _held(tx, lease)
        if step not in steps.of(cycle.stage):
            return False
        done = step.work(tx, cycle, prepared)
        if done:
            facts = {"number": cycle.number, "stage": cycle.stage, "step": step.name, "done": done}
            audit.record(tx, "cycle.work", kind="cycle", id=cycle.id, facts=facts)
        return bool(done)


@done_again
def move_on(place: Workplace, lease: Lease) -> str | None:
    """Make the system's next move if the law allows it now, and return the new stage; None when it must wait."""
    with place.transaction(SYSTEM) as tx:
        cycle = _held(tx, lease)
        name = moving.onward(tx, cycle)
        return moving.move(tx, cycle, name).stage if name else None


@done_again
def end(place: Workplace, lease: Lease) -> str:
    """Give the cycle back and return what it waits for, in words. Raises LeaseLost."""
    with place.transaction(SYSTEM) as tx:
        cycle = _held(tx, lease)
        calendar_gap.tell(tx, cycle)
        said = message(tx, cycle)
        END.run(tx, id=lease.stretch_id, now=tx.now, to_stage=cycle.stage, message=said)
        RELEASE.run(tx, id=lease.cycle_id, owner=lease.owner, fence=lease.fence)
        return said


def advance(
    place: Workplace, cycle_id: str, *, owner: str, progress: Progress | None = None, run_ref: str = ""
) -> str:
    """Lead a cycle as far as it goes without people and return what it waits for, in words."""
    lease = begin(place, cycle_id, owner=owner, run_ref=run_ref)
    if lease is None:
        return TAKEN
    say = progress or (lambda _stage, _step: None)
    stage: str | None = stage_of(place, cycle_id)
    while stage:
        say(stage, None)
        for step in steps.of(stage):
            while do(place, lease, step):
                say(stage, step)
        stage = move_on(place, lease)
    return end(place, lease)


def stage_of(place: Workplace, cycle_id: str) -> str:
    """Return the stage a cycle is in."""
    with place.reading(SYSTEM) as tx:
        return standing.load(tx, cycle_id).stage


def _prepared(place: Workplace, lease: Lease, step: Step) -> Any:
    """Do what a step has to do before it writes, showing signs of life meanwhile."""
    if step.prepare is None:
        return None
    with alive(place, lease), place.reading(SYSTEM) as tx:
        cycle = standing.load(tx, lease.cycle_id)
        return step.prepare(tx, cycle) if step in steps.of(cycle.stage) else None


@contextmanager
def alive(place: Workplace, lease: Lease) -> Iterator[None]:
    """Renew the lease from time to time while something takes long; who lost it learns so at the next write."""
    over = Event()

    def beat() -> None:
        while not over.wait(BEAT.total_seconds()):
            with suppress(Busy), place.transaction(SYSTEM) as tx:
                _renew(tx, lease)

    heart = Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


def _renew(tx: Transaction, lease: Lease) -> bool:
    done = RENEW.run(tx, id=lease.cycle_id, owner=lease.owner, fence=lease.fence, until=tx.now + LEASE)
    return bool(done.rowcount == 1)


def _held(tx: Transaction, lease: Lease) -> Cycle:
    """Show a sign of life and return the cycle, locked; raises LeaseLost."""
    if not _renew(tx, lease):
        raise LeaseLost
    return standing.load(tx, lease.cycle_id, locked=True)
