"""Four weeks of the demo's complaints, told through the real services by a clock that is moved.

The same tales give the same history each time. The mails of those weeks lie in the local mailbox already.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from states import Refused
from svcqa.casework import complaints, registering
from svcqa.casework.forms import Register
from svcqa.casework.snapshot import load
from svcqa.casework.sweep import sweep
from svcqa.demo import moves, open_data, people, tales
from svcqa.demo.moves import Scene
from svcqa.demo.postman import Postman
from svcqa.demo.tales import Tale, Tales
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.errors import HouseError
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import access, roster
from svcqa.organisation.people import by_staff_number
from svcqa.rulebook import library, loading

BEGINS_AT = datetime(2026, 10, 26, 0, 30, tzinfo=UTC)
ENDS_AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
COURIER_TAKES = timedelta(seconds=2)
REGULATION = loading.SHIPPED / "complaints-trial" / "v1"
CONFIRMED_BY = "10205"

Progress = Callable[[int, int], None]
Meanwhile = Callable[[datetime], None]
"""Told beside the complaints: called each working hour, with the clock there."""


def seed(place: Workplace, clock: FrozenClock, *, progress: Progress) -> int:
    """Fill a migrated workplace, whose clock is `clock`, and return how many complaints it holds."""
    clock.at = BEGINS_AT - timedelta(days=3)
    found(place)
    return tell(place, clock, Postman(place), progress=progress, meanwhile=lambda _at: None)


def tell(
    place: Workplace, clock: FrozenClock, postman: Postman, *, progress: Progress, meanwhile: Meanwhile
) -> int:
    """Tell the complaints to a workplace that has its people and return how many it holds then."""
    clock.at = BEGINS_AT
    told = tales.read()
    Telling(place, clock, told, postman, meanwhile).tell(progress)
    return len(told.complaints) + len(open_data.bring_in(place, finished_only=True).numbers)


def found(place: Workplace) -> None:
    """Enter the people with their passwords, and publish the regulation."""
    with place.transaction(SYSTEM) as tx:
        roster.load(tx, people.roster())
    for one in people.roster().people:
        if one.contract != "external" and one.left_on is None:
            people.let_in(place, one.staff_number)
    with place.transaction(SYSTEM) as tx:
        library.publish(tx, loading.read_folder(REGULATION), confirmed_by=CONFIRMED_BY)


@dataclass
class Telling:
    """The tales being told, all at once, in the order of time."""

    place: Workplace
    clock: FrozenClock
    told: Tales
    postman: Postman
    meanwhile: Meanwhile
    random: Random = field(default_factory=lambda: Random(20261123))  # noqa: S311 - the same each time
    numbers: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.staff = {one.name: one.staff_number for one in people.roster().people}
        self.next_sweep_at = self._later(BEGINS_AT, HOUR)

    def tell(self, progress: Progress) -> None:
        """Take every step of every tale in its time, with the courier and the sweep in between."""
        agenda = [(self._comes_in_at(tale), index, -1) for index, tale in enumerate(self.told.complaints)]
        heapq.heapify(agenda)
        steps = sum(len(tale.life) + 1 for tale in self.told.complaints)
        for done in range(1, steps + 1):
            at, index, place_in_life = heapq.heappop(agenda)
            tale = self.told.complaints[index]
            if at > ENDS_AT:
                raise ValueError(f"{tale.subject}: the life does not end before the demo begins")
            self._pass_until(at)
            self._take(index, tale, place_in_life)
            following = place_in_life + 1
            if following < len(tale.life):
                heapq.heappush(agenda, (self._after(at, tale.life[following].hours), index, following))
            progress(done, steps)
        self._pass_until(ENDS_AT)

    def _take(self, index: int, tale: Tale, place_in_life: int) -> None:
        if place_in_life < 0:
            self.numbers[index] = self._register(tale)
        else:
            self._advance(index, tale, place_in_life)
        self.clock.advance(COURIER_TAKES)
        self.postman.deliver()

    def _register(self, tale: Tale) -> str:
        by = tale.by or tale.officer
        outside = by not in self.staff
        happened_before = timedelta(hours=self.random.randint(2, 30), minutes=self.random.randint(0, 59))
        with self.place.transaction(SYSTEM) as tx:
            person = by_staff_number(tx, self.staff.get(by, by))
            assert person is not None, by  # noqa: S101 - the tales name people of the roster
            tx.actor = access.actor_of(tx, person.id, via="api" if outside else "web")
            form = Register(
                subject=tale.subject,
                narrative=tale.narrative,
                channel=tale.channel,
                occurred_at=tx.now - happened_before,
                unit=tale.unit,
                complainant=tale.complainant,
                phone=f"1380000{self.random.randint(1000, 9999)}" if tale.complainant else "",
                email=f"customer{len(self.numbers) + 1:02d}@example.com" if self._writes(tale) else "",
                escalated=tale.escalated,
                possible_class_one=tale.possible_class_one,
                external_id=tale.external_id,
            )
            return registering.register(tx, form=form, source="10050" if outside else "web")

    def _writes(self, tale: Tale) -> bool:
        """Tell whether the customer left a mail address: about half of them do."""
        return bool(tale.complainant) and self.random.random() < 0.5

    def _advance(self, index: int, tale: Tale, place_in_life: int) -> None:
        step, number = tale.life[place_in_life], self.numbers[index]
        keys = {one.key: self.numbers.get(at, "") for at, one in enumerate(self.told.complaints) if one.key}
        with self.place.transaction(SYSTEM) as tx:
            scene = Scene(
                tx, load(tx, number), tale, step, keys, self.staff, dict(self.told.phrases), self.random
            )
            if moves.is_idle(scene):
                return
            person = by_staff_number(tx, self.staff[moves.actor_of(scene)])
            assert person is not None, step  # noqa: S101 - the tales name people of the roster
            tx.actor = access.actor_of(tx, person.id, via="link" if step.move in moves.RESPONDENT else "web")
            try:
                complaints.advance(tx, number, form=moves.form_of(scene))
            except (Refused, HouseError) as refusal:
                raise ValueError(f"{tale.subject}, {step}: {refusal}") from refusal

    def _pass_until(self, at: datetime) -> None:
        """Let time pass, with delivery and sweep each working hour. The last sweep's mails stay unsent."""
        while self.next_sweep_at <= at:
            self.clock.at = self.next_sweep_at
            self.postman.deliver()
            if sweep(self.place).failed:
                raise ValueError(f"a sweep failed at {self.clock.at}, see the log above")
            self.meanwhile(self.clock.at)
            self.next_sweep_at = self._later(self.next_sweep_at, HOUR)
        self.clock.at = at

    def _comes_in_at(self, tale: Tale) -> datetime:
        whole = self.place.calendar.working_time(BEGINS_AT, ENDS_AT)
        return self._after(BEGINS_AT, whole / HOUR - tale.ago)

    def _after(self, at: datetime, hours: float) -> datetime:
        """Return the moment so many working hours later, some minutes off: people keep no timetable."""
        slack = timedelta(minutes=self.random.randint(0, 20), seconds=self.random.randint(0, 59))
        return self._later(at, timedelta(hours=hours) + slack)

    def _later(self, at: datetime, span: timedelta) -> datetime:
        return self.place.calendar.add_working(at, span)
