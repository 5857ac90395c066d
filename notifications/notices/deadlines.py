"""Mails that move a case along: assigned, due soon, overdue, pushed from above."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from notifications.notices import cast
from notifications.notices.notice import Notice


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(Notice):
    """Hand a case to its officer. `due_at` is None while the calendar of its year is missing."""

    slug: ClassVar[str] = "case_assigned"
    label: ClassVar[str] = "工单分派"

    matter: str
    step: str
    due_at: datetime | None

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.OFFICER,
            number=cast.NUMBER,
            link=cast.CASE_LINK,
            contact=cast.CONTACT,
            matter=cast.MATTER,
            step="核实",
            due_at=cast.STEP_DUE_AT,
        )


@dataclass(frozen=True, kw_only=True)
class DeadlineNear(Notice):
    """Warn whoever must act that most of the time (75 % by default) is used up."""

    slug: ClassVar[str] = "deadline_near"
    label: ClassVar[str] = "时限提醒"

    matter: str
    step: str
    due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.OFFICER,
            number=cast.NUMBER,
            link=cast.CASE_LINK,
            contact=cast.CONTACT,
            matter=cast.MATTER,
            step="核实",
            due_at=cast.STEP_DUE_AT,
        )


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(Notice):
    """Say that the deadline is over. `expedite_at` is when it goes above, None if nobody stands above."""

    slug: ClassVar[str] = "deadline_passed"
    label: ClassVar[str] = "超期提醒"

    matter: str
    step: str
    due_at: datetime
    expedite_at: datetime | None

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.OFFICER,
            number=cast.NUMBER,
            link=cast.CASE_LINK,
            contact=cast.CONTACT,
            matter=cast.MATTER,
            step="核实",
            due_at=cast.STEP_DUE_AT,
            expedite_at=cast.EXPEDITE_AT,
        )


@dataclass(frozen=True, kw_only=True)
class CaseExpedited(Notice):
    """Push an overdue case from above: to the unit head, then to the leading group."""

    slug: ClassVar[str] = "case_expedited"
    label: ClassVar[str] = "督办通知"

    matter: str
    step: str
    due_at: datetime
    unit_name: str
    officer_name: str

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.UNIT_HEAD,
            number=cast.NUMBER,
            link=cast.CASE_LINK,
            contact=cast.CONTACT,
            matter=cast.MATTER,
            step="核实",
            due_at=cast.STEP_DUE_AT,
            unit_name=cast.UNIT,
            officer_name=cast.OFFICER,
        )
