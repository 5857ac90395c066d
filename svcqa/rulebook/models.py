"""The published versions as they are stored: the files themselves under their hash. No behaviour."""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class RegulationVersion(SQLModel, table=True):
    """One published version. Never changed, except that its successor sets `superseded_on`."""

    __tablename__ = "regulation_version"

    hash: str = Field(primary_key=True)
    document_id: str
    version: str
    title: str
    effective_on: date
    superseded_on: date | None = None
    files: str = Field(sa_type=Text)
    published_at: datetime
    published_by: str | None = None

    __table_args__ = (
        UniqueConstraint("document_id", "version"),
        Index("regulation_version_in_force", "document_id", "effective_on", unique=True),
    )
