"""Tables of casework. Rows carry data and nothing else; the law of their life is in `states`."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, and_
from sqlmodel import Field, SQLModel

OPEN_ONLY = Column("state") != "closed"
PROPOSED = Column("proposal") != ""
RUNNING = Column("ended_at").is_(None)
ASKED = and_(Column("heard_at").is_(None), Column("state_by_at").is_not(None))
OF_UNIT = Column("person_id").is_(None)
STANDING = Column("state").in_(["decided", "served", "appealed", "final", "upheld", "reduced"])


class Complaint(SQLModel, table=True):
    """One complaint. `*_sealed` columns are encrypted; `phone_index` finds equal phones without reading them."""

    __tablename__ = "complaint"

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    state: str
    version: int
    subject: str
    narrative_sealed: str = Field(default="", sa_type=Text)
    channel: str
    source: str
    external_id: str | None = None
    origin: str = "native"
    unit_id: str | None = None
    assignee_id: str | None = None
    complainant_sealed: str = ""
    phone_sealed: str = ""
    email_sealed: str = ""
    phone_index: str = ""
    escalated: bool = False
    possible_class_one: bool = False
    circumstances: str = ""
    occurred_at: datetime
    received_at: datetime
    regulation: str
    class_id: str | None = None
    finding: str = ""
    finding_text: str = Field(default="", sa_type=Text)
    proposal: str = ""
    proposed_by: str | None = None
    due_step: str = ""
    due_at: datetime | None = None
    due_missing_year: int | None = None
    answer_owed: bool = True
    answered_at: datetime | None = None
    returns_received: int = 0
    returns_verified: int = 0
    reopened: int = 0
    merged_into: str | None = None
    closed_at: datetime | None = None
    closed_how: str = ""
    late: bool = False
    created_at: datetime
    updated_at: datetime
    search_text: str = Field(default="", sa_type=Text)

    __table_args__ = (
        Index("complaint_source", "source", "external_id", unique=True),
        Index("complaint_open_due", "due_at", "id", sqlite_where=OPEN_ONLY, postgresql_where=OPEN_ONLY),
        Index(
            "complaint_open_assignee",
            "assignee_id",
            "due_at",
            "id",
            sqlite_where=OPEN_ONLY,
            postgresql_where=OPEN_ONLY,
        ),
        Index(
            "complaint_open_state",
            "state",
            "due_at",
            "id",
            sqlite_where=OPEN_ONLY,
            postgresql_where=OPEN_ONLY,
        ),
        Index(
            "complaint_open_unit",
            "unit_id",
            "due_at",
            "id",
            sqlite_where=OPEN_ONLY,
            postgresql_where=OPEN_ONLY,
        ),
        Index(
            "complaint_proposed", "proposal", "due_at", "id", sqlite_where=PROPOSED, postgresql_where=PROPOSED
        ),
        Index("complaint_closed", "closed_at", "id"),
        Index("complaint_phone", "phone_index"),
        Index("complaint_merged", "merged_into"),
    )


class StateCount(SQLModel, table=True):
    """How many complaints stand in a state, kept by the step that moves them."""

    __tablename__ = "complaint_state_count"

    state: str = Field(primary_key=True)
    count: int


class Respondent(SQLModel, table=True):
    """Who a complaint is about: a person or a unit, with the lightest result an appeal has fixed."""

    __tablename__ = "respondent"

    id: str = Field(primary_key=True)
    complaint_id: str = Field(index=True)
    person_id: str | None = None
    unit_id: str | None = None
    name: str
    statement_sealed: str = Field(default="", sa_type=Text)
    heard_at: datetime | None = None
    state_by_at: datetime | None = None
    cap_fen: int | None = None
    cap_hundredths: int | None = None

    __table_args__ = (
        Index("respondent_person", "person_id", "complaint_id"),
        Index("respondent_unit", "unit_id", "complaint_id"),
        Index("respondent_asked", "person_id", "unit_id", sqlite_where=ASKED, postgresql_where=ASKED),
    )


class Charge(SQLModel, table=True):
    """Respondent, clause and share of responsibility in percent."""

    __tablename__ = "charge"

    id: str = Field(primary_key=True)
    complaint_id: str = Field(index=True)
    respondent_id: str
    clause_id: str = Field(index=True)
    share: int
    adjustments: str = ""
    remands: int = 0
    dropped_at: datetime | None = None


class Penalty(SQLModel, table=True):
    """What was decided on one charge. `final_*` hold what review left of it.

    `calculation` is the tariff's proposal at that moment: a JSON list of (label, article, hundredths, fen).
    """

    __tablename__ = "penalty"

    id: str = Field(primary_key=True)
    complaint_id: str = Field(index=True)
    charge_id: str
    respondent_id: str
    person_id: str | None = Field(default=None, index=True)
    unit_id: str | None = None
    state: str
    kind: str
    hundredths: int
    amount_fen: int
    final_hundredths: int
    final_fen: int
    grounds: str = Field(default="", sa_type=Text)
    calculation: str = Field(sa_type=Text)
    decided_by: str
    decided_at: datetime
    letter_id: str | None = None
    promised_until_at: datetime | None = None
    served_at: datetime | None = None
    served_how: str = ""
    window_ends_at: datetime | None = None
    ended_at: datetime | None = None
    reviewed_by: str | None = None

    __table_args__ = (
        Index("penalty_standing", "charge_id", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
        Index(
            "penalty_open",
            "state",
            "window_ends_at",
            sqlite_where=Column("state").in_(["decided", "served"]),
            postgresql_where=Column("state").in_(["decided", "served"]),
        ),
        Index("penalty_of_unit", "unit_id", sqlite_where=OF_UNIT, postgresql_where=OF_UNIT),
    )


class Participation(SQLModel, table=True):
    """Who acted in which instance of a case: handle, decide, review."""

    __tablename__ = "participation"

    complaint_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    instance: str = Field(primary_key=True)


class Deadline(SQLModel, table=True):
    """One running or ended clock of a complaint. `next_at` is when the sweep must act on it next.

    `term` is empty where the end came with an import instead of being computed.
    """

    __tablename__ = "deadline"

    id: str = Field(primary_key=True)
    complaint_id: str = Field(index=True)
    step: str
    label: str
    term: str
    rule: str
    started_at: datetime
    due_at: datetime | None = None
    missing_year: int | None = None
    level: int = 0
    next_at: datetime | None = None
    ended_at: datetime | None = None
    left_minutes: int | None = None

    __table_args__ = (
        Index("deadline_next", "next_at", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("deadline_missing", "missing_year", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )


class Evidence(SQLModel, table=True):
    """One file of a case; the bytes lie in the blob store under their SHA-256."""

    __tablename__ = "evidence"

    id: str = Field(primary_key=True)
    complaint_id: str = Field(index=True)
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    proves: str = ""
    added_by: str | None = None
    added_at: datetime
