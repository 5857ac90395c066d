"""Mails to customers. They carry no word about the people assessed, and address the reader as `您`."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from notifications.notices import cast
from notifications.notices.notice import Notice


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
