"""The rating campaign of a cycle: sheets are made out, raters are asked by one mail each, and reminded once."""

from typing import Any

from notifications import notices
from svcqa.appeals import links
from svcqa.assessment import pairing, telling
from svcqa.assessment.pairing import Chart, Pair
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import scheme_of
from svcqa.kernel import audit
from svcqa.kernel.calendar import local_day
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people

TASKS_AT_ONCE = 1000
MAILS_AT_ONCE = 50

PRESENT = Statement(
    "SELECT s.person_id, s.unit_id, p.staff_number FROM cycle_subject s JOIN person p ON p.id = s.person_id"
    " WHERE s.cycle_id = :id AND (p.left_on IS NULL OR p.left_on >= :day) ORDER BY p.staff_number"
)
HEADS = Statement(
    "SELECT o.unit_id, o.person_id FROM post o JOIN person p ON p.id = o.person_id"
    " WHERE o.post = 'head' AND o.from_on <= :day AND (o.until_on IS NULL OR o.until_on >= :day)"
    " AND (p.left_on IS NULL OR p.left_on >= :day) ORDER BY o.from_on DESC, p.staff_number DESC"
)
ABOVE = Statement("SELECT id, parent_id FROM unit WHERE parent_id IS NOT NULL")
SHEETS = Statement("SELECT rater_id, id FROM rating_sheet WHERE cycle_id = :id")
TASKS = Statement(
    "SELECT s.rater_id, t.ratee_id FROM rating_task t JOIN rating_sheet s ON s.id = t.sheet_id"
    " WHERE t.cycle_id = :id"
)
NEW_SHEET = insert("rating_sheet", "id cycle_id rater_id")
NEW_TASK = insert("rating_task", "id sheet_id cycle_id ratee_id direction comment")

_OPEN_TASKS = "(SELECT count(*) FROM rating_task t WHERE t.sheet_id = s.id AND t.done_at IS NULL)"
UNINVITED = Statement(
    f"SELECT s.id, s.rater_id, {_OPEN_TASKS} AS open FROM rating_sheet s"  # noqa: S608 - this file's own text
    " WHERE s.cycle_id = :id AND s.invited_at IS NULL ORDER BY s.id LIMIT :most"
)
UNREMINDED = Statement(
    f"SELECT s.id, s.rater_id, {_OPEN_TASKS} AS open FROM rating_sheet s"  # noqa: S608 - this file's own text
    " WHERE s.cycle_id = :id AND s.invited_at IS NOT NULL AND s.done_at IS NULL AND s.reminded_at IS NULL"
    " ORDER BY s.id LIMIT :most"
)
INVITED = Statement("UPDATE rating_sheet SET invited_at = :now WHERE id = :id")
REMINDED = Statement("UPDATE rating_sheet SET reminded_at = :now WHERE id = :id")


def arrange(tx: Transaction, cycle: Cycle, _prepared: Any) -> int:
    """Make out the sheets that are missing and return how many ratings were added.

    Sheets that were made out by another draw, for people who have left since, say, stay as they are.
    """
    known = {(rater, ratee) for rater, ratee in TASKS.run(tx, id=cycle.id).fetchall()}
    wanted = {(pair.rater, pair.ratee): pair for pair in pairs(tx, cycle)}
    if known - wanted.keys():
        return 0
    missing = [pair for key, pair in wanted.items() if key not in known]
    sheets = dict(SHEETS.run(tx, id=cycle.id).fetchall())
    for pair in missing[:TASKS_AT_ONCE]:
        if pair.rater not in sheets:
            sheets[pair.rater] = new_id()
            NEW_SHEET.run(tx, id=sheets[pair.rater], cycle_id=cycle.id, rater_id=pair.rater)
        NEW_TASK.run(
            tx,
            id=new_id(),
            sheet_id=sheets[pair.rater],
            cycle_id=cycle.id,
            ratee_id=pair.ratee,
            direction=pair.direction,
            comment="",
        )
    return len(missing[:TASKS_AT_ONCE])


def pairs(tx: Transaction, cycle: Cycle) -> list[Pair]:
    """Return who is asked about whom, as it was on the day the collection began, in the order of staff numbers."""
    form = scheme_of(tx, cycle).rating
    if form is None:
        return []
    day = local_day(cycle.stage_at).isoformat()
    present = PRESENT.run(tx, id=cycle.id, day=day).fetchall()
    subjects = {person: unit for person, unit, _ in present}
    numbers = {person: number for person, _, number in present}
    chart = Chart(dict(HEADS.run(tx, day=day).fetchall()), dict(ABOVE.run(tx).fetchall()))
    found: list[Pair] = []
    if form.direction(pairing.SUPERIOR):
        found += pairing.superiors(subjects, chart)
    peers = form.direction(pairing.PEER)
    if peers:
        found += pairing.peers(
            subjects, sample=peers.sample, seed=cycle.number, above=tuple(found), numbers=numbers
        )
    return sorted(found, key=lambda one: (numbers[one.ratee], one.direction, numbers.get(one.rater, "")))


def invite(tx: Transaction, cycle: Cycle, _prepared: Any) -> int:
    """Ask some raters who were not asked yet, and return how many; who has no address finds the sheet at home."""
    sheets = UNINVITED.rows(tx, id=cycle.id, most=MAILS_AT_ONCE)
    for sheet in sheets:
        _mail(tx, cycle, sheet, notices.RateColleagues, "colleagues")
        INVITED.run(tx, id=sheet["id"], now=tx.now)
    return len(sheets)


def unreminded(tx: Transaction, cycle: Cycle, *, most: int) -> list[dict[str, Any]]:
    """Return sheets with ratings open whose rater was invited and not reminded."""
    return UNREMINDED.rows(tx, id=cycle.id, most=most)


def remind(tx: Transaction, cycle: Cycle, sheet: dict[str, Any]) -> None:
    """Remind the rater of a sheet, once."""
    _mail(tx, cycle, sheet, notices.RatingReminder, "left")
    REMINDED.run(tx, id=sheet["id"], now=tx.now)
    audit.record(tx, "rating.reminded", kind="rating", id=sheet["id"], facts={"number": cycle.number})


def _mail(
    tx: Transaction,
    cycle: Cycle,
    sheet: dict[str, Any],
    kind: type[notices.RateColleagues | notices.RatingReminder],
    count: str,
) -> None:
    rater = people.card(tx, sheet["rater_id"])
    if not telling.reachable(rater):
        return
    link = links.issue(tx, kind="rating", object_id=sheet["id"], person_id=rater.id)
    values = {count: sheet["open"], "due_at": cycle.collect_until_at}
    telling.post(tx, cycle, rater, lambda common: kind(**common, **values), link=link)
