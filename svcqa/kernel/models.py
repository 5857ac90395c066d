"""The kernel's own tables: the audit chain, its erasable texts, the outbox, answered requests, numbers, rounds."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

BIG = BigInteger().with_variant(Integer, "sqlite")


class AuditEvent(SQLModel, table=True):
    """One thing that happened, as canonical JSON, chained to the one before. Never updated, never deleted."""

    __tablename__ = "audit_event"

    seq: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    at: str
    action: str
    object_kind: str
    object_id: str
    actor_id: str | None = None
    body: str = Field(sa_type=Text)
    leaf: str
    chain: str

    __table_args__ = (Index("audit_event_object", "object_kind", "object_id", "seq"),)


class AuditHead(SQLModel, table=True):
    """The one row that orders the chain: its size and last link."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True)
    size: int = Field(sa_column=Column(BIG, nullable=False))
    chain: str


class AuditText(SQLModel, table=True):
    """A personal text an event commits to by salted hash; erasable without breaking the chain."""

    __tablename__ = "audit_text"

    seq: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    name: str = Field(primary_key=True)
    salt: str
    value: str = Field(sa_type=Text)


class OutboxLetter(SQLModel, table=True):
    """One mail, rendered when it was decided; `sealed` holds the bytes that go, and go again."""

    __tablename__ = "outbox"

    id: str = Field(primary_key=True)
    slug: str
    person_id: str | None = Field(default=None, index=True)
    sender: str
    recipient: str
    recipient_name: str
    subject: str
    about_kind: str
    about_id: str
    state: str = "queued"
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sha256: str
    message_id: str
    posted_at: datetime
    next_at: datetime
    attempts: int = 0
    doubts: int = 0
    owner: str = ""
    fence: int = 0
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    reply: str = ""

    __table_args__ = (
        Index(
            "outbox_due",
            "next_at",
            "id",
            sqlite_where=Column("state").in_(["queued", "claimed", "data"]),
            postgresql_where=Column("state").in_(["queued", "claimed", "data"]),
        ),
        Index(
            "outbox_stuck",
            "state",
            sqlite_where=Column("state").in_(["failed", "held"]),
            postgresql_where=Column("state").in_(["failed", "held"]),
        ),
        Index("outbox_about", "about_kind", "about_id", "id"),
    )


class OutboxPause(SQLModel, table=True):
    """While this one row stands, no letter leaves."""

    __tablename__ = "outbox_pause"

    id: int = Field(primary_key=True)
    reason: str
    since_at: datetime


class AnsweredRequest(SQLModel, table=True):
    """The answer an idempotency key got, so that a retry gets the same bytes."""

    __tablename__ = "answered_request"

    client: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    body_sha256: str
    status: int
    answer: str = Field(sa_type=Text)
    answered_at: datetime


class NumberSeries(SQLModel, table=True):
    """The last number given out in a series such as TS-202611."""

    __tablename__ = "number_series"

    series: str = Field(primary_key=True)
    last: int


class CalendarDay(SQLModel, table=True):
    """A day of a year that was loaded from a file because no package carries it yet."""

    __tablename__ = "calendar_day"

    day: str = Field(primary_key=True)
    is_workday: bool
    name: str
    source: str


class LastRound(SQLModel, table=True):
    """When work that runs by itself last came round, whether or not there was anything to do."""

    __tablename__ = "last_round"

    name: str = Field(primary_key=True)
    came_at: datetime
