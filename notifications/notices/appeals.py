"""Mails around an appeal. None tells an outcome: it stands with its reasons on the linked page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Self

from notifications.notices import cast
from notifications.notices.notice import Notice


@dataclass(frozen=True, kw_only=True)
class AppealReceived(Notice):
    """Confirm to the appellant that the appeal is in, and when it will be decided at the latest."""

    slug: ClassVar[str] = "appeal_received"
    label: ClassVar[str] = "申诉受理回执"

    received_at: datetime
    decide_by_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=cast.NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            received_at=cast.RECEIVED_AT,
            decide_by_at=cast.REVIEW_DUE_AT,
        )


@dataclass(frozen=True, kw_only=True)
class AppealFiled(Notice):
    """Ask a reviewer to hear an appeal."""

    slug: ClassVar[str] = "appeal_filed"
    label: ClassVar[str] = "申诉复核任务"

    matter: str
    received_at: datetime
    decide_by_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.REVIEWER,
            number=cast.NUMBER,
            link=f"{cast.SITE}/appeals/{cast.NUMBER}",
            contact=cast.CONTACT,
            matter=cast.MATTER,
            received_at=cast.RECEIVED_AT,
            decide_by_at=cast.REVIEW_DUE_AT,
        )


@dataclass(frozen=True, kw_only=True)
class AppealDecided(Notice):
    """Tell the appellant that the review is done and where it can be read."""

    slug: ClassVar[str] = "appeal_decided"
    label: ClassVar[str] = "申诉复核结论"

    received_at: datetime
    decided_on: date

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=cast.NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            received_at=cast.RECEIVED_AT,
            decided_on=date(2026, 12, 4),
        )
