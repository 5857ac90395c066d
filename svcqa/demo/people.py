"""The invented people of the demo, how they sign in there, and each of them as who acts. Loads nothing by itself."""

from dataclasses import dataclass
from importlib.resources import files

from svcqa.kernel.transaction import SYSTEM, Actor, Workplace
from svcqa.organisation import access, accounts, roster_file
from svcqa.organisation.access import ROLES
from svcqa.organisation.people import by_staff_number
from svcqa.organisation.roster_file import Roster

FILE = "roster.yaml"
DESK_FILE = "incidents_roster.yaml"
ADMINISTRATOR = "10203"
ASSESSED = "IM0127"
"""Of the incident desk: with a result of April and a measure that follows from it."""
PASSWORD = "lantern-harbour-26"  # noqa: S105 - opens invented accounts on this machine, in development only

# One person per role, so that every page can be seen from its own side, and an employee who was assessed.
SHOWN = (
    ("officer", "10207"),
    ("supervisor", "10206"),
    ("unit_head", "10217"),
    ("employee", "10220"),
    ("reviewer", "10214"),
    ("hr", "10212"),
    ("inspector", "10211"),
    ("auditor", "10204"),
    ("administrator", ADMINISTRATOR),
    ("employee", ASSESSED),
)


@dataclass(frozen=True)
class SignIn:
    """Somebody to sign in as, with the label of the role; all share PASSWORD."""

    role: str
    person: str
    staff_number: str


def roster() -> Roster:
    """Return the roster of the demo."""
    return _read(FILE)


def desk() -> Roster:
    """Return the incident desk: its teams and the people who bear the agents' numbers."""
    return _read(DESK_FILE)


def sign_ins() -> tuple[SignIn, ...]:
    """Return one sign-in per role, and the assessed one's."""
    names = {one.staff_number: one.name for one in (*roster().people, *desk().people)}
    return tuple(SignIn(ROLES[role], names[number], number) for role, number in SHOWN)


def let_in(place: Workplace, staff_number: str) -> None:
    """Give somebody of the loaded rosters the password of the demo."""
    with place.transaction(SYSTEM) as tx:
        person = by_staff_number(tx, staff_number)
        assert person is not None, staff_number  # noqa: S101 - the rosters of the demo have them
        accounts.set_password(tx, person.id, PASSWORD)


def acting(place: Workplace, staff_number: str, *, via: str = "web") -> Actor:
    """Return somebody of the loaded rosters as who acts now."""
    with place.reading(SYSTEM) as tx:
        person = by_staff_number(tx, staff_number)
        assert person is not None, staff_number  # noqa: S101 - the rosters of the demo have them
        return access.actor_of(tx, person.id, via=via)


def _read(name: str) -> Roster:
    return roster_file.read(files("svcqa.demo").joinpath(name).read_text("utf-8"), name=name)
