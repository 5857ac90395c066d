"""The demo's history in the order of time: the branch, a cycle of its incident desk and what that leads to.

Four weeks of complaints run beside it.
"""

from svcqa.demo import cycles, improvements, seeding
from svcqa.demo.postman import Postman
from svcqa.demo.seeding import Progress
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import Workplace


def tell(place: Workplace, clock: FrozenClock, *, progress: Progress) -> int:
    """Fill a migrated workplace, whose clock is `clock`, and return how many complaints it holds."""
    postman = Postman(place)
    clock.at = cycles.OPENED_AT
    seeding.found(place)
    april = cycles.tell_april(place, clock, postman)
    weeks = improvements.weeks(place, clock, postman, cycle_id=april, supervisor=cycles.SUPERVISOR)
    weeks.pass_until(seeding.BEGINS_AT)
    complaints = seeding.tell(place, clock, postman, progress=progress, meanwhile=weeks.pass_until)
    cycles.ask_again(place, april)
    cycles.open_october(place)
    return complaints
