"""Requests become runs, once each, whatever Prefect goes through meanwhile."""

import logging
import subprocess
from threading import Event

import pytest

from flows import dispatch
from flows.dispatch import DEPLOYMENT, Dispatcher
from svcqa.assessment import requests, stretches
from svcqa.kernel.errors import Busy
from svcqa.kernel.transaction import SYSTEM
from tests.flows.server import PlayedServer


@pytest.fixture
def server(monkeypatch):
    server = PlayedServer()
    monkeypatch.setattr(dispatch, "deploy", server.deploy)
    monkeypatch.setattr(dispatch, "get_client", server.client)
    monkeypatch.setattr(dispatch, "with_years_of_today", lambda place: place)
    return server


@pytest.fixture
def dispatcher(month, server, caplog):
    caplog.set_level(logging.INFO, logger="svcqa.dispatch")
    return Dispatcher(month.place)


def waiting(month):
    return month.read(requests.waiting)


def test_a_request_becomes_a_run_with_the_cycles_number(dispatcher, server, month):
    dispatcher.look()
    assert list(server.runs.values()) == [(DEPLOYMENT, "KH-202610-001", {"number": "KH-202610-001"})]
    assert waiting(month) == []
    dispatcher.look()
    assert (len(server.runs), server.deploys) == (1, 1)


def test_killed_between_starting_and_taking_it_starts_the_same_run_again(
    dispatcher, server, month, monkeypatch
):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(requests, "take", killed)
        with pytest.raises(KeyboardInterrupt):
            dispatcher.look()
    assert (len(server.runs), len(waiting(month))) == (1, 1)
    dispatcher.look()
    assert (len(server.runs), len(waiting(month))) == (1, 0)


def test_prefect_away_is_said_once_and_the_request_waits(dispatcher, server, month, caplog):
    dispatcher.look()
    month.act("liumin", lambda tx: requests.want(tx, month.cycle_id, reason="button"))
    server.away = True
    for _ in range(3):
        dispatcher.look()
    assert len(waiting(month)) == 1
    server.away = False
    dispatcher.look()
    assert (len(server.runs), waiting(month)) == (2, [])
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said == [
        "Prefect answers", "Prefect does not answer (ConnectError), the requests wait", "Prefect answers",
    ]  # fmt: skip


def test_a_prefect_that_begins_anew_gets_its_deployments_back(dispatcher, server, month):
    dispatcher.look()
    server.deployed = False
    month.act("liumin", lambda tx: requests.want(tx, month.cycle_id, reason="button"))
    dispatcher.look()
    assert (len(server.runs), server.deployed) == (1, False)
    dispatcher.look()
    assert (len(server.runs), server.deploys, waiting(month)) == (2, 2, [])


def test_lost_deployments_are_missed_within_a_minute_without_any_request(dispatcher, server):
    dispatcher.look()
    server.deployed = False
    dispatcher.tend_at = 0.0
    dispatcher.look()
    dispatcher.look()
    assert (server.deployed, server.deploys) == (True, 2)


def test_a_run_that_prefect_lost_is_asked_for_again(dispatcher, server, month):
    dispatcher.look()
    month.later(minutes=3)
    dispatcher.tend_at = 0.0
    dispatcher.look()
    assert len(server.runs) == 2


def test_a_busy_database_is_tried_again(dispatcher, server, month, monkeypatch):
    with monkeypatch.context() as patch:

        def busy(*_):
            raise Busy

        patch.setattr(requests, "waiting", busy)
        dispatcher.look()
    assert server.runs == {}
    dispatcher.look()
    assert len(server.runs) == 1


def test_deployments_that_cannot_be_registered_are_tried_again_in_a_minute(
    dispatcher, server, month, monkeypatch, caplog
):
    def broken():
        server.deploys += 1
        raise subprocess.CalledProcessError(1, "prefect")

    monkeypatch.setattr(dispatch, "deploy", broken)
    for _ in range(3):
        dispatcher.look()
    assert server.deploys == 1
    assert sum("could not be registered" in record.getMessage() for record in caplog.records) == 1
    assert waiting(month) == []


def test_it_stops_when_told(dispatcher, monkeypatch):
    stop = Event()
    monkeypatch.setattr(dispatcher, "look", stop.set)
    dispatcher.run(stop)
    assert stop.is_set()


def test_a_waiting_cycle_is_not_asked_for_until_something_is_due(dispatcher, server, month):
    stretches.advance(month.place, month.cycle_id, owner="test")
    dispatcher.look()
    assert server.runs == {}
    with month.place.transaction(SYSTEM) as tx:
        assert requests.sweep(tx) == 0
