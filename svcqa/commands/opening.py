"""Opening the workplace for a command. Refuses a database that is not set up, with what to run."""

from pathlib import Path

from svcqa import schema
from svcqa.bootstrap import Runtime, build
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import Actor, Transaction, Workplace
from svcqa.organisation import people
from svcqa.organisation.people import PersonCard

TERMINAL = Actor(person_id=None, name="终端", roles=frozenset({"system"}), via="cli")


def read_settings() -> Settings:
    """Read the settings; raises pydantic's ValidationError for a value of the wrong kind."""
    return Settings()


def new_runtime(settings: Settings) -> Runtime:
    """Put a runtime together, whatever its database; raises Invalid for settings it cannot use."""
    try:
        return build(settings)
    except ValueError as error:
        raise Invalid("settings", f"设置有误：{error}") from error


def runtime(settings: Settings | None = None) -> Runtime:
    """Put a runtime together whose database is up to date."""
    opened = new_runtime(settings or read_settings())
    if not schema.is_current(opened.place.engine):
        raise Invalid(
            "database",
            "数据库还没有建立，或版本低于本程序。第一次使用请运行 svcqa init，升级后请运行 svcqa migrate。",
        )
    return opened


def place() -> Workplace:
    """Open the workplace of an installation that is set up."""
    return runtime().place


def person_called(tx: Transaction, staff_number: str) -> PersonCard:
    """Return the person with a staff number; raises NotFound with the remedy."""
    found = people.by_staff_number(tx, staff_number)
    if found is None:
        raise NotFound(f"没有工号为 {staff_number} 的人员。请核对工号，或先载入花名册。")
    return found


def read_text(path: Path) -> str:
    """Read a text file; raises Invalid when it is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("file", f"{path} 不是 UTF-8 编码。请另存为 UTF-8 后再试。") from error
