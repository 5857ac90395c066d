"""Mails around an improvement measure: handed over, due soon, overdue, judged. None names a score or a grade."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from notifications.notices import cast
from notifications.notices.notice import Notice

NUMBER = "GJ-202611-003"
LINK = f"{cast.SITE}/measures/{NUMBER}"
MATTER = "夜间时段首次响应时间偏长"
DUE_ON = date(2026, 12, 18)


@dataclass(frozen=True, kw_only=True)
class MeasureAssigned(Notice):
    """Hand a measure to its owner. `matter` is its title, which says what is to become better."""

    slug: ClassVar[str] = "measure_assigned"
    label: ClassVar[str] = "改进措施"

    matter: str
    due_on: date

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=NUMBER,
            link=LINK,
            contact=cast.CONTACT,
            matter=MATTER,
            due_on=DUE_ON,
        )


@dataclass(frozen=True, kw_only=True)
class MeasureDue(Notice):
    """Warn the owner that three quarters of the time are used; `step` is what comes next."""

    slug: ClassVar[str] = "measure_due"
    label: ClassVar[str] = "改进措施到期提醒"

    matter: str
    step: str
    due_on: date

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=NUMBER,
            link=LINK,
            contact=cast.CONTACT,
            matter=MATTER,
            step="落实",
            due_on=DUE_ON,
        )


@dataclass(frozen=True, kw_only=True)
class MeasureOverdue(Notice):
    """Say that the due day is over: to the owner, and a week later to the heads above, with the owner's name."""

    slug: ClassVar[str] = "measure_overdue"
    label: ClassVar[str] = "改进措施超期"

    matter: str
    step: str
    due_on: date
    owner_name: str | None

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.UNIT_HEAD,
            number=NUMBER,
            link=LINK,
            contact=cast.CONTACT,
            matter=MATTER,
            step="落实",
            due_on=DUE_ON,
            owner_name=cast.EMPLOYEE,
        )


@dataclass(frozen=True, kw_only=True)
class MeasureEffect(Notice):
    """Tell that the effect was judged. The verdict stands with its figures on the linked page only."""

    slug: ClassVar[str] = "measure_effect"
    label: ClassVar[str] = "改进措施效果结论"

    matter: str
    judged_on: date

    @classmethod
    def sample(cls) -> Self:
        return cls(
            recipient_name=cast.EMPLOYEE,
            number=NUMBER,
            link=LINK,
            contact=cast.CONTACT,
            matter=MATTER,
            judged_on=date(2027, 2, 1),
        )
