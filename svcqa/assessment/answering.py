"""A customer at the link of a survey: what is asked, and the answer, which may be corrected for some hours.

Looking writes nothing. Nothing that is shown says who asks about whom.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from svcqa.assessment import standing
from svcqa.assessment.surveying import PURPOSE
from svcqa.assessment.terms import scheme_of
from svcqa.casework.mailed import Closed, Unknown
from svcqa.kernel import audit
from svcqa.kernel.calendar import local
from svcqa.kernel.errors import Invalid
from svcqa.kernel.links import BrokenLink
from svcqa.kernel.statements import Statement, with_moments
from svcqa.kernel.transaction import Transaction
from svcqa.records import surveys
from svcqa.rulebook.scheme import SurveyForm

CORRECTABLE = timedelta(hours=12)
DAMAGED = "这个链接不完整或不是本系统发出的。请从邮件中重新打开，或把邮件里的地址整行复制到浏览器。"

ASKED = Statement(
    "SELECT v.id, v.campaign_id, v.expires_at, i.resolved_at, a.answered_at FROM survey_invitation v"
    " JOIN interaction i ON i.id = v.interaction_id"
    " LEFT JOIN survey_answer a ON a.source = 'survey' AND a.reference = v.id WHERE v.id = :id"
)
ANSWERED = Statement("UPDATE survey_invitation SET sealed_name = NULL, sealed_email = NULL WHERE id = :id")


class Over(Closed):
    """The survey takes no answer any more."""


@dataclass(frozen=True)
class Asked:
    """An open survey: the questions, when the service ended, until when an answer counts, and if there is one."""

    id: str
    number: str
    form: SurveyForm
    served_at: datetime
    until_at: datetime
    is_answered: bool


def look(tx: Transaction, token: str) -> Asked:
    """Return what a link asks, without writing; raises Unknown, Over."""
    row = _asked(tx, token)
    cycle = standing.load(tx, row["campaign_id"])
    form = scheme_of(tx, cycle).survey
    if form is None:  # an invitation is only made out where the scheme asks customers
        raise Unknown(DAMAGED)
    given_at, until_at = row["answered_at"], row["expires_at"]
    if given_at:
        until_at = min(until_at, given_at + CORRECTABLE)
    if tx.now >= until_at or cycle.stage != "collecting":
        raise Over(_over(given_at, row["expires_at"]))
    return Asked(row["id"], cycle.number, form, row["resolved_at"], until_at, bool(given_at))


def answer(
    tx: Transaction, token: str, *, satisfaction: int | None, solved: bool | None, comment: str
) -> None:
    """Enter or correct the answer of the customer who was asked; raises Invalid, Unknown, Over.

    The event says that an answer came, not which, and nothing of who gave it.
    """
    asked = look(tx, token)
    comment = comment.strip()
    if satisfaction in range(surveys.LOWEST, asked.form.comment_below) and not comment:
        raise Invalid("comment", "您对这次服务不太满意。请写一句哪里没有做好，我们才能改进。")
    tx.actor = replace(tx.actor, name="客户", via="link", address="")
    surveys.give(tx, asked.id, satisfaction=satisfaction, solved=solved, comment=comment)
    ANSWERED.run(tx, id=asked.id)
    action = "survey.corrected" if asked.is_answered else "survey.answered"
    audit.record(tx, action, kind="survey", id=asked.id, facts={"number": asked.number})


def _asked(tx: Transaction, token: str) -> dict[str, Any]:
    try:
        row = ASKED.row(tx, id=tx.links.read(PURPOSE, token))
    except BrokenLink:
        row = None
    if row is None:
        raise Unknown(DAMAGED)
    return dict(with_moments(row))


def _over(given_at: datetime | None, expires_at: datetime) -> str:
    if given_at:
        when = f"{local(given_at):%Y-%m-%d %H:%M}"
        return f"您的回答已于 {when} 收到，现在不能再修改。谢谢您的参与；如需补充，请联系客服。"
    when = f"{local(expires_at - timedelta.resolution):%Y-%m-%d}"
    return f"这份问卷已经结束（最晚到 {when}），不再接收回答。如有问题仍需解决，请联系客服。"
