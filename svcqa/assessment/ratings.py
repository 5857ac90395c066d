"""What a rater sees and hands in: the own sheet, one colleague after another, until the collection closes.

Only the rater sees the own values. Handing in again replaces what was given; nothing is stored by looking.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from states import Refused
from svcqa.assessment import requests, standing
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import scheme_of
from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.records import ratings as records
from svcqa.rulebook.scheme import Item

LONGEST_COMMENT = 500
NOT_YOURS = "没有这份评分表，或它不是发给你的。请从邮件或“我的评分”重新进入。"

SHEET = Statement("SELECT id, cycle_id, rater_id FROM rating_sheet WHERE id = :id")
SHEET_LOCKED = Statement(f"{SHEET.sqlite} FOR UPDATE")
TASKS = Statement(
    "SELECT t.id, t.ratee_id, t.direction, t.comment, t.done_at, p.name, u.name AS unit_name"
    " FROM rating_task t JOIN person p ON p.id = t.ratee_id"
    " JOIN cycle_subject s ON s.cycle_id = t.cycle_id AND s.person_id = t.ratee_id JOIN unit u ON u.id = s.unit_id"
    " WHERE t.sheet_id = :id ORDER BY t.direction DESC, p.pinyin, p.staff_number"
)
GIVEN = Statement(
    "SELECT ratee_id, item, value FROM rating WHERE campaign_id = :cycle_id AND rater_id = :rater_id"
)
DONE = Statement("UPDATE rating_task SET comment = :comment, done_at = :now WHERE id = :id")
FINISHED = Statement(
    "UPDATE rating_sheet SET done_at = :now WHERE id = :id AND done_at IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM rating_task WHERE sheet_id = :id AND done_at IS NULL)"
)
OF_RATER = Statement(
    "SELECT s.id, c.number, c.title, c.collect_until_at, count(t.id) AS total, count(t.done_at) AS done"
    " FROM rating_sheet s JOIN cycle c ON c.id = s.cycle_id JOIN rating_task t ON t.sheet_id = s.id"
    " WHERE s.rater_id = :rater_id AND c.stage = 'collecting'"
    " GROUP BY s.id, c.number, c.title, c.collect_until_at ORDER BY c.collect_until_at"
)


@dataclass(frozen=True)
class Task:
    """One colleague on a sheet, with what was given so far."""

    id: str
    ratee_id: str
    ratee: str
    unit_name: str
    direction: str
    direction_label: str
    values: Mapping[str, int]
    comment: str
    done: bool


@dataclass(frozen=True)
class Sheet:
    """All a rater is asked for in a cycle. Closed, it shows what was given and takes nothing more."""

    id: str
    number: str
    title: str
    closes_at: datetime | None
    open: bool
    items: tuple[Item, ...]
    tasks: tuple[Task, ...]

    @property
    def done(self) -> int:
        """How many colleagues are rated."""
        return sum(task.done for task in self.tasks)

    @property
    def next(self) -> Task | None:
        """The first colleague who is not rated yet."""
        return next((task for task in self.tasks if not task.done), None)


@dataclass(frozen=True)
class SheetLine:
    """A sheet that waits for its rater, for a list."""

    id: str
    number: str
    title: str
    closes_at: datetime
    done: int
    total: int


def sheet(tx: Transaction, sheet_id: str) -> Sheet:
    """Return a sheet to its rater; raises NotFound for everybody else."""
    row, cycle = _own(tx, sheet_id)
    form = scheme_of(tx, cycle).rating
    labels = {direction.id: direction.label for direction in form.directions} if form else {}
    given: dict[str, dict[str, int]] = {}
    for ratee, item, value in GIVEN.run(tx, cycle_id=cycle.id, rater_id=row["rater_id"]).fetchall():
        given.setdefault(ratee, {})[item] = value
    tasks = tuple(
        Task(
            id=one["id"],
            ratee_id=one["ratee_id"],
            ratee=one["name"],
            unit_name=one["unit_name"],
            direction=one["direction"],
            direction_label=labels.get(one["direction"], ""),
            values=given.get(one["ratee_id"], {}),
            comment=one["comment"],
            done=one["done_at"] is not None,
        )
        for one in TASKS.rows(tx, id=sheet_id)
    )
    items = form.items if form else ()
    return Sheet(
        sheet_id, cycle.number, cycle.title, cycle.collect_until_at, not _closed(tx, cycle), items, tasks
    )


def submit(
    tx: Transaction, sheet_id: str, *, task_id: str, values: Mapping[str, int], comment: str = ""
) -> None:
    """Hand in the values of all items for one colleague; again replaces them. The last of all lets the cycle go on.

    Raises NotFound for a sheet or task that is not the actor's, Refused after closing, Invalid for a missing item.
    """
    row, cycle = _own(tx, sheet_id, locked=True)
    if _closed(tx, cycle):
        raise Refused("rating_closed", "评分已经截止，这次没有保存。已提交的评分仍然有效。")
    task = next((one for one in TASKS.rows(tx, id=sheet_id) if one["id"] == task_id), None)
    if task is None:
        raise NotFound(NOT_YOURS)
    form = scheme_of(tx, cycle).rating
    for item in form.items if form else ():
        if item.id not in values:
            raise Invalid(item.id, f"请为“{item.label}”选择 1 到 5 中的一档。")
    known = {item.id for item in form.items} if form else set()
    records.give(
        tx,
        cycle.id,
        rater_id=row["rater_id"],
        ratee_id=task["ratee_id"],
        direction=task["direction"],
        values={name: value for name, value in values.items() if name in known},
        example=cycle.example,
    )
    DONE.run(tx, id=task_id, comment=_comment(comment), now=tx.now)
    FINISHED.run(tx, id=sheet_id, now=tx.now)
    # Who gave what stays out of the chain: colleagues rate anonymously.
    audit.record(tx, "rating.given", kind="rating", id=sheet_id, facts={"number": cycle.number})
    if not standing.counts(tx, cycle.id).unrated:
        requests.want(tx, cycle.id, reason="all_rated")


def waiting_for(tx: Transaction, rater_id: str) -> list[SheetLine]:
    """Return the sheets a person can still work on, the one that closes first first."""
    return [
        SheetLine(row["id"], row["number"], row["title"], row["collect_until_at"], row["done"], row["total"])
        for row in OF_RATER.moments(tx, rater_id=rater_id)
    ]


def _own(tx: Transaction, sheet_id: str, *, locked: bool = False) -> tuple[dict[str, str], Cycle]:
    row = (SHEET_LOCKED if locked and tx.dialect != "sqlite" else SHEET).row(tx, id=sheet_id)
    if row is None or row["rater_id"] != tx.actor.person_id:
        raise NotFound(NOT_YOURS)
    return row, standing.load(tx, row["cycle_id"])


def _closed(tx: Transaction, cycle: Cycle) -> bool:
    return cycle.stage != "collecting" or standing.over(cycle.collect_until_at, tx.now)


def _comment(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if len(said) > LONGEST_COMMENT:
        raise Invalid("comment", f"评语最多 {LONGEST_COMMENT} 个字，现在是 {len(said)} 个。请缩短。")
    return said
