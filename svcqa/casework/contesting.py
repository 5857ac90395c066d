"""What the person a decision hits does about it: receive, appeal, accept, retract, state a view before it.

Doing the same again changes nothing. Whose decision it is not, for them it does not exist.
"""

from collections.abc import Sequence

from states import Refused
from svcqa.appeals import filing
from svcqa.casework import clocks, complaints, evidence, file_types, forms
from svcqa.casework.gathering import SHORTEST_REASON, appeal_problem
from svcqa.casework.reviewing import PENALTY
from svcqa.casework.snapshot import Case, Row, load
from svcqa.casework.work import hits
from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook import library

LONGEST_TEXT = 1000
MOST_FILES = 5
ACKNOWLEDGED = "penalty.acknowledged"
NOT_YOURS = "没有这份通知，或它与你已没有关系，例如你不再负责该单位。如有疑问，请联系通知上写明的联系人。"

File = tuple[str, bytes]

NUMBER_OF_PENALTY = Statement(
    "SELECT c.number FROM penalty p JOIN complaint c ON c.id = p.complaint_id WHERE p.id = :id"
)
NUMBER_OF_RESPONDENT = Statement(
    "SELECT c.number FROM respondent r JOIN complaint c ON c.id = r.complaint_id WHERE r.id = :id"
)
ACKNOWLEDGEMENT = Statement(
    "SELECT at FROM audit_event WHERE object_kind = 'penalty' AND object_id = :id AND action = :action"
)


def own_penalty(tx: Transaction, penalty_id: str, *, locked: bool = False) -> tuple[Case, Row]:
    """Return a penalty with its case; raises NotFound unless it hits the actor."""
    case = _case(tx, NUMBER_OF_PENALTY, penalty_id, locked=locked)
    penalty = case.penalty(penalty_id)
    if not hits(tx.actor, penalty):
        raise NotFound(NOT_YOURS)
    return case, penalty


def own_hearing(tx: Transaction, respondent_id: str, *, locked: bool = False) -> tuple[Case, Row]:
    """Return a respondent with the case; raises NotFound unless it is the actor."""
    case = _case(tx, NUMBER_OF_RESPONDENT, respondent_id, locked=locked)
    respondent = case.respondent(respondent_id)
    if not hits(tx.actor, respondent):
        raise NotFound(NOT_YOURS)
    return case, respondent


def receive(tx: Transaction, penalty_id: str) -> None:
    """Record that the person came to see the decision: it is served and its window starts.

    Where the window would run into a year that is not published, the decision is shown and service waits.
    """
    case, penalty = own_penalty(tx, penalty_id, locked=True)
    window = library.by_hash(tx, case.row["regulation"]).appeal_window.term
    ends_at, _missing_year = clocks.compute(tx.calendar, tx.now, window)
    if penalty["state"] == "decided" and ends_at:
        complaints.advance(tx, case.number, form=forms.Serve(penalty=penalty_id, how="visit"))


def appeal(tx: Transaction, penalty_id: str, *, reason: str, how: str, files: Sequence[File] = ()) -> None:
    """File the appeal (`how`: link or page) with its files unless one was filed.

    Raises Refused when the window is over, Invalid on `reason` or `file`.
    """
    case, penalty = own_penalty(tx, penalty_id, locked=True)
    filed = filing.of(tx, kind=PENALTY, object_ids=[penalty_id]).get(penalty_id)
    if filed and filed.state != "retracted":
        return
    problem = appeal_problem(tx, penalty)
    if problem:
        raise Refused("appeal_refused", problem)
    form = forms.Appeal.model_validate({"penalty": penalty_id, "how": how, "text": _said("reason", reason)})
    complaints.advance(tx, case.number, form=form)
    _hand_in(tx, case.number, files, proves="申诉材料")


def accept(tx: Transaction, penalty_id: str) -> None:
    """Record that the person has no objection. The window goes on: a change of mind is still heard."""
    case, penalty = own_penalty(tx, penalty_id, locked=True)
    if ACKNOWLEDGEMENT.one(tx, id=penalty_id, action=ACKNOWLEDGED):
        return
    if penalty["state"] == "decided":
        raise Refused("not_received", "这份处罚决定还没有查收。请先查收并看过内容，再确认无异议。")
    if penalty["state"] != "served":
        raise Refused("not_open", "这项处罚已经申诉过或已经生效，不需要再确认。请刷新页面查看最新进展。")
    audit.record(tx, ACKNOWLEDGED, kind="penalty", id=penalty_id, facts={"number": case.number})


def retract(tx: Transaction, penalty_id: str) -> None:
    """Take the appeal back unless that was done before; the penalty then stands."""
    case, penalty = own_penalty(tx, penalty_id, locked=True)
    filed = filing.of(tx, kind=PENALTY, object_ids=[penalty_id]).get(penalty_id)
    if filed is None or filed.state != "retracted":
        complaints.advance(tx, case.number, form=forms.Retract(penalty=penalty["id"]))


def state_view(tx: Transaction, respondent_id: str, *, text: str, files: Sequence[File] = ()) -> None:
    """Record what the respondent says about the matter, once; raises Invalid on `statement` or `file`."""
    case, respondent = own_hearing(tx, respondent_id, locked=True)
    if respondent["heard_at"] is None:
        form = forms.Hear(respondent=respondent_id, text=_said("statement", text))
        complaints.advance(tx, case.number, form=form)
        _hand_in(tx, case.number, files, proves="陈述材料")


def _hand_in(tx: Transaction, number: str, files: Sequence[File], *, proves: str) -> None:
    """Add files to the case, all or none: each is looked at before the first is kept."""
    if len(files) > MOST_FILES:
        raise Invalid("file", f"一次最多附 {MOST_FILES} 个文件，现在是 {len(files)} 个。请合并后再提交。")
    for name, data in files:
        file_types.checked(name, data)
    for name, data in files:
        evidence.add(tx, number, name=name, data=data, kind="statement", proves=proves)


def _case(tx: Transaction, number_of: Statement, object_id: str, *, locked: bool) -> Case:
    row = number_of.one(tx, id=object_id)
    if row is None:
        raise NotFound(NOT_YOURS)
    return load(tx, row[0], locked=locked)


def _said(field: str, text: str) -> str:
    """Return a text as it is kept; raises Invalid on the field when it is too short or too long."""
    said = text.replace("\r\n", "\n").strip()
    if len(said) < SHORTEST_REASON:
        raise Invalid(field, f"至少写 {SHORTEST_REASON} 个字，现在是 {len(said)} 个。请说明与事实不符之处。")
    if len(said) > LONGEST_TEXT:
        raise Invalid(
            field, f"最多写 {LONGEST_TEXT:,} 个字，现在是 {len(said):,} 个。请缩短，细节可以写在附件里。"
        )
    return said
