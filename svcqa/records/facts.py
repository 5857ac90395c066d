"""The kinds of fact an import knows: their tables, what each column may hold, and which order moments keep."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "count", "truth", "points", "moment", "day", "sealed"]

NAME = r"""^[^\p{C}<>"=@]+$"""
EMAIL = r"^[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
"""What a mail can be written to; narrower than the standards."""


@dataclass(frozen=True)
class Column:
    """A column of a table; `low` and `high` bound a count, or the length of a text. `filled`: what empty becomes."""

    name: str
    form: Form
    label: str
    required: bool = False
    low: int = 0
    high: int = 0
    filled: str | int | None = None
    rule: str = ""
    """How a mapping calls it, where that is another word."""
    pattern: str = ""
    """What a sealed text looks like. It is never compared: the same text is sealed differently each time."""

    @property
    def said(self) -> str:
        """What a mapping calls it."""
        return self.rule or self.name


@dataclass(frozen=True)
class Fact:
    """A kind of fact. `orders` are pairs of columns of which the first never exceeds the second."""

    table: str
    label: str
    columns: tuple[Column, ...]
    days: tuple[str, ...]
    """The columns whose first given value is the day on which somebody's unit is looked up."""
    orders: tuple[tuple[str, str], ...] = ()
    has_person: bool = True
    has_unit: bool = True
    person_required: bool = False

    def column(self, name: str) -> Column:
        """Return one of the columns."""
        return next(one for one in self.columns if one.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """What is read from a line, in its order: the unit comes last, it may follow from the others."""
        return (*(("person_id",) if self.has_person else ()), *(one.name for one in self.columns))

    @property
    def stored(self) -> tuple[str, ...]:
        """The names of what a line says, as the table has them, after `reference`."""
        about = (("person_id",) if self.has_person else ()) + (("unit_id",) if self.has_unit else ())
        return (*about, *(one.name for one in self.columns))


FACTS = {
    "interactions": Fact(
        table="interaction",
        label="客服记录",
        columns=(
            Column("channel", "text", "渠道", high=40, filled=""),
            Column("kind", "text", "事项", high=120, filled="", rule="topic"),
            Column("urgency", "count", "紧急程度", low=1, high=9),
            Column("opened_at", "moment", "受理时间", required=True),
            Column("responded_at", "moment", "响应时间"),
            Column("resolved_at", "moment", "解决时间"),
            Column("answered", "truth", "是否接通"),
            Column("reopened", "count", "重开次数", high=9999, filled=0),
            Column("met_target", "truth", "是否达标"),
            Column("satisfaction", "count", "满意度", low=1, high=5),
            Column("sealed_name", "sealed", "客户姓名", high=40, rule="customer_name", pattern=NAME),
            Column("sealed_email", "sealed", "客户邮箱", high=120, rule="customer_email", pattern=EMAIL),
        ),
        days=("resolved_at", "opened_at"),
        orders=(("opened_at", "responded_at"), ("opened_at", "resolved_at")),
    ),
    "exams": Fact(
        table="exam",
        label="考试成绩",
        columns=(
            Column("title", "text", "考试名称", required=True, low=1, high=120),
            Column("taken_on", "day", "考试日期", required=True),
            Column("points_hundredths", "points", "得分", required=True, rule="points"),
            Column("full_hundredths", "points", "满分", required=True, low=1, rule="full"),
        ),
        days=("taken_on",),
        orders=(("points_hundredths", "full_hundredths"),),
        has_unit=False,
        person_required=True,
    ),
    "outages": Fact(
        table="outage",
        label="停机记录",
        columns=(
            Column("service", "text", "业务", required=True, low=1, high=120),
            Column("started_at", "moment", "开始时间", required=True),
            Column("ended_at", "moment", "恢复时间"),
        ),
        days=("started_at",),
        orders=(("started_at", "ended_at"),),
        has_person=False,
    ),
    "surveys": Fact(
        table="survey_answer",
        label="满意度调查",
        columns=(
            Column("satisfaction", "count", "满意度", required=True, low=1, high=5),
            Column("solved", "truth", "是否解决"),
            Column("comment", "text", "意见", high=2000, filled=""),
            Column("answered_at", "moment", "回答时间", required=True),
        ),
        days=("answered_at",),
    ),
}
