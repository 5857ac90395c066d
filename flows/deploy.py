"""`python -m flows.deploy`: registers everything of prefect.yaml with the Prefect server. Safe to repeat."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

POOL = "svcqa"
HERE = Path(__file__).parent
FILE = next(path / "prefect.yaml" for path in (HERE, HERE.parent) if (path / "prefect.yaml").is_file())
"""Beside this file where the package is installed, at the top of the repository where it is worked on."""


def deploy() -> None:
    """Make the work pool and the deployments as they should be; raises httpx.HTTPError, CalledProcessError."""
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(FILE)]
    subprocess.run(command, cwd=FILE.parent, stdin=subprocess.DEVNULL, check=True)  # noqa: S603 - our own command


if __name__ == "__main__":
    deploy()
