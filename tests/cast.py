"""The people every test speaks of, by the pinyin of their names. They are those of the demo roster."""

from dataclasses import dataclass

from svcqa.kernel.transaction import SYSTEM, Actor, Workplace
from svcqa.organisation import access, people
from svcqa.organisation.people import PersonCard


@dataclass(frozen=True)
class Cast:
    """Looks the people up in a workplace that the roster was loaded into."""

    place: Workplace

    def __getitem__(self, pinyin: str) -> PersonCard:
        """Return the card of `liumin`, the supervisor, or of anybody else."""
        with self.place.reading(SYSTEM) as tx:
            found = people.find(tx, pinyin)
        assert len(found) == 1, f"{pinyin} names {len(found)} people of the roster"
        return found[0]

    def actor(self, pinyin: str, *, via: str = "web") -> Actor:
        """Return the person as an actor with the roles of today."""
        person = self[pinyin]
        with self.place.reading(SYSTEM) as tx:
            return access.actor_of(tx, person.id, via=via, request_id=f"test-{pinyin}")
