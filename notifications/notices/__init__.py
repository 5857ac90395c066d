"""Everything that can be said by mail: one frozen class per mail, grouped by theme."""

from notifications.notices.appeals import AppealDecided, AppealFiled, AppealReceived
from notifications.notices.customers import ComplaintRegistered, CustomerReply
from notifications.notices.deadlines import CaseAssigned, CaseExpedited, DeadlineNear, DeadlinePassed
from notifications.notices.notice import Notice
from notifications.notices.operations import CalendarYearMissing, MailHeld, SignInCode
from notifications.notices.penalties import (
    HearingInvited,
    PaperServiceNeeded,
    PenaltyCopy,
    PenaltyNotice,
    PenaltyOrder,
    PenaltyWithdrawn,
)

EVERY: tuple[type[Notice], ...] = (
    ComplaintRegistered,
    CaseAssigned,
    DeadlineNear,
    DeadlinePassed,
    CaseExpedited,
    HearingInvited,
    PenaltyNotice,
    PenaltyCopy,
    PenaltyOrder,
    PenaltyWithdrawn,
    PaperServiceNeeded,
    AppealReceived,
    AppealFiled,
    AppealDecided,
    CustomerReply,
    CalendarYearMissing,
    MailHeld,
    SignInCode,
)

__all__ = [
    "EVERY",
    "AppealDecided",
    "AppealFiled",
    "AppealReceived",
    "CalendarYearMissing",
    "CaseAssigned",
    "CaseExpedited",
    "ComplaintRegistered",
    "CustomerReply",
    "DeadlineNear",
    "DeadlinePassed",
    "HearingInvited",
    "MailHeld",
    "Notice",
    "PaperServiceNeeded",
    "PenaltyCopy",
    "PenaltyNotice",
    "PenaltyOrder",
    "PenaltyWithdrawn",
    "SignInCode",
]
