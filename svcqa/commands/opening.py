"""Opening the workplace for a command. Refuses a database that is not set up, with what to run."""

from collections.abc import Callable
from pathlib import Path

from svcqa.bootstrap import Runtime, build, build_current
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import Actor, Transaction, Workplace
from svcqa.organisation import access, people
from svcqa.organisation.people import PersonCard

TERMINAL = Actor(person_id=None, name="终端", roles=frozenset({"system"}), via="cli")


def read_settings() -> Settings:
    """Read the settings; raises pydantic's ValidationError for a value of the wrong kind."""
    return Settings()


def new_runtime(settings: Settings, *, put_together: Callable[[Settings], Runtime] = build) -> Runtime:
    """Put a runtime together, whatever its database; raises Invalid for settings it cannot use."""
    try:
        return put_together(settings)
    except ValueError as error:
        raise Invalid("settings", f"设置有误：{error}") from error


def runtime(settings: Settings | None = None) -> Runtime:
    """Put a runtime together whose database is up to date; raises Invalid."""
    return new_runtime(settings or read_settings(), put_together=build_current)


def place() -> Workplace:
    """Open the workplace of an installation that is set up."""
    return runtime().place


def person_called(tx: Transaction, staff_number: str) -> PersonCard:
    """Return the person with a staff number; raises NotFound with the remedy."""
    found = people.by_staff_number(tx, staff_number)
    if found is None:
        raise NotFound(f"没有工号为 {staff_number} 的人员。请核对工号，或先载入花名册。")
    return found


def actor_called(place: Workplace, staff_number: str) -> Actor:
    """Return the person with a staff number as who acts, or the terminal itself for an empty one."""
    if not staff_number:
        return TERMINAL
    with place.reading(TERMINAL) as tx:
        return access.actor_of(tx, person_called(tx, staff_number).id, via="cli")


def read_text(path: Path) -> str:
    """Read a text file; raises Invalid when it is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("file", f"{path} 不是 UTF-8 编码。请另存为 UTF-8 后再试。") from error
