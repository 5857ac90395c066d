"""Tables of assessment cycles: the period, who is assessed, who rates whom, results, and who works on it.

Scores are integer hundredths. A result is never changed: a revision is a new row with the next number.
"""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

NOT_TAKEN = Column("taken_at").is_(None)


class Cycle(SQLModel, table=True):
    """One period of one unit under one scheme version. `stage` is its state in states.cycle."""

    __tablename__ = "cycle"

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    title: str
    scheme_id: str
    scheme_hash: str
    cadence: str
    unit_id: str
    period_from: date
    period_until: date
    stage: str
    version: int = 1
    opened_by: str | None = None
    opened_at: datetime
    stage_at: datetime
    collect_until_at: datetime | None = None
    confirm_until_at: datetime | None = None
    appeal_until_at: datetime | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    snapshot_sha256: str = ""
    score_hash: str = ""
    report_sha256: str = ""
    example: bool = False
    lease_owner: str = ""
    lease_until: datetime | None = None
    fence: int = 0

    __table_args__ = (
        UniqueConstraint("scheme_id", "unit_id", "cadence", "period_from"),
        Index("cycle_stage", "stage", "period_from"),
    )


class CycleSubject(SQLModel, table=True):
    """A person assessed in a cycle, with the unit as it was when the cycle was planned."""

    __tablename__ = "cycle_subject"

    cycle_id: str = Field(primary_key=True, foreign_key="cycle.id")
    person_id: str = Field(primary_key=True)
    unit_id: str
    announced_at: datetime | None = None
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None


class RatingSheet(SQLModel, table=True):
    """All a rater is asked for in a cycle; one mail, one link."""

    __tablename__ = "rating_sheet"

    id: str = Field(primary_key=True)
    cycle_id: str = Field(foreign_key="cycle.id")
    rater_id: str
    invited_at: datetime | None = None
    reminded_at: datetime | None = None
    done_at: datetime | None = None

    __table_args__ = (UniqueConstraint("cycle_id", "rater_id"),)


class RatingTask(SQLModel, table=True):
    """One colleague on a rater's sheet. The values given lie in records; the comment lies here."""

    __tablename__ = "rating_task"

    id: str = Field(primary_key=True)
    sheet_id: str = Field(foreign_key="rating_sheet.id", index=True)
    cycle_id: str
    ratee_id: str
    direction: str
    comment: str = Field(default="", sa_type=Text)
    done_at: datetime | None = None

    __table_args__ = (
        UniqueConstraint("sheet_id", "ratee_id"),
        Index("rating_task_cycle", "cycle_id", "done_at"),
    )


class Result(SQLModel, table=True):
    """What a cycle found about one person. `body` holds the indicators line by line as JSON of integers."""

    __tablename__ = "result"

    id: str = Field(primary_key=True)
    cycle_id: str = Field(foreign_key="cycle.id")
    revision: int = 1
    person_id: str = Field(index=True)
    unit_id: str
    composite_hundredths: int | None = None
    grade: str = ""
    rank: int | None = None
    rank_best: int | None = None
    rank_worst: int | None = None
    provisional: bool = False
    body: str = Field(sa_type=Text)
    made_at: datetime

    __table_args__ = (
        UniqueConstraint("cycle_id", "person_id", "revision"),
        Index("result_rank", "cycle_id", "rank"),
    )


class CycleRequest(SQLModel, table=True):
    """Somebody wants a cycle to go on now: the due date, the last rater, a button. Whoever runs cycles takes it."""

    __tablename__ = "cycle_request"

    id: str = Field(primary_key=True)
    cycle_id: str = Field(foreign_key="cycle.id", index=True)
    reason: str
    wanted_by: str | None = None
    wanted_at: datetime
    taken_at: datetime | None = None
    run_ref: str = ""

    __table_args__ = (
        Index("cycle_request_open", "wanted_at", sqlite_where=NOT_TAKEN, postgresql_where=NOT_TAKEN),
        Index(
            "cycle_request_one", "cycle_id", unique=True, sqlite_where=NOT_TAKEN, postgresql_where=NOT_TAKEN
        ),
    )


class CycleStretch(SQLModel, table=True):
    """One stretch of work between two waits: who did it, from which stage to which, and what it waits for now."""

    __tablename__ = "cycle_stretch"

    id: str = Field(primary_key=True)
    cycle_id: str = Field(foreign_key="cycle.id", index=True)
    owner: str
    run_ref: str = ""
    from_stage: str
    to_stage: str = ""
    started_at: datetime
    ended_at: datetime | None = None
    message: str = ""
