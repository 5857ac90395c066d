"""The demo's history in the order of time: the branch, two cycles and what they lead to, four weeks of complaints."""

from svcqa.demo import cycles, improvements, seeding
from svcqa.demo.cycles import Telling
from svcqa.demo.improvements import Weeks
from svcqa.demo.postman import Postman
from svcqa.demo.seeding import Progress
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.transaction import Workplace


def tell(place: Workplace, clock: FrozenClock, *, progress: Progress) -> int:
    """Fill a migrated workplace, whose clock is `clock`, and return how many complaints it holds."""
    postman = Postman(place)
    clock.at = cycles.BEGINS_AT
    seeding.found(place)
    told, weeks = tell_cycles(place, clock, postman)
    weeks.pass_until(seeding.BEGINS_AT)
    complaints = seeding.tell(place, clock, postman, progress=progress, meanwhile=weeks.pass_until)
    for cycle_id in told:
        cycles.ask_again(place, cycle_id)
    cycles.open_october(place)
    return complaints


def tell_cycles(place: Workplace, clock: FrozenClock, postman: Postman) -> tuple[list[str], Weeks]:
    """Tell July and April to a workplace that has its people; return their ids and the weeks that follow."""
    telling = Telling(place, clock, postman)
    july = telling.july()
    weeks = Weeks(place, clock, postman)
    weeks.plan(
        improvements.after_july(
            place, cycle_id=july, supervisor=cycles.HEAD, close=lambda: telling.advance(july)
        )
    )
    weeks.pass_until(cycles.IN_SEPTEMBER.opened_at)
    april = telling.april()
    weeks.plan(improvements.after_april(place, cycle_id=april, supervisor=cycles.SUPERVISOR))
    return [july, april], weeks
