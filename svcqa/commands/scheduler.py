"""Prefect as `svcqa up` runs it: its server, the dispatcher and one worker, each a program of its own.

Nothing of Prefect is imported here, and without it everything else runs as well.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from svcqa.commands.children import Service, answers
from svcqa.kernel.settings import Settings

POOL = "svcqa"
LEADING = "%E8%80%83%E6%A0%B8%E5%91%A8%E6%9C%9F/%E6%8E%A8%E8%BF%9B"
"""The deployment that leads a cycle, as it is written in an address."""


def services(settings: Settings) -> Iterator[Service]:
    """Yield Prefect's processes; the dispatcher waits for the server by itself and registers what the worker needs."""
    server, port = f"http://127.0.0.1:{settings.prefect_port}", str(settings.prefect_port)
    extra = environment(settings)
    passing_files(settings).mkdir(
        parents=True, exist_ok=True
    )  # where it is missing, the machine's own is taken
    yield Service(
        "prefect",
        ("server", "start", "--host", "127.0.0.1", "--port", port),
        f"shows the flows at {settings.prefect_address}/v2/",
        answers(f"{server}/api/health"),
        module="flows.server",
        extra=extra,
    )
    yield Service(
        "dispatch",
        (),
        "starts a run for each request",
        answers(f"{server}/api/deployments/name/{LEADING}"),
        module="flows.dispatch",
        extra=extra,
    )
    yield Service(
        "worker",
        ("worker", "start", "--pool", POOL, "--type", "process", "--name", "svcqa-up"),
        "runs the flows",
        module="prefect",
        waits=True,
        extra=extra,
    )


def passing_files(settings: Settings) -> Path:
    """Return the folder of what Prefect's processes leave lying about."""
    return settings.prefect_dir.absolute() / "tmp"


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of Prefect's processes: everything on this machine and in its folder, nothing sent out."""
    return {
        "PREFECT_HOME": str(settings.prefect_dir.absolute()),
        "TMPDIR": str(passing_files(settings)),
        "PREFECT_API_URL": f"http://127.0.0.1:{settings.prefect_port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,orphans",
        "PREFECT_CLI_COLORS": "false",
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        # The command of a run begins with `python`: the one that runs us.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
