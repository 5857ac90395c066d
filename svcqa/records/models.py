"""Tables of facts. Each row knows when it happened, when we learnt of it and which import brought it.

Counts and points are integers (hundredths, seconds); `example` marks what was made up for a demonstration (示例).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


def _where(condition: Any) -> dict[str, Any]:
    """Let an index hold only some of the rows, on both databases."""
    return {"sqlite_where": condition, "postgresql_where": condition}


class FactImport(SQLModel, table=True):
    """One file that was taken over: whose, how it was read and what came of it."""

    __tablename__ = "fact_import"

    id: str = Field(primary_key=True)
    kind: str
    file_name: str
    sha256: str
    mapping: str = Field(sa_type=Text)
    policy: str
    new: int
    changed: int
    same: int
    rejected: int
    imported_at: datetime
    imported_by: str | None = None


class Interaction(SQLModel, table=True):
    """One contact with a customer: a call, a letter, a ticket. `reference` is its number at the source.

    The customer's sealed name and address wait here for a survey, and go when that has taken or left them.
    """

    __tablename__ = "interaction"

    id: str = Field(primary_key=True)
    source: str
    reference: str
    person_id: str | None = None
    unit_id: str | None = None
    channel: str = ""
    kind: str = ""
    urgency: int | None = None
    opened_at: datetime
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    answered: bool | None = None
    reopened: int = 0
    met_target: bool | None = None
    satisfaction: int | None = None
    sealed_name: bytes | None = None
    sealed_email: bytes | None = None
    example: bool = False
    learnt_at: datetime
    import_id: str

    __table_args__ = (
        UniqueConstraint("source", "reference"),
        Index("interaction_resolved", "resolved_at", "person_id"),
        Index("interaction_addressed", "resolved_at", **_where(Column("sealed_email").is_not(None))),
        Index("interaction_open", "opened_at", **_where(Column("resolved_at").is_(None))),
    )


class Exam(SQLModel, table=True):
    """What somebody reached in an exam or after a training, of how much."""

    __tablename__ = "exam"

    id: str = Field(primary_key=True)
    source: str
    reference: str
    person_id: str
    title: str
    taken_on: date
    points_hundredths: int
    full_hundredths: int
    example: bool = False
    learnt_at: datetime
    import_id: str

    __table_args__ = (UniqueConstraint("source", "reference"), Index("exam_taken", "taken_on", "person_id"))


class Outage(SQLModel, table=True):
    """A service that was down: of which unit, from when to when."""

    __tablename__ = "outage"

    id: str = Field(primary_key=True)
    source: str
    reference: str
    unit_id: str
    service: str
    started_at: datetime
    ended_at: datetime | None = None
    example: bool = False
    learnt_at: datetime
    import_id: str

    __table_args__ = (UniqueConstraint("source", "reference"), Index("outage_started", "started_at"))


class SurveyInvitation(SQLModel, table=True):
    """One customer asked once in a cycle, about one interaction that is never asked about again.

    The sealed name and address go when it is answered or over; `customer_key` finds the same customer until then.
    """

    __tablename__ = "survey_invitation"

    id: str = Field(primary_key=True)
    campaign_id: str = Field(index=True)
    interaction_id: str
    person_id: str
    unit_id: str
    customer_key: str | None = None
    sealed_name: bytes | None = None
    sealed_email: bytes | None = None
    invited_at: datetime
    remind_at: datetime
    reminded_at: datetime | None = None
    expires_at: datetime

    __table_args__ = (UniqueConstraint("interaction_id"), UniqueConstraint("campaign_id", "customer_key"))


class SurveyAnswer(SQLModel, table=True):
    """What a customer answered: satisfaction 1 to 5, whether it was solved, and a comment."""

    __tablename__ = "survey_answer"

    id: str = Field(primary_key=True)
    source: str
    reference: str
    person_id: str | None = None
    unit_id: str | None = None
    satisfaction: int
    solved: bool | None = None
    comment: str = Field(default="", sa_type=Text)
    answered_at: datetime
    example: bool = False
    learnt_at: datetime
    import_id: str = ""

    __table_args__ = (
        UniqueConstraint("source", "reference"),
        Index("survey_answered", "answered_at", "person_id"),
    )


class Rating(SQLModel, table=True):
    """One rater's value for one item about one colleague. `campaign_id` is the cycle that asked."""

    __tablename__ = "rating"

    id: str = Field(primary_key=True)
    campaign_id: str
    rater_id: str
    ratee_id: str
    direction: str
    item: str
    value: int
    example: bool = False
    given_at: datetime

    __table_args__ = (UniqueConstraint("campaign_id", "rater_id", "ratee_id", "direction", "item"),)
