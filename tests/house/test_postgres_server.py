"""The tests' own PostgreSQL outlives nobody: a run that was killed leaves no server behind."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from svcqa.commands.children import accepts
from tests.faults.world import wait_until
from tests.postgres import programs

REPOSITORY = Path(__file__).parents[2]
KILLED_AT_WORK = """
import os
from tests.postgres import Server
server = Server()
print(server.folder, server.port, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.postgres
@pytest.mark.skipif(programs() is None, reason="PostgreSQL 15 or newer is not installed here: make postgres")
def test_a_server_ends_with_who_started_it():
    started = subprocess.run(
        [sys.executable, "-c", KILLED_AT_WORK], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    folder, port = started.stdout.split()
    listens = accepts(int(port))
    wait_until(lambda: not listens(), "the server has ended")
    shutil.rmtree(folder)
