"""Mails around a penalty: the hearing before it, the decision, its copy and its order. None names a sum."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Self

from notifications.notices import cast
from notifications.notices.notice import Notice


@dataclass(frozen=True, kw_only=True)
class HearingInvited(Notice):
    """Tell the respondent which matter is looked into and until when a view may be stated."""

    slug: ClassVar[str] = "hearing_invited"
    label: ClassVar[str] = "陈述申辩通知"

    matter: str
    incident_on: date
    state_by_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=cast.NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            matter=cast.MATTER,
            incident_on=cast.INCIDENT_ON,
            state_by_at=cast.STEP_DUE_AT,
        )


@dataclass(frozen=True, kw_only=True)
class PenaltyNotice(Notice):
    """Give the penalised person the decision's place, clause, appeal link and appeal window.

    `appeal_due_at` is the end of the window if the mail is served today, hence the earliest it can be;
    `window` is its length in words. What was decided stands on the linked page only.
    """

    slug: ClassVar[str] = "penalty_notice"
    label: ClassVar[str] = "考核处理通知"

    matter: str
    regulation: str
    article: str
    decided_on: date
    appeal_due_at: datetime
    window: str

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=cast.NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            matter=cast.MATTER,
            regulation=cast.REGULATION,
            article=cast.ARTICLE,
            decided_on=cast.DECIDED_ON,
            appeal_due_at=cast.WINDOW_ENDS_AT,
            window="5 个工作日",
        )


@dataclass(frozen=True, kw_only=True)
class PenaltyCopy(Notice):
    """Let the unit head know that a person of the unit was penalised, without any sum."""

    slug: ClassVar[str] = "penalty_copy"
    label: ClassVar[str] = "考核处理抄告"

    employee_name: str
    matter: str
    regulation: str
    article: str
    decided_on: date

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.UNIT_HEAD,
            number=cast.NUMBER,
            link=cast.CASE_LINK,
            contact=cast.CONTACT,
            employee_name=cast.EMPLOYEE,
            matter=cast.MATTER,
            regulation=cast.REGULATION,
            article=cast.ARTICLE,
            decided_on=cast.DECIDED_ON,
        )


@dataclass(frozen=True, kw_only=True)
class PenaltyOrder(Notice):
    """Tell HR that an order waits in the ledger: the case number and the link, nothing else."""

    slug: ClassVar[str] = "penalty_order"
    label: ClassVar[str] = "执行通知"

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name="人劳部 何静怡",
            number=cast.NUMBER,
            link=f"{cast.SITE}/payroll/orders/{cast.NUMBER}",
            contact=cast.CONTACT,
        )


@dataclass(frozen=True, kw_only=True)
class PenaltyWithdrawn(Notice):
    """Tell the person that a decision was voided (`decided_anew`: another follows), or that none will come."""

    slug: ClassVar[str] = "penalty_withdrawn"
    label: ClassVar[str] = "考核处理更正"

    matter: str
    decided_anew: bool

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=cast.NUMBER,
            link=None,
            contact=cast.CONTACT,
            matter=cast.MATTER,
            decided_anew=True,
        )


@dataclass(frozen=True, kw_only=True)
class PaperServiceNeeded(Notice):
    """Ask the officer to serve a notice on paper. `cause` says in words why mail did not do it."""

    slug: ClassVar[str] = "paper_service_needed"
    label: ClassVar[str] = "书面送达任务"

    employee_name: str
    cause: str
    due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.OFFICER,
            number=cast.NUMBER,
            link=cast.CASE_LINK,
            contact=cast.CONTACT,
            employee_name=cast.EMPLOYEE,
            cause="对方邮件服务器退回：邮箱不存在",
            due_at=cast.STEP_DUE_AT,
        )
