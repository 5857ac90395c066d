"""The script that drives a dozen open cases of the open data, over a socket, against the whole web app."""

import socket
import threading

import pytest
import uvicorn
from sqlalchemy import text

from svcqa.casework import rebuilding
from svcqa.demo import open_data
from svcqa.demo.driving import drive
from svcqa.demo.lives import LIVES
from svcqa.kernel.transaction import SYSTEM

ROLES = {
    "officer": "xuwenjing",
    "supervisor": "liumin",
    "employee": "wangjianguo",
    "reviewer": "zhouhuimin",
    "second_reviewer": "gaoyuan",
}


@pytest.fixture
def address(app):
    """Serve the app on a free port of this machine, for the length of a test."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def numbers(place):
    open_data.bring_in(place)
    with place.reading(SYSTEM) as tx:
        found = tx.connection.execute(
            text("SELECT number FROM complaint WHERE state = 'received' ORDER BY number")
        )
        return [row[0] for row in found][: len(LIVES)]


def test_a_dozen_open_cases_are_led_through_whole_lives_over_the_api(place, cast, program, address, numbers):
    keys = {role: program(name).key for role, name in ROLES.items()}
    staff = (cast["wangjianguo"].staff_number, cast["lixiaotong"].staff_number)
    report = drive(address, keys, numbers, respondents=staff)
    assert list(report.refused) == []
    states = [one.state for one in report.driven]
    assert (len(states), states.count("closed")) == (12, 10)
    with place.reading(SYSTEM) as tx:
        slugs = [row[0] for row in tx.connection.execute(text("SELECT slug FROM outbox"))]
        assert rebuilding.compare(tx) == []
    assert {"penalty_notice", "appeal_filed", "appeal_decided", "penalty_order"} <= set(slugs)


def test_a_refusal_comes_back_as_the_sentence_the_api_gave(program, cast, address, numbers):
    keys = {role: program("xuwenjing").key for role in ROLES}
    staff = (cast["wangjianguo"].staff_number, cast["lixiaotong"].staff_number)
    (stopped,) = drive(address, keys, numbers[:1], respondents=staff).driven
    assert (stopped.life, stopped.state) == ("upheld", "")
    assert stopped.refusal.startswith("“出具处罚”只能由客服主管办理")
    assert stopped.moves[-1] == "reply"
