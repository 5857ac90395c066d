"""The supervisor with children that are played: order, patience, restarts, and a second Ctrl-C."""

import signal
from unittest.mock import ANY

import pytest

from svcqa.commands import supervising
from svcqa.commands.children import Child, Service
from svcqa.commands.supervising import GaveUp, Supervisor


class Played(Child):
    """A child without a process; `codes` are what it ends with, one per start, None for a long life."""

    def __init__(self, name, tmp_path, *, codes=(None,), ready=True, waits=False):
        service = Service(name, (name,), "is up", lambda: ready, waits=waits)
        super().__init__(service, tmp_path / f"{name}.log", {})
        self.log.write_text("first words\n\nlast words\n\n")
        self.codes, self.code, self.happened = list(codes), None, []

    def start(self):
        self.happened.append("started")
        self.process = ANY
        self.code = self.codes.pop(0) if self.codes else None

    @property
    def ended(self):
        return self.code

    def stop(self, *, hurry):
        self.happened.append("hurried" if hurry() else "stopped")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(supervising, "LOOK_EVERY", 0)


def stopped_by(*signals):
    def when_up():
        for number in signals:
            signal.raise_signal(number)

    return when_up


def test_all_are_started_said_and_stopped_in_reverse(tmp_path):
    said = []
    children = [Played("web", tmp_path), Played("courier", tmp_path)]
    Supervisor(children, lambda who, what: said.append((who, what))).run(when_up=stopped_by(signal.SIGINT))
    assert said == [("web", "is up"), ("courier", "is up"), ("courier", "stopped"), ("web", "stopped")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_stop_it_too_and_are_given_back(tmp_path, number):
    before = signal.getsignal(number)
    child = Played("web", tmp_path)
    Supervisor([child], lambda *_: None).run(when_up=stopped_by(number))
    assert child.happened == ["started", "stopped"]
    assert signal.getsignal(number) is before


def test_ctrl_c_while_stopping_hurries(tmp_path):
    class Slow(Played):
        def stop(self, *, hurry):
            signal.raise_signal(signal.SIGINT)
            super().stop(hurry=hurry)

    child = Slow("web", tmp_path)
    Supervisor([child], lambda *_: None).run(when_up=stopped_by(signal.SIGINT))
    assert child.happened == ["started", "hurried"]


def test_two_at_once_are_one_wish_to_stop(tmp_path):
    child = Played("web", tmp_path)
    Supervisor([child], lambda *_: None).run(when_up=stopped_by(signal.SIGINT, signal.SIGINT))
    assert child.happened == ["started", "stopped"]


def test_a_child_that_ends_before_it_is_up_stops_the_whole_with_its_last_words(tmp_path):
    children = [Played("web", tmp_path, codes=[3]), Played("courier", tmp_path)]
    with pytest.raises(GaveUp, match=r"web ended with code 3 before it was up: last words \(.*web.log\)"):
        Supervisor(children, lambda *_: None).run(when_up=stopped_by(signal.SIGINT))
    assert [child.happened for child in children] == [["started", "stopped"]] * 2


def test_patience_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(supervising, "PATIENCE_SECONDS", 0)
    with pytest.raises(GaveUp, match="was not up after 0 s"):
        Supervisor([Played("web", tmp_path, ready=False)], lambda *_: None).run(when_up=stopped_by())


def test_three_deaths_are_forgiven_and_the_fourth_is_not(tmp_path):
    said = []
    child = Played("courier", tmp_path)
    supervisor = Supervisor([child], lambda _who, what: said.append(what))

    def dies():
        child.code, child.codes = -9, [-9, -9, -9]

    with pytest.raises(GaveUp, match="ended 4 times within 60 s, the last time with code -9"):
        supervisor.run(when_up=dies)
    assert [line for line in said if "again" in line] == [
        f"ended with code -9 and is started again ({times} of 3)" for times in (1, 2, 3)
    ]
    assert child.happened == ["started"] * 4 + ["stopped"]


def test_a_child_that_waits_is_started_when_those_before_it_are_ready(tmp_path):
    happened: list[str] = []
    first, waiting = Played("prefect", tmp_path), Played("worker", tmp_path, waits=True)
    waiting.happened = happened
    Supervisor([first, waiting], lambda who, what: happened.append(f"{who} {what}")).run(
        when_up=stopped_by(signal.SIGINT)
    )
    assert happened[:3] == ["prefect is up", "started", "worker is up"]


def test_a_child_that_waits_is_not_started_when_those_before_it_fail(tmp_path):
    children = [Played("prefect", tmp_path, codes=[3]), Played("worker", tmp_path, waits=True)]
    with pytest.raises(GaveUp):
        Supervisor(children, lambda *_: None).run(when_up=stopped_by())
    assert children[1].happened == []


def test_a_child_without_a_word_is_said_to_have_none(tmp_path):
    child = Played("web", tmp_path)
    child.log.write_text("")
    assert child.last_words() == "no word in its log"
