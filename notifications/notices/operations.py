"""Mails that keep the service running: to the administrator, the operator, and for signing in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Self

from notifications.notices import cast
from notifications.notices.notice import Notice


@dataclass(frozen=True, kw_only=True)
class CalendarYearMissing(Notice):
    """Ask the administrator for a year's calendar. `number` is the first of the `waiting` cases."""

    slug: ClassVar[str] = "calendar_year_missing"
    label: ClassVar[str] = "工作日历缺失"

    year: int
    waiting: int

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name="系统管理员 罗文博",
            number=cast.NUMBER,
            link=f"{cast.SITE}/calendar/2027",
            contact=cast.CONTACT,
            year=2027,
            waiting=3,
        )


@dataclass(frozen=True, kw_only=True)
class MailHeld(Notice):
    """Tell the operator that a mail waits for a person. `reply` is what the mail server last said."""

    slug: ClassVar[str] = "mail_held"
    label: ClassVar[str] = "邮件待人工处理"

    mail_label: str
    held_at: datetime
    reply: str

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name="系统运维 高远",
            number=cast.NUMBER,
            link=f"{cast.SITE}/mail/held",
            contact=cast.CONTACT,
            mail_label="考核处理通知",
            held_at=cast.STEP_DUE_AT,
            reply="发送后连接中断，两次均未收到服务器确认",
        )


@dataclass(frozen=True, kw_only=True)
class SignInCode(Notice):
    """Give a one-time code for the first sign-in. `number` is the staff number."""

    slug: ClassVar[str] = "sign_in_code"
    label: ClassVar[str] = "登录验证码"

    code: str
    valid_until_at: datetime

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number="K1024",
            link=None,
            contact=cast.CONTACT,
            code="493 027",
            valid_until_at=datetime(2026, 11, 23, 1, 22, tzinfo=UTC),
        )
