"""Tables of improvement measures. What was agreed before the start is never changed afterwards."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel


class Measure(SQLModel, table=True):
    """One improvement measure. Values are hundredths of the metric's own unit; `state` is in states.measure.

    `unit_id` is where it applies; `judgement` holds the verdict's figures as JSON of integers.
    """

    __tablename__ = "measure"

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    origin_kind: str
    origin_id: str
    origin_part: str = ""
    subject_kind: str
    subject_id: str
    unit_id: str | None = None
    title: str
    problem: str = Field(sa_type=Text)
    plan: str = Field(default="", sa_type=Text)
    owner_id: str = Field(index=True)
    metric: str
    baseline_hundredths: int | None = None
    target_hundredths: int | None = None
    due_on: date
    warn_on: date
    judge_from_on: date | None = None
    judge_until_on: date | None = None
    state: str
    version: int = 1
    proposed_at: datetime
    proposed_by: str | None = None
    agreed_at: datetime | None = None
    done_at: datetime | None = None
    judged_at: datetime | None = None
    verdict: str = Field(default="", sa_type=Text)
    judgement: str = Field(default="", sa_type=Text)
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    escalated_at: datetime | None = None
    example: bool = False

    __table_args__ = (
        Index("measure_origin", "origin_kind", "origin_id", "origin_part", "subject_id", unique=True),
        Index("measure_due", "state", "due_on"),
    )
