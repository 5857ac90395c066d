"""Whoever works on a cycle dies at every commit there is, right before it or right after; another one goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from svcqa.kernel.transaction import Transaction
from tests.assessment.stretch import STRETCHES


class Killed(BaseException):
    """The process is gone; nothing of its own may run any more."""


@dataclass
class Death:
    """Lets the n-th commit be the last, with or without it."""

    at: int
    after: bool
    commits: int = 0

    @property
    def came(self) -> bool:
        """Whether the work lasted long enough to be cut off."""
        return self.commits >= self.at

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Wait for the moment while something works."""
        commit = Transaction.commit

        def mortal(tx: Transaction) -> None:
            self.commits += 1
            if self.commits == self.at and not self.after:
                raise Killed
            commit(tx)
            if self.commits == self.at:
                raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Transaction, "commit", mortal)
            yield


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", STRETCHES)
def test_a_stretch_cut_off_at_any_commit_comes_to_the_same(tmp_path, starts, name, after):
    start, deaths = starts[name], 0
    while True:
        with start.reopened(tmp_path / "place") as month:
            death = Death(deaths + 1, after)
            with death.waiting():
                try:
                    month.advance()
                except Killed:
                    deaths += 1
            if not death.came:
                break
            month.later(seconds=61)  # the lease of the dead runs out
            month.advance()
            assert month.traces() == start.traces, f"died {'after' if after else 'before'} commit {deaths}"
    assert deaths >= 5


@pytest.mark.parametrize("name", STRETCHES)
def test_a_stretch_done_again_changes_nothing(tmp_path, starts, name):
    with starts[name].reopened(tmp_path / "place") as month:
        month.advance()
        month.advance()
        assert month.traces() == starts[name].traces
