"""Two cycles of the demo: April 2016 of the incident desk, told until its improvement, and an October just opened.

April's interactions are real; its ratings, exams, outages and surveys are invented and marked so.
"""

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

SCHEME = "telecom-service"
FOLDER = loading.SHIPPED / SCHEME / "v1"
SUPERVISOR = "10206"
OPENED_AT = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
RATED_AT = datetime(2026, 9, 10, 7, 0, tzinfo=UTC)
CONFIRMED_AT = datetime(2026, 9, 11, 2, 0, tzinfo=UTC)
WINDOW_OVER_AT = datetime(2026, 9, 17, 1, 0, tzinfo=UTC)

TASKS = Statement(
    "SELECT t.sheet_id, t.id, s.rater_id, p.staff_number AS ratee FROM rating_task t"
    " JOIN rating_sheet s ON s.id = t.sheet_id JOIN person p ON p.id = t.ratee_id"
    " JOIN person q ON q.id = s.rater_id"
    " WHERE t.cycle_id = :cycle_id ORDER BY q.staff_number, p.staff_number"
)


def tell_april(place: Workplace, clock: FrozenClock, postman: Postman) -> str:
    """Lead April from its facts through ratings, confirmation and feedback to its measures; return the cycle's id."""
    with place.transaction(SYSTEM) as tx:
        library.publish(tx, loading.read_folder(FOLDER), confirmed_by=SUPERVISOR)
    unit_id = incidents.tell_facts(place)
    people.let_in(place, people.ASSESSED)
    clock.at = OPENED_AT
    cycle_id = _open(place, unit_id, incidents.APRIL)
    _advance(place, cycle_id, postman)
    clock.at = RATED_AT
    _rate(place, cycle_id)
    _advance(place, cycle_id, postman)
    clock.at = CONFIRMED_AT
    with place.transaction(people.acting(place, SUPERVISOR)) as tx:
        cycles.confirm(tx, cycle_id)
    _advance(place, cycle_id, postman)
    feedback.tell(place, clock, cycle_id=cycle_id)
    postman.deliver()
    clock.at = WINDOW_OVER_AT
    _advance(place, cycle_id, postman)
    return cycle_id


def open_october(place: Workplace) -> str:
    """Open the customer service department's October and leave it to whoever runs cycles; return the cycle's id."""
    return _open(place, incidents.tell_october(place), incidents.OCTOBER)


def ask_again(place: Workplace, cycle_id: str) -> None:
    """Ask for a run of a cycle that was led without Prefect, so that it is seen there too."""
    with place.transaction(SYSTEM) as tx:
        requests.want(tx, cycle_id, reason="demo")


def _open(place: Workplace, unit_id: str, period_from: date) -> str:
    with place.transaction(people.acting(place, SUPERVISOR)) as tx:
        return cycles.open(
            tx, SCHEME, unit_id=unit_id, cadence="monthly", period_from=period_from, example=True
        )


def _advance(place: Workplace, cycle_id: str, postman: Postman) -> None:
    stretches.advance(place, cycle_id, owner="demo")
    postman.deliver()


def _rate(place: Workplace, cycle_id: str) -> None:
    """Let everybody rate whom they were asked about, each colleague around a level of their own."""
    with place.reading(SYSTEM) as tx:
        tasks = TASKS.rows(tx, cycle_id=cycle_id)
    random = Random(201604)  # noqa: S311 - the same each time
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
