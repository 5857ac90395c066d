"""Mails of an assessment cycle. None tells a score, a grade or a rank: they stand on the linked page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar, Self

from notifications.notices import cast
from notifications.notices.notice import Notice

NUMBER = "KH-202610-003"
TITLE = "2026-10 月度考核 城东车间"
PAGE = f"{cast.SITE}/cycles/{NUMBER}"
CLOSES_AT = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)
APPEALED_AT = datetime(2026, 11, 16, 2, 5, tzinfo=UTC)
REVIEW_BY_AT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
SUPERVISOR = "刘敏"


@dataclass(frozen=True, kw_only=True)
class CycleAnnounced(Notice):
    """Tell a unit head that an assessment of the unit has begun, and of which period."""

    slug: ClassVar[str] = "cycle_announced"
    label: ClassVar[str] = "考核周期通知"

    title: str
    period_from: date
    period_until: date

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.UNIT_HEAD,
            number=NUMBER,
            link=PAGE,
            contact=cast.CONTACT,
            title=TITLE,
            period_from=date(2026, 10, 1),
            period_until=date(2026, 10, 31),
        )


@dataclass(frozen=True, kw_only=True)
class RateColleagues(Notice):
    """Ask a person to rate `colleagues` others. The link is the person's own."""

    slug: ClassVar[str] = "rate_colleagues"
    label: ClassVar[str] = "评分邀请"

    title: str
    colleagues: int
    due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            title=TITLE,
            colleagues=4,
            due_at=CLOSES_AT,
        )


@dataclass(frozen=True, kw_only=True)
class RatingReminder(Notice):
    """Remind a rater, once, of the `left` ratings that are still open."""

    slug: ClassVar[str] = "rating_reminder"
    label: ClassVar[str] = "评分提醒"

    title: str
    left: int
    due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            title=TITLE,
            left=2,
            due_at=CLOSES_AT,
        )


@dataclass(frozen=True, kw_only=True)
class ResultsToConfirm(Notice):
    """Ask a supervisor to look at computed results and to confirm them or send them back."""

    slug: ClassVar[str] = "results_to_confirm"
    label: ClassVar[str] = "成绩待确认"

    title: str
    due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=SUPERVISOR,
            number=NUMBER,
            link=PAGE,
            contact=cast.CONTACT,
            title=TITLE,
            due_at=datetime(2026, 11, 13, 9, 30, tzinfo=UTC),
        )


@dataclass(frozen=True, kw_only=True)
class YourResult(Notice):
    """Tell a person that the own result can be read, and until when it may be contested."""

    slug: ClassVar[str] = "your_result"
    label: ClassVar[str] = "考核结果通知"

    title: str
    regulation: str
    appeal_due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            title=TITLE,
            regulation="《电信运营商客户服务质量考核评分标准》",
            appeal_due_at=datetime(2026, 11, 18, 9, 30, tzinfo=UTC),
        )


@dataclass(frozen=True, kw_only=True)
class ResultAppealReceived(Notice):
    """Confirm to a person that the appeal against the own result is in, and by when it will be decided."""

    slug: ClassVar[str] = "result_appeal_received"
    label: ClassVar[str] = "考核结果申诉回执"

    title: str
    received_at: datetime
    decide_by_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            title=TITLE,
            received_at=APPEALED_AT,
            decide_by_at=REVIEW_BY_AT,
        )


@dataclass(frozen=True, kw_only=True)
class ResultAppealed(Notice):
    """Ask a reviewer to look at a contested result."""

    slug: ClassVar[str] = "result_appealed"
    label: ClassVar[str] = "考核结果复核任务"

    title: str
    received_at: datetime
    decide_by_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.REVIEWER,
            number=NUMBER,
            link=f"{PAGE}/results/1024",
            contact=cast.CONTACT,
            title=TITLE,
            received_at=APPEALED_AT,
            decide_by_at=REVIEW_BY_AT,
        )


@dataclass(frozen=True, kw_only=True)
class ResultChanged(Notice):
    """Tell a person that the review of the own result is done; what came of it stands on the page."""

    slug: ClassVar[str] = "result_changed"
    label: ClassVar[str] = "考核结果复核结论"

    title: str
    decided_on: date

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=NUMBER,
            link=cast.APPEAL_LINK,
            contact=cast.CONTACT,
            title=TITLE,
            decided_on=date(2026, 11, 17),
        )


@dataclass(frozen=True, kw_only=True)
class ReportReady(Notice):
    """Tell those who answer for the assessment that its report can be read."""

    slug: ClassVar[str] = "report_ready"
    label: ClassVar[str] = "考核报告"

    title: str

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=SUPERVISOR, number=NUMBER, link=f"{PAGE}/report", contact=cast.CONTACT, title=TITLE
        )
