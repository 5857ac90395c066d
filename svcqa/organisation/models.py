"""Tables of the organisation: units, persons, posts and roles over time, accounts, addresses. Rows only carry.

`until_on` and `left_on` are the last day that still counts; an empty end means without end.
"""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Unit(SQLModel, table=True):
    """A node of the one tree. `path` is made of codes (`/fgs/cd/cd1/`), so whatever lies below starts with it."""

    __tablename__ = "unit"

    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    name: str
    kind: str
    parent_id: str | None = Field(default=None, foreign_key="unit.id", index=True)
    path: str = Field(unique=True)


class Person(SQLModel, table=True):
    """A person who works here, worked here, or acts for a partner (`contract`)."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    staff_number: str = Field(unique=True)
    name: str = Field(index=True)
    pinyin: str = Field(index=True)
    initials: str = Field(index=True)
    email: str | None = Field(default=None, unique=True)
    mailbox_designated_at: datetime | None = None
    mailbox_verified_at: datetime | None = None
    contract: str = "employed"
    left_on: date | None = None


class Post(SQLModel, table=True):
    """What somebody is in a unit: member, head, party_secretary or deputy."""

    __tablename__ = "post"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    unit_id: str = Field(foreign_key="unit.id", index=True)
    post: str = "member"
    from_on: date
    until_on: date | None = None

    __table_args__ = (UniqueConstraint("person_id", "unit_id", "post", "from_on"),)


class Grant(SQLModel, table=True):
    """A role somebody was given."""

    __tablename__ = "role_grant"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    role: str = Field(index=True)
    from_on: date
    until_on: date | None = None

    __table_args__ = (UniqueConstraint("person_id", "role", "from_on"),)


class Account(SQLModel, table=True):
    """The right to sign in. An empty hash: only a one-time code opens it."""

    __tablename__ = "account"

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    password_hash: str = ""
    must_change: bool = True
    disabled_at: datetime | None = None
    failures: int = 0
    locked_until_at: datetime | None = None


class Session(SQLModel, table=True):
    """A signed-in browser; `id` is the SHA-256 of the secret that only its cookie holds."""

    __tablename__ = "sign_in_session"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class OneTimeCode(SQLModel, table=True):
    """A code for a first sign-in; `id` is the SHA-256 of the code."""

    __tablename__ = "one_time_code"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class ApiToken(SQLModel, table=True):
    """A key of a program that acts as a person with the role `api`."""

    __tablename__ = "api_token"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    label: str
    secret_sha256: str = Field(unique=True)
    created_at: datetime
    revoked_at: datetime | None = None


class AddressChange(SQLModel, table=True):
    """A new mail address, proposed by one and confirmed by another; keeps what held before."""

    __tablename__ = "address_change"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    new_email: str
    proposed_by: str | None = None
    proposed_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    old_email: str | None = None
    old_designated_at: datetime | None = None

    __table_args__ = (Index("address_change_person", "person_id", "confirmed_at"),)


class Bounce(SQLModel, table=True):
    """A report that a letter was not delivered."""

    __tablename__ = "bounce"

    id: str = Field(primary_key=True)
    letter_id: str = Field(index=True)
    at: datetime
    reason: str
