"""Three cycles of the demo: July of the customer service department, told to its end, April 2016 of the incident desk,
told until its improvement, and the department's October just opened.

April's interactions are real; everything else is invented and marked so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from random import Random

from svcqa.assessment import cycles, ratings, requests, stretches
from svcqa.demo import feedback, incidents, people
from svcqa.demo.postman import Postman
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import access
from svcqa.rulebook import library, loading

Results = Callable[..., None]
"""What people do with their results in the days after they were told."""
SCHEME = "telecom-service"
FOLDER = loading.SHIPPED / SCHEME / "v1"
SUPERVISOR = "10206"
HEAD = "10205"
"""Of the customer service department: a supervisor whom its cycles do not assess."""


@dataclass(frozen=True)
class Days:
    """When a cycle is opened, rated, confirmed, and when its appeal window is over."""

    opened_at: datetime
    rated_at: datetime
    confirmed_at: datetime
    over_at: datetime


IN_AUGUST = Days(
    datetime(2026, 8, 3, 1, 0, tzinfo=UTC),
    datetime(2026, 8, 6, 7, 0, tzinfo=UTC),
    datetime(2026, 8, 7, 2, 0, tzinfo=UTC),
    datetime(2026, 8, 13, 1, 0, tzinfo=UTC),
)
IN_SEPTEMBER = Days(
    datetime(2026, 9, 7, 1, 0, tzinfo=UTC),
    datetime(2026, 9, 10, 7, 0, tzinfo=UTC),
    datetime(2026, 9, 11, 2, 0, tzinfo=UTC),
    datetime(2026, 9, 17, 1, 0, tzinfo=UTC),
)
BEGINS_AT = IN_AUGUST.opened_at

TASKS = Statement(
    "SELECT t.sheet_id, t.id, s.rater_id, p.staff_number AS ratee FROM rating_task t"
    " JOIN rating_sheet s ON s.id = t.sheet_id JOIN person p ON p.id = t.ratee_id"
    " JOIN person q ON q.id = s.rater_id"
    " WHERE t.cycle_id = :cycle_id ORDER BY q.staff_number, p.staff_number"
)


@dataclass(frozen=True)
class Telling:
    """The workplace in which the cycles are told, its clock, and who brings the mails."""

    place: Workplace
    clock: FrozenClock
    postman: Postman

    def july(self) -> str:
        """Publish the scheme and lead July from its facts to its measures; return the cycle's id."""
        self.clock.at = BEGINS_AT
        with self.place.transaction(SYSTEM) as tx:
            library.publish(tx, loading.read_folder(FOLDER), confirmed_by=SUPERVISOR)
        unit_id = incidents.tell_hotline(self.place, incidents.JULY)
        return self._led(unit_id, incidents.JULY, IN_AUGUST, by=HEAD, results=feedback.acknowledge)

    def april(self) -> str:
        """Lead April from its facts through ratings, confirmation and feedback to its measures."""
        unit_id = incidents.tell_facts(self.place)
        people.let_in(self.place, people.ASSESSED)
        return self._led(unit_id, incidents.APRIL, IN_SEPTEMBER, by=SUPERVISOR, results=feedback.tell)

    def advance(self, cycle_id: str) -> None:
        """Lead a cycle as far as it goes without people, and deliver its mails."""
        stretches.advance(self.place, cycle_id, owner="demo")
        self.postman.deliver()

    def _led(self, unit_id: str, period_from: date, days: Days, *, by: str, results: Results) -> str:
        self.clock.at = days.opened_at
        cycle_id = _open(self.place, unit_id, period_from, by=by)
        self.advance(cycle_id)
        self.clock.at = days.rated_at
        _rate(self.place, cycle_id, Random(int(f"{period_from:%Y%m}")))  # noqa: S311 - the same each time
        self.advance(cycle_id)
        self.clock.at = days.confirmed_at
        with self.place.transaction(people.acting(self.place, by)) as tx:
            cycles.confirm(tx, cycle_id)
        self.advance(cycle_id)
        results(self.place, self.clock, cycle_id=cycle_id)
        self.postman.deliver()
        self.clock.at = days.over_at
        self.advance(cycle_id)
        return cycle_id


def open_october(place: Workplace) -> str:
    """Open the customer service department's October and leave it to whoever runs cycles; return the cycle's id."""
    unit_id = incidents.tell_hotline(place, incidents.OCTOBER, addressed=incidents.ADDRESSED_EACH)
    return _open(place, unit_id, incidents.OCTOBER, by=SUPERVISOR)


def ask_again(place: Workplace, cycle_id: str) -> None:
    """Ask for a run of a cycle that was led without Prefect, so that it is seen there too."""
    with place.transaction(SYSTEM) as tx:
        requests.want(tx, cycle_id, reason="demo")


def _open(place: Workplace, unit_id: str, period_from: date, *, by: str) -> str:
    with place.transaction(people.acting(place, by)) as tx:
        return cycles.open(
            tx, SCHEME, unit_id=unit_id, cadence="monthly", period_from=period_from, example=True
        )


def _rate(place: Workplace, cycle_id: str, random: Random) -> None:
    """Let everybody rate whom they were asked about, each colleague around a level of their own."""
    with place.reading(SYSTEM) as tx:
        tasks = TASKS.rows(tx, cycle_id=cycle_id)
    level = {ratee: random.uniform(2.8, 4.7) for ratee in sorted({task["ratee"] for task in tasks})}
    for _, own in groupby(tasks, key=lambda task: task["sheet_id"]):
        sheet = list(own)
        with place.reading(SYSTEM) as tx:
            rater = access.actor_of(tx, sheet[0]["rater_id"], via="link")
        with place.transaction(rater) as tx:
            items = ratings.sheet(tx, sheet[0]["sheet_id"]).items
            for task in sheet:
                values = {
                    item.id: min(5, max(1, round(random.gauss(level[task["ratee"]], 0.6)))) for item in items
                }
                ratings.submit(tx, task["sheet_id"], task_id=task["id"], values=values)
