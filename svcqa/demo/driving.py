"""Leading open complaints through whole lives over the JSON API: one life per number, in turn."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle

from svcqa.demo.api_desk import Call, Desk, Rejection, caller
from svcqa.demo.lives import LIVES


@dataclass(frozen=True)
class Driven:
    """What became of one complaint; `refusal` is the sentence that stopped it, if one did."""

    number: str
    life: str
    state: str
    moves: tuple[str, ...]
    refusal: str = ""


@dataclass(frozen=True)
class Report:
    """What became of all of them."""

    driven: tuple[Driven, ...]

    @property
    def refused(self) -> tuple[Driven, ...]:
        """Those that did not come to the end of their life."""
        return tuple(one for one in self.driven if one.refusal)

    def lines(self) -> Iterator[str]:
        """Say it, one complaint a line."""
        for one in self.driven:
            said = f"{one.life:<13} {len(one.moves):>2} moves  {one.state}  {one.refusal}"
            yield f"{one.number}  {said}".rstrip()


def drive(
    base_url: str, tokens: Mapping[str, str], numbers: Iterable[str], *, respondents: tuple[str, str]
) -> Report:
    """Lead each of these received complaints through the next of the lives.

    `tokens` are keys by role: officer, supervisor, employee, reviewer, second_reviewer. `respondents` are two
    staff numbers, the first that of the employee's key.
    """
    return drive_through(caller(base_url), tokens, numbers, respondents=respondents)


def drive_through(
    call: Call, tokens: Mapping[str, str], numbers: Iterable[str], *, respondents: tuple[str, str]
) -> Report:
    """Lead the complaints as `drive` does, by any way to the API."""
    driven = []
    for number, life in zip(numbers, cycle(LIVES), strict=False):
        desk = Desk(call, tokens, respondents)
        driven.append(_lived(desk, number, life))
    return Report(tuple(driven))


def _lived(desk: Desk, number: str, life: str) -> Driven:
    refusal = ""
    try:
        LIVES[life](desk, number)
        state = str(desk.read(number)["state"])
    except Rejection as rejection:
        state, refusal = "", rejection.sentence
    return Driven(number, life, state, tuple(desk.moves), refusal)
