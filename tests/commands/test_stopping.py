"""A command on a leash ends when its parent's end of the pipe closes; a signal ends it in order."""

import signal
import subprocess
import sys
import threading

import pytest

from svcqa.commands.stopping import run_until_told, stop_event

LEASHED = (
    "from svcqa.commands.stopping import *; end_with_parent(); stop = stop_event();"
    "print('up', flush=True); stop.wait(60)"
)


@pytest.fixture
def leashed():
    with subprocess.Popen(
        [sys.executable, "-c", LEASHED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()


def test_a_leashed_command_ends_when_the_pipe_closes(leashed):
    leashed.stdin.close()
    assert leashed.wait(timeout=10) == 0


def test_any_module_can_be_put_on_the_leash_with_its_words():
    command = [sys.executable, "-m", "svcqa.commands.leash", "calendar", "2026", "11"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.read().split()[:2] == ["November", "2026"]
        assert process.wait(timeout=10) == 0


def test_a_module_on_the_leash_ends_with_its_parent():
    command = [
        sys.executable,
        "-m",
        "svcqa.commands.leash",
        "timeit",
        "-n",
        "1",
        "import time; time.sleep(60)",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=10) != 0


def test_a_leashed_command_runs_while_the_pipe_is_open(leashed):
    with pytest.raises(subprocess.TimeoutExpired):
        leashed.wait(timeout=0.3)


@pytest.fixture
def signals():
    """Put back what SIGINT and SIGTERM did before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_sets_the_event(signals, number):
    stop = stop_event()
    signal.raise_signal(number)
    assert stop.is_set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_what_runs_until_told(signals, number):
    async def work(stop):
        threading.Timer(0.05, signal.raise_signal, [number]).start()
        await stop.wait()

    run_until_told(work)
