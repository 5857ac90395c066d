"""October 2026 of the east workshop: eight people, two hundred interactions, and the ways to lead its cycle on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from svcqa.assessment import cycles, ratings, standing, stretches
from svcqa.assessment.standing import Cycle
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert
from svcqa.kernel.transaction import SYSTEM, Actor, Transaction, Workplace
from svcqa.kernel.verifying import verify
from svcqa.organisation import access, people
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, read_folder
from tests.cast import Cast

SCHEME = "telecom-service"
OCTOBER = date(2026, 10, 1)
RATED = 3

INTERACTION = insert(
    "interaction",
    "id source reference person_id unit_id channel kind urgency opened_at responded_at resolved_at answered reopened"
    " met_target satisfaction example learnt_at import_id",
)
EXAM = insert(
    "exam",
    "id source reference person_id title taken_on points_hundredths full_hundredths example learnt_at import_id",
)
SURVEY = insert(
    "survey_answer",
    "id source reference person_id unit_id satisfaction solved comment answered_at example learnt_at import_id",
)
TEAMS = Statement(
    "SELECT o.person_id, o.unit_id FROM post o JOIN unit u ON u.id = o.unit_id"
    " JOIN person p ON p.id = o.person_id WHERE u.path LIKE '/fgs/cd/cd%' ORDER BY p.staff_number"
)
SHEETS = Statement("SELECT id, rater_id FROM rating_sheet WHERE cycle_id = :id ORDER BY rater_id")
MAILS = Statement(
    "SELECT slug, person_id, count(*) AS times FROM outbox WHERE about_kind = 'cycle' AND about_id = :id"
    " GROUP BY slug, person_id"
)
RESULTS = Statement(
    "SELECT person_id, revision, body FROM result WHERE cycle_id = :id ORDER BY person_id, revision"
)

TASKS = Statement(
    "SELECT s.rater_id, t.ratee_id, t.direction FROM rating_task t JOIN rating_sheet s ON s.id = t.sheet_id"
    " WHERE t.cycle_id = :id ORDER BY s.rater_id, t.ratee_id"
)
MEASURES = Statement("SELECT origin_part, subject_id FROM measure WHERE origin_id = :id ORDER BY 1, 2")


def furnish(tx: Transaction) -> None:
    """Publish the scheme and enter the facts of October: the same on every call."""
    library.publish(tx, read_folder(SHIPPED / SCHEME / "v1"), confirmed_by="leading group")
    team = TEAMS.run(tx).fetchall()
    random = Random(10)
    for number in range(200):
        person, unit = team[number % len(team)]
        opened = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(30 * 24 * 60))
        taken = timedelta(minutes=random.randrange(5, 600) * (1 + number % len(team)) // 3)
        _enter(
            tx, INTERACTION, number, person_id=person, unit_id=unit, opened=opened, taken=taken, random=random
        )
    for number, (person, _unit) in enumerate(team):
        EXAM.run(
            tx,
            **_common(tx, number),
            person_id=person,
            title="业务知识",
            taken_on="2026-10-20",
            points_hundredths=60_00 + 500 * number,
            full_hundredths=100_00,
        )
    for number in range(60):
        person, unit = team[number % len(team)]
        SURVEY.run(
            tx,
            **_common(tx, number),
            person_id=person,
            unit_id=unit,
            satisfaction=1 + (number * 7) % 5,
            solved=number % 3 > 0,
            comment="",
            answered_at=datetime(2026, 10, 2 + number % 25, 4, tzinfo=UTC),
        )


def _common(tx: Transaction, number: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "source": "test",
        "reference": f"R{number}",
        "example": True,
        "learnt_at": tx.now,
        "import_id": "",
    }


def _enter(
    tx: Transaction,
    into: Statement,
    number: int,
    *,
    person_id: str,
    unit_id: str,
    opened: datetime,
    taken: timedelta,
    random: Random,
) -> None:
    into.run(
        tx,
        **_common(tx, number),
        person_id=person_id,
        unit_id=unit_id,
        channel="phone",
        kind="",
        urgency=1 + number % 3,
        opened_at=opened,
        responded_at=opened + taken / 4,
        resolved_at=min(opened + taken, datetime(2026, 10, 31, 15, tzinfo=UTC)),
        answered=True,
        reopened=int(random.random() < 0.1),
        met_target=random.random() < 0.8,
        satisfaction=None,
    )


@dataclass(frozen=True)
class Traces:
    """What a stretch leaves behind, whoever did it and however often: no ids that are drawn anew, no times."""

    stage: str
    score_hash: str
    snapshot: str
    mails: dict[tuple[str, str], int]
    bodies: list[tuple[str, int, str]]
    tasks: list[tuple[str, str, str]]
    measures: list[tuple[str, str]]
    sound: bool


@dataclass(frozen=True)
class Month:
    """One cycle of the workshop, from opening to its end, with the clock in hand."""

    place: Workplace
    cycle_id: str

    @property
    def clock(self) -> FrozenClock:
        """The clock, to be moved."""
        assert isinstance(self.place.clock, FrozenClock)
        return self.place.clock

    @property
    def cycle(self) -> Cycle:
        """The cycle as it stands."""
        with self.place.reading(SYSTEM) as tx:
            return standing.load(tx, self.cycle_id)

    def read(self, ask: Callable[[Transaction], Any]) -> Any:
        """Ask something in a reading transaction."""
        with self.place.reading(SYSTEM) as tx:
            return ask(tx)

    def act(self, pinyin: str, do: Callable[[Transaction], Any]) -> Any:
        """Do something as somebody of the cast."""
        with self.place.transaction(Cast(self.place).actor(pinyin)) as tx:
            return do(tx)

    def act_as_system(self, do: Callable[[Transaction], Any]) -> Any:
        """Do something that nobody decides."""
        with self.place.transaction(SYSTEM) as tx:
            return do(tx)

    @property
    def cast(self) -> Cast:
        """The people."""
        return Cast(self.place)

    def advance(self) -> str:
        """Lead the cycle as far as it goes and return what it waits for."""
        return stretches.advance(self.place, self.cycle_id, owner=f"test {new_id()}")

    def rate(self, *, all_but: int = 0) -> None:
        """Let everybody hand in the own sheet, the last `all_but` raters excepted."""
        sheets = self.read(lambda tx: SHEETS.rows(tx, id=self.cycle_id))
        for place, one in enumerate(sheets[: len(sheets) - all_but]):
            actor = person(self.place, one["rater_id"])
            with self.place.transaction(actor) as tx:
                for offset, task in enumerate(ratings.sheet(tx, one["id"]).tasks):
                    values = {
                        item.id: 1 + (place + offset + each) % 5 for each, item in enumerate(self.items(tx))
                    }
                    ratings.submit(tx, one["id"], task_id=task.id, values=values, comment="")

    def items(self, tx: Transaction) -> tuple[Any, ...]:
        """Return what is asked about a colleague."""
        form = library.scheme_by_hash(tx, standing.load(tx, self.cycle_id).scheme_hash).rating
        assert form is not None
        return form.items

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**span))

    def confirm(self) -> None:
        """Let the supervisor confirm the results."""
        self.act("liumin", lambda tx: cycles.confirm(tx, self.cycle_id, version=self.cycle.version))

    def mails(self) -> dict[tuple[str, str], int]:
        """Return how often each person had each kind of mail about the cycle."""
        rows = self.read(lambda tx: MAILS.rows(tx, id=self.cycle_id))
        return {(row["slug"], row["person_id"]): row["times"] for row in rows}

    def traces(self) -> Traces:
        """Return everything that must come out the same."""
        cycle = self.cycle
        return Traces(
            stage=cycle.stage,
            score_hash=cycle.score_hash,
            snapshot=cycle.snapshot_sha256,
            mails=self.mails(),
            bodies=self.bodies(),
            tasks=self._rows(TASKS),
            measures=self._rows(MEASURES),
            sound=self.read(lambda tx: verify(tx).fault is None),
        )

    def _rows(self, statement: Statement) -> list[Any]:
        return list(
            self.read(lambda tx: [tuple(row) for row in statement.run(tx, id=self.cycle_id).fetchall()])
        )

    def bodies(self) -> list[tuple[str, int, str]]:
        """Return every result as it is stored."""
        return list(
            self.read(lambda tx: [tuple(row) for row in RESULTS.run(tx, id=self.cycle_id).fetchall()])
        )


def person(place: Workplace, person_id: str) -> Actor:
    """Return a person as who acts, signed in."""
    with place.reading(SYSTEM) as tx:
        return access.actor_of(tx, person_id, via="web")


def opened(place: Workplace) -> Month:
    """Open the cycle of October as the supervisor."""
    with place.reading(SYSTEM) as tx:
        unit = people.unit_coded(tx, "cd")
    assert unit is not None
    with place.transaction(Cast(place).actor("liumin")) as tx:
        return Month(place, cycles.open(tx, SCHEME, unit_id=unit.id, cadence="monthly", period_from=OCTOBER))
