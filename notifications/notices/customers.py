"""Mails to customers. They carry no word about the people assessed, and address the reader as `您`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar, Self

from notifications.notices import cast
from notifications.notices.notice import Notice

CYCLE = "KH-202610-003"
SURVEY_LINK = f"{cast.SITE}/s/IjAxOTM1ZjYwIg.8sQe1Lk"
SERVED_ON = date(2026, 10, 12)
SURVEY_ENDS_AT = datetime(2026, 11, 9, 16, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class ComplaintRegistered(Notice):
    """Tell the complainant that the complaint was taken up and when the answer is owed.

    `follow_code` opens the page that shows how the case stands, together with the number.
    """

    slug: ClassVar[str] = "complaint_registered"
    label: ClassVar[str] = "投诉受理通知"

    received_at: datetime
    reply_due_at: datetime
    follow_code: str | None

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.CUSTOMER,
            number=cast.NUMBER,
            link=cast.FOLLOW_LINK,
            contact=cast.CONTACT,
            received_at=cast.RECEIVED_AT,
            reply_due_at=cast.REPLY_DUE_AT,
            follow_code="7QK4-M2TD",
        )


@dataclass(frozen=True, kw_only=True)
class CustomerReply(Notice):
    """Give the complainant the result. `reply` is the officer's text; an empty line parts paragraphs."""

    slug: ClassVar[str] = "customer_reply"
    label: ClassVar[str] = "投诉答复"

    reply: str
    objection_due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.CUSTOMER,
            number=cast.NUMBER,
            link=cast.FOLLOW_LINK,
            contact=cast.CONTACT,
            reply="经核实，11 月 20 日我部承诺两小时内回电而未做到，责任在我部，向您致歉。\n\n"
            "您反映的资费问题已更正，本月账单按原套餐计算，您无需再办理任何手续。",
            objection_due_at=cast.REVIEW_DUE_AT,
        )


@dataclass(frozen=True, kw_only=True)
class CustomerSurvey(Notice):
    """Ask a customer two questions about the service of a day; `number` is the cycle that asks."""

    slug: ClassVar[str] = "customer_survey"
    label: ClassVar[str] = "服务满意度调查"

    served_on: date
    due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.CUSTOMER,
            number=CYCLE,
            link=SURVEY_LINK,
            contact=cast.CONTACT,
            served_on=SERVED_ON,
            due_at=SURVEY_ENDS_AT,
        )


@dataclass(frozen=True, kw_only=True)
class SurveyReminder(Notice):
    """Remind a customer, once, of the questions that wait for an answer."""

    slug: ClassVar[str] = "survey_reminder"
    label: ClassVar[str] = "满意度调查提醒"

    served_on: date
    due_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.CUSTOMER,
            number=CYCLE,
            link=SURVEY_LINK,
            contact=cast.CONTACT,
            served_on=SERVED_ON,
            due_at=SURVEY_ENDS_AT,
        )
