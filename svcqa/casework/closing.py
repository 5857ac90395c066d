"""What the last moves write: reply, assign, close, reopen."""

from states.complaint import RECEIVED
from svcqa.casework import clocks, forms, sql, sums
from svcqa.casework.change import Change
from svcqa.casework.deciding import lapse
from svcqa.casework.snapshot import Case, around
from svcqa.casework.work import Work
from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid
from svcqa.organisation import access


def reply(work: Work) -> None:
    """Record the answer to the customer and stop the customer's clock, merged cases included."""
    work.values["answered_at"] = work.tx.now
    clocks.stop_reply(work.change, work.case)
    merged = [around(work.tx, row) for row in sql.MERGED_UNANSWERED.moments(work.tx, id=work.case.id)]
    for case in merged:
        _answered_with(work, case)
    work.change.facts["merged"] = [case.number for case in merged]
    work.change.texts["reply"] = work.asked(forms.Reply).text


def _answered_with(work: Work, merged: Case) -> None:
    """Write the answer into a merged case, as an event of its own life."""
    change, version = Change(work.tx), merged.row["version"]
    clocks.stop_reply(change, merged)
    change.advance(merged.id, version=version, values={"answered_at": work.tx.now})
    audit.record(
        work.tx,
        "complaint.answered",
        kind="complaint",
        id=merged.id,
        version=(version, version + 1),
        facts={"number": merged.number, "lead": work.case.number, "rows": change.rows},
    )


def assign(work: Work) -> None:
    """Give the case to an officer."""
    key = work.asked(forms.Assign).officer
    person = sums.person_called(work.tx, key)
    if person is None or person.id not in access.ids_with_role(work.tx, "officer"):
        raise Invalid("officer", f"工号 {key} 不是在岗的经办人。请从经办人名单中选择。")
    if any(r["person_id"] == person.id for r in work.case.respondents):
        raise Invalid("officer", f"{person.name}是本案的被投诉人，不能经办本案。请指派其他经办人。")
    work.values["assignee_id"] = person.id


def close(work: Work) -> None:
    """Close after the windows are over; what lapsed becomes final here."""
    lapse(work)
    work.values["closed_how"] = "penalized"
    work.change.texts["note"] = work.asked(forms.Close).text


def reopen(work: Work) -> None:
    """Open the case again; the standing penalties stay, a customer who is there is owed an answer again."""
    work.values |= {
        "reopened": work.case.row["reopened"] + 1,
        "closed_at": None,
        "closed_how": "",
        "proposal": "",
        "proposed_by": None,
        "answered_at": None,
        "answer_owed": work.case.row["channel"] in work.regulation.customer_reply.channels,
        "merged_into": None,
    }
    if work.step.target == RECEIVED:
        work.values["finding"] = ""
    work.change.texts["reason"] = work.asked(forms.Reopen).text
