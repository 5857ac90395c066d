"""One unit of work: who acts, when, and on which connection. A service gets it first and never commits.

The doors open it with a visible `with`; leaving the block commits once or keeps nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from svcqa.kernel.blobs import Blobs
from svcqa.kernel.calendar import Calendar
from svcqa.kernel.clock import Clock
from svcqa.kernel.database import DATA_ERRORS, begin, is_lock, lost_race, operational_errors
from svcqa.kernel.errors import Busy, Invalid
from svcqa.kernel.links import Links
from svcqa.kernel.sealing import Seal
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement

UNSTORABLE = "提交的内容中有数据库不能保存的字符或过大的数，没有保存。请检查填写的内容，更正后重新提交。"
HEAD = Statement("SELECT size FROM audit_head WHERE id = 1 FOR UPDATE")
ALONE = Statement("SELECT pg_advisory_xact_lock(hashtextextended(:matter, 0))")


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with the roles and headed units of this day, or the system itself.

    `via` is the door (web, api, link, cli, sweep); `units` are the units headed, with all below them.
    """

    person_id: str | None
    name: str
    roles: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    via: str = "web"
    request_id: str = ""
    address: str = ""


SYSTEM = Actor(person_id=None, name="系统", roles=frozenset({"system"}), via="sweep")


@dataclass(frozen=True)
class Workplace:
    """What every transaction can reach; built once by `svcqa.bootstrap`."""

    engine: Engine
    clock: Clock
    calendar: Calendar
    settings: Settings
    links: Links
    blobs: Blobs
    seal: Seal

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator["Transaction"]:
        """Open a writing transaction: ONE commit at the end of the block, or nothing."""
        with self._open(actor, writes=True) as tx:
            yield tx

    @contextmanager
    def reading(self, actor: Actor) -> Iterator["Transaction"]:
        """Open a transaction for reads; whatever it wrote by mistake is rolled back."""
        with self._open(actor, writes=False) as tx:
            yield tx

    @contextmanager
    def _open(self, actor: Actor, *, writes: bool) -> Iterator["Transaction"]:
        connection = begin(self.engine, writes=writes)
        tx = Transaction(connection=connection, now=self.clock.now(), actor=actor, place=self)
        try:
            yield tx
            if writes:
                tx.commit()
        except operational_errors(self.engine) as error:
            if is_lock(error):
                raise Busy(undone=lost_race(error)) from error
            raise
        except DATA_ERRORS as error:
            raise Invalid("", UNSTORABLE) from error
        finally:
            tx.close()


@dataclass
class Transaction:
    """A running transaction."""

    connection: Connection
    now: datetime
    actor: Actor
    place: Workplace
    driver: Any = field(init=False)
    dialect: str = field(init=False)
    _session: Session | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.driver = self.connection.connection.driver_connection
        self.dialect = self.connection.dialect.name

    @property
    def session(self) -> Session:
        """The SQLModel session on this connection, made when first asked for."""
        if self._session is None:
            self._session = Session(self.connection, autoflush=True, expire_on_commit=False)
        return self._session

    @property
    def calendar(self) -> Calendar:
        """The working-day calendar."""
        return self.place.calendar

    @property
    def settings(self) -> Settings:
        """The operator's settings."""
        return self.place.settings

    @property
    def links(self) -> Links:
        """The signer of mailed links."""
        return self.place.links

    @property
    def blobs(self) -> Blobs:
        """The store of evidence files."""
        return self.place.blobs

    @property
    def seal(self) -> Seal:
        """The seal over personal columns at rest."""
        return self.place.seal

    def alone(self, *matter: str) -> None:
        """Let nobody else work at a matter until this transaction ends. On SQLite whoever writes is alone anyway."""
        if self.dialect != "sqlite":
            ALONE.run(self, matter="\x1f".join(matter))

    def give_way(self) -> None:
        """Wait for the chain's head now and for no row afterwards: what somebody works at is an error at once.

        Who does many matters in one transaction holds the head from the first event on. Were they to wait for a
        row then, whoever holds that row and waits for the head would wait for them.
        """
        if self.dialect != "sqlite":
            HEAD.run(self)
            self.driver.execute("SET LOCAL lock_timeout = '10ms'")

    @contextmanager
    def part(self) -> Iterator[None]:
        """Do something whole or not at all inside of this transaction, which goes on either way."""
        self._end_session()
        try:
            with self.connection.begin_nested():
                yield
                self._end_session()
        finally:
            self._drop_session()

    def commit(self) -> None:
        """Write what the session still holds and commit. Called by the `with` that opened us, only."""
        if self._session is not None:
            self._session.flush()
        self.connection.commit()

    def close(self) -> None:
        """Give the connection back; what was not committed is gone."""
        self._drop_session()
        self.connection.close()

    def _end_session(self) -> None:
        # A session keeps to the savepoint it began in; it never commits the connection it was given.
        if self._session is not None:
            self._session.commit()
        self._drop_session()

    def _drop_session(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
