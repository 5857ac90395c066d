"""Tables of appeals: the mailed links and the appeals filed."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel


class DecisionLink(SQLModel, table=True):
    """A link mailed to the person a decision hits. The row, not the token's text, decides what it may do."""

    __tablename__ = "decision_link"

    jti: str = Field(primary_key=True)
    kind: str
    object_id: str = Field(index=True)
    person_id: str
    issued_at: datetime
    replaced_at: datetime | None = None
    tries: int = 0
    locked_at: datetime | None = None
    confirmed_at: datetime | None = None


class Appeal(SQLModel, table=True):
    """One appeal against one decision; at most one per decision is ever pending or used."""

    __tablename__ = "appeal"

    id: str = Field(primary_key=True)
    receipt: str = Field(unique=True)
    kind: str
    object_id: str
    appellant_id: str
    filed_by: str
    how: str
    reason: str = Field(sa_type=Text)
    filed_at: datetime
    state: str = "pending"
    decided_by: str | None = None
    decided_at: datetime | None = None
    grounds: str = Field(default="", sa_type=Text)

    __table_args__ = (
        Index("appeal_object", "kind", "object_id", unique=True),
        Index(
            "appeal_pending",
            "filed_at",
            sqlite_where=Column("state") == "pending",
            postgresql_where=Column("state") == "pending",
        ),
    )
