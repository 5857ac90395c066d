"""What follows a told result: the person acknowledges or contests it, a reviewer upholds it or raises it.

A review never lowers a result and never touches anybody else's. Whose result it is not, for them it does not exist.
"""

from typing import Any

from states import Refused
from svcqa.appeals import filing
from svcqa.assessment import requests, results, standing, telling
from svcqa.assessment.grading import capped, grade_of
from svcqa.assessment.outcome import ExtraResult, SubjectResult
from svcqa.assessment.standing import Cycle
from svcqa.assessment.terms import scheme_of
from svcqa.assessment.visibility import TOLD
from svcqa.kernel import audit
from svcqa.kernel.calendar import Term
from svcqa.kernel.errors import Forbidden, Invalid, NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.rulebook.scheme import Scheme

KIND = "result"
SHORTEST_REASON, LONGEST_REASON = 10, 1000
REVIEW_TERM = Term.parse("7 calendar_days")
FULL = 100_00
ADJUSTED = "review"
"""The id of the line by which a review raised a result, so that its parts still add up."""
NOT_YOURS = "没有这份考核结果，或它不是你的。请从邮件或“我的”页面重新进入。"
REVIEW = access.Act("复核考核结果", frozenset({"reviewer"}))

RESULT = Statement("SELECT id, cycle_id, person_id, revision, body FROM result WHERE id = :id")
NEWEST = Statement(
    "SELECT id, cycle_id, person_id, revision, body FROM result WHERE cycle_id = :cycle_id AND person_id = :person_id"
    " ORDER BY revision DESC LIMIT 1"
)
APPEALS = Statement(
    "SELECT a.object_id FROM appeal a JOIN result r ON r.id = a.object_id"
    " WHERE a.kind = 'result' AND r.cycle_id = :cycle_id AND r.person_id = :person_id ORDER BY a.filed_at DESC"
)
ACKNOWLEDGE = Statement(
    "UPDATE cycle_subject SET acknowledged_at = :now"
    " WHERE cycle_id = :cycle_id AND person_id = :person_id AND acknowledged_at IS NULL"
)
BETTER = Statement(
    "SELECT count(*) FROM result r WHERE r.cycle_id = :cycle_id AND r.person_id <> :person_id"
    " AND r.composite_hundredths > :composite AND r.revision ="
    " (SELECT max(revision) FROM result WHERE cycle_id = :cycle_id AND person_id = r.person_id)"
)

Row = dict[str, str]


def acknowledge(tx: Transaction, result_id: str) -> None:
    """Record, once, that the person has read the own result; this is no consent."""
    row, cycle = _own(tx, result_id)
    values = {"cycle_id": cycle.id, "person_id": row["person_id"]}
    if ACKNOWLEDGE.run(tx, **values, now=tx.now).rowcount:
        audit.record(tx, "result.acknowledged", kind=KIND, id=row["id"], facts={"number": cycle.number})


def appeal_problem(tx: Transaction, cycle: Cycle, person_id: str) -> str:
    """Say why a result cannot be contested now; nothing when it can."""
    if APPEALS.one(tx, cycle_id=cycle.id, person_id=person_id):
        return "你已经对本期结果提出过申诉，不能再次提出。请等待或查看复核结论。"
    if cycle.stage != "feedback" or standing.over(cycle.appeal_until_at, tx.now):
        return "本期结果不在申诉期内。如有疑问，请联系通知上写明的联系人。"
    return ""


def appeal(tx: Transaction, result_id: str, *, reason: str, how: str) -> str:
    """Contest the own result (`how`: link or page) and return the receipt; sent twice, it is one appeal.

    Raises Refused when the window is over, Invalid on `reason`.
    """
    row, cycle = _own(tx, result_id)
    pending = filing.of(tx, kind=KIND, object_ids=[row["id"]]).get(row["id"])
    if pending and pending.state == "pending":
        return pending.receipt
    problem = appeal_problem(tx, cycle, row["person_id"])
    if problem:
        raise Refused("appeal_refused", problem)
    said = _said("reason", reason)
    filed = filing.file(
        tx, kind=KIND, object_id=row["id"], appellant_id=row["person_id"], how=how, reason=said
    )
    facts = {"number": cycle.number, "appeal": filed["id"], "how": how}
    audit.record(tx, "result.appealed", kind=KIND, id=row["id"], facts=facts, texts={"reason": said})
    telling.appealed(tx, cycle, row, decide_by_at=tx.calendar.due_at(tx.now, REVIEW_TERM))
    return str(filed["receipt"])


def obstacle(tx: Transaction, person_id: str, *, confirmed_by: str | None) -> str:
    """Say why the actor may not review a person's result; nothing when they may."""
    if tx.actor.person_id in {person_id, confirmed_by}:
        return "你是申诉人本人，或确认过本期成绩，不能复核这一件。请由另一位复核人办理。"
    if tx.actor.person_id in access.superiors_of_any(tx, {person_id}):
        return "你是申诉人的上级，不能复核这一件。请由另一位复核人办理。"
    return ""


def uphold(tx: Transaction, result_id: str, *, grounds: str) -> None:
    """Decide that a contested result stands. Raises Forbidden for whom took part, Refused without an appeal."""
    row, cycle = _under_review(tx, result_id)
    _decide(tx, cycle, row, state="upheld", grounds=grounds)
    telling.reviewed(tx, cycle, row["person_id"], row["id"])
    requests.want(tx, cycle.id, reason="appeal_decided")


def revise(tx: Transaction, result_id: str, *, composite_hundredths: int, grounds: str) -> str:
    """Raise a contested result and return the id of its new revision; grade and rank follow from the score.

    Raises Invalid when the score would not rise, Forbidden for whom took part, Refused without an appeal.
    """
    row, cycle = _under_review(tx, result_id)
    line = results.line_of(row["body"])
    before = line.composite_hundredths
    if not (before is None or before < composite_hundredths) or composite_hundredths > FULL:
        raise Invalid("composite", "复核后的总分必须高于原来的总分，且不超过 100。维持原结果请选“维持”。")
    raised = _raised(tx, cycle, line, composite_hundredths, scheme_of(tx, cycle))
    new_id = results.add(tx, cycle, raised, revision=int(row["revision"]) + 1)
    _decide(tx, cycle, row, state="revised", grounds=grounds, new=new_id)
    telling.reviewed(tx, cycle, row["person_id"], new_id)
    requests.want(tx, cycle.id, reason="appeal_decided")
    return new_id


def _raised(
    tx: Transaction, cycle: Cycle, line: SubjectResult, composite: int, scheme: Scheme
) -> SubjectResult:
    """Return the result with the score a review gave it; a veto still caps the grade."""
    better = int(BETTER.one(tx, cycle_id=cycle.id, person_id=line.subject, composite=composite)[0])
    veto = next((one for one in scheme.vetoes if line.veto and one.label == line.veto.label), None)
    gained = composite - (line.composite_hundredths or 0)
    gain = ExtraResult(ADJUSTED, "复核调整", "", 1, gained, gained)
    low, high = line.interval_low_hundredths, line.interval_high_hundredths
    raised: dict[str, Any] = {
        "composite_hundredths": composite,
        "grade": capped(grade_of(composite, scheme.grading), veto, scheme.grading),
        "rank": better + 1,
        "rank_best": min(better + 1, line.rank_best or better + 1),
        "rank_worst": max(better + 1, line.rank_worst or better + 1),
        "interval_low_hundredths": None if low is None else min(low, composite),
        "interval_high_hundredths": None if high is None else max(high, composite),
    }
    return line._replace(**raised, bonus=(*line.bonus, gain))


def _own(tx: Transaction, result_id: str) -> tuple[Row, Cycle]:
    """Return the newest revision of a result of the actor's; raises NotFound for everybody else's."""
    row = RESULT.row(tx, id=result_id)
    if row is None or row["person_id"] != tx.actor.person_id:
        raise NotFound(NOT_YOURS)
    cycle = standing.load(tx, row["cycle_id"], locked=True)
    newest = NEWEST.row(tx, cycle_id=cycle.id, person_id=row["person_id"])
    if cycle.stage not in TOLD or newest is None:
        raise NotFound(NOT_YOURS)
    return newest, cycle


def _under_review(tx: Transaction, result_id: str) -> tuple[Row, Cycle]:
    access.require(tx.actor, REVIEW, unit_id=None)
    row = RESULT.row(tx, id=result_id)
    if row is None:
        raise NotFound
    cycle = standing.load(tx, row["cycle_id"], locked=True)
    hindered = obstacle(tx, row["person_id"], confirmed_by=cycle.confirmed_by)
    if hindered:
        raise Forbidden(hindered)
    filed = filing.of(tx, kind=KIND, object_ids=[result_id]).get(result_id)
    if filed is None or filed.state != "pending":
        raise Refused("no_appeal", "这份结果没有待复核的申诉，或已有结论。请刷新页面查看。")
    return row, cycle


def _decide(tx: Transaction, cycle: Cycle, row: Row, *, state: str, grounds: str, new: str = "") -> None:
    said = _said("grounds", grounds)
    decided = filing.decide(tx, kind=KIND, object_id=row["id"], state=state, grounds=said)
    facts = {"number": cycle.number, "appeal": decided["id"], "outcome": state, "revision": new}
    audit.record(tx, "result.reviewed", kind=KIND, id=row["id"], facts=facts, texts={"grounds": said})


def _said(field: str, text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if len(said) < SHORTEST_REASON:
        raise Invalid(field, f"至少写 {SHORTEST_REASON} 个字，现在是 {len(said)} 个。请说明理由。")
    if len(said) > LONGEST_REASON:
        raise Invalid(field, f"最多写 {LONGEST_REASON:,} 个字，现在是 {len(said):,} 个。请缩短。")
    return said
