"""`svcqa up --demo` as people start it: it comes up, survives what is killed, and leaves nobody behind."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.commands.conftest import free_port
from tests.commands.started import REPOSITORY, UP, Started
from tests.faults.world import wait_until

pytestmark = pytest.mark.faults

PREFECT = ("flows.server server", "prefect worker", "flows.dispatch")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the data folder that all starts of this file share: the first one fills the demo."""
    return tmp_path_factory.mktemp("up") / "var"


@pytest.fixture
def up(folder):
    """Return a starter of `svcqa up --demo`; whatever it started is gone afterwards."""
    started = []

    def start(*words, port=None, smtp_port=None, flows=False):
        ports = ["--port", str(port or free_port()), "--smtp-port", str(smtp_port or free_port())]
        prefect = ["--prefect-port", str(free_port())] if flows else ["--no-flows"]
        started.append(Started(folder, "up", "--demo", *ports, *prefect, *words))
        return started[-1]

    yield start
    for one in started:
        for pid in one.everyone():
            os.kill(pid, signal.SIGKILL)
        one.process.wait()


def test_it_comes_up_and_ctrl_c_leaves_no_process(up):
    port = free_port()
    demo = up(port=port, flows=True)
    assert f"SVCQA_DATA_DIR={demo.folder}/demo SVCQA_CLOCK=shifted:" in demo.hears(
        "commands see the same data"
    )
    assert "/v2/" in demo.hears("cycles are watched at")
    demo.hears(UP)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        assert answer.status == 200
    assert any("许文静" in line and "10207" in line for line in demo.said)
    assert {name for name in ("web", "courier", "sweep", "mailbox") if demo.one(name)}
    running = " ".join(demo.everyone().values())
    assert [program for program in PREFECT if f"leash {program}" not in running] == []
    assert demo.ends(signal.SIGINT) == 0
    assert demo.everyone() == {}


def test_the_next_start_goes_on_with_its_data_and_replaces_a_killed_child(up, folder):
    before = (folder / "demo" / "demo.json").read_text()
    demo = up()
    demo.hears(UP)
    assert not any("first start" in line for line in demo.said)
    assert (folder / "demo" / "demo.json").read_text() == before
    courier = demo.one("courier")
    os.kill(courier, signal.SIGKILL)
    assert "started again (1 of 3)" in demo.hears("courier")
    assert demo.one("courier", but=courier)
    assert demo.ends(signal.SIGTERM) == 0
    assert demo.everyone() == {}


@pytest.mark.parametrize(
    ("option", "setting"),
    [
        ("--port", "SVCQA_WEB_PORT"),
        ("--smtp-port", "SVCQA_SMTP_PORT"),
        ("--prefect-port", "SVCQA_PREFECT_PORT"),
    ],
)
def test_a_taken_port_is_one_sentence_before_anything_starts(folder, option, setting):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ports = {
            "--port": free_port(),
            "--smtp-port": free_port(),
            "--prefect-port": free_port(),
            option: port,
        }
        words = [word for name, number in ports.items() for word in (name, str(number))]
        refused = subprocess.run(
            [sys.executable, "-m", "svcqa.cli", "up", "--demo", *words],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "SVCQA_DATA_DIR": str(folder)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (2, "")
    [sentence] = refused.stderr.splitlines()
    assert f"端口 {port} 已被别的程序占用" in sentence
    assert f'make demo ARGS="{option} {port + 100}"' in sentence
    assert setting in sentence


def test_a_child_that_keeps_dying_stops_the_whole_with_the_reason(up):
    demo = up()
    demo.hears(UP)
    sweep = 0
    for _ in range(4):
        sweep = demo.one("sweep", but=sweep)
        os.kill(sweep, signal.SIGKILL)
    assert "because sweep ended 4 times within 60 s" in demo.hears("because")
    assert demo.ends() == 1
    assert demo.everyone() == {}


def test_no_child_outlives_a_killed_supervisor(up):
    demo = up(flows=True)
    wait_until(lambda: len(demo.everyone()) >= 8, "web, mail, sweep and Prefect have been started")
    demo.ends(signal.SIGKILL)
    assert demo.nobody_left()
