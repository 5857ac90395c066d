"""A workplace on a temporary folder for the benchmarks: the demo organisation, the regulation, a standing clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from svcqa import migrating
from svcqa.bootstrap import build
from svcqa.casework import registering
from svcqa.casework.forms import Register
from svcqa.demo import people as demo_people
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import SYSTEM, Actor, Workplace
from svcqa.organisation import access, people, roster
from svcqa.rulebook import library, loading

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
ADDRESS = "database.url"
SUBJECT = "承诺两小时内回电，至次日仍未联系客户"


def settings(folder: Path, **more: Any) -> Settings:
    """Return the settings of an installation in a folder, on the database that is named there."""
    named = folder / ADDRESS
    url = named.read_text() if named.is_file() else ""
    given = {"data_dir": folder, "database_url": url, "development": True, "smtp_security": "none", **more}
    return Settings(_env_file=None, **given)


def opened(folder: Path, *, at: datetime = NOW) -> Workplace:
    """Open an installation at a moment that stands."""
    return build(settings(folder), clock=FrozenClock(at)).place


def furnish(folder: Path) -> Workplace:
    """Make an installation with its people and its regulation."""
    place = opened(folder)
    migrating.migrate(place.engine)
    with place.transaction(SYSTEM) as tx:
        roster.load(tx, demo_people.roster())
    with place.transaction(SYSTEM) as tx:
        library.publish(
            tx, loading.read_folder(loading.SHIPPED / "complaints-trial" / "v1"), confirmed_by="second"
        )
    return place


def actor(place: Workplace, name: str) -> Actor:
    """Return a person of the demo organisation as an actor."""
    with place.reading(SYSTEM) as tx:
        return access.actor_of(tx, people.find(tx, name)[0].id, via="web")


def registered(place: Workplace, who: Actor, count: int) -> list[str]:
    """Register `count` complaints in one transaction and return their numbers."""
    form = Register(subject=SUBJECT, channel="superior_inspection", occurred_at=NOW - timedelta(days=5))
    with place.transaction(who) as tx:
        return [registering.register(tx, form=form, source="benchmark") for _ in range(count)]
