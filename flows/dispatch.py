"""`python -m flows.dispatch`: turns request rows into runs, and puts back what Prefect has lost.

Prefect may be away, or begin again with an empty database: the rows say what is to be done.
"""

import logging
import signal
import subprocess
from dataclasses import dataclass
from threading import Event
from time import monotonic

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import ObjectNotFound

from flows import dead_runs, naming
from flows.deploy import deploy
from flows.service import runtime
from svcqa.assessment import requests
from svcqa.assessment.requests import Waiting
from svcqa.bootstrap import with_years_of_today
from svcqa.kernel import logbook
from svcqa.kernel.clock import SystemClock
from svcqa.kernel.errors import Busy
from svcqa.kernel.transaction import SYSTEM, Workplace

log = logging.getLogger("svcqa.dispatch")

DEPLOYMENT = "考核周期/推进"
LOOK_EVERY = 2.0
TEND_EVERY = 60.0


@dataclass
class Dispatcher:
    """Looks for requests every two seconds, and each minute for what nobody asked for."""

    place: Workplace
    away: bool = True
    deployed: bool = False
    tend_at: float = 0.0

    def run(self, stop: Event) -> None:
        """Look until told to stop; what cannot be done now is tried again."""
        while not stop.is_set():
            self.look()
            stop.wait(LOOK_EVERY)

    def look(self) -> None:
        """Do one round; says once that Prefect is away and once that it is back."""
        try:
            if monotonic() >= self.tend_at:
                self._tend()
                self.tend_at = monotonic() + TEND_EVERY
            self._hand_over()
        except Busy:
            log.info("the database is busy, the requests wait")
        except ObjectNotFound:
            log.warning("Prefect has lost its deployments, they are registered again")
            self.deployed, self.tend_at = False, 0.0
        except subprocess.CalledProcessError as error:
            log.warning("the deployments could not be registered (exit code %s), see above", error.returncode)
            self.tend_at = monotonic() + TEND_EVERY
        except httpx.HTTPError as error:
            if not self.away:
                log.warning("Prefect does not answer (%s), the requests wait", type(error).__name__)
            self.away = True
        else:
            if self.away:
                log.warning("Prefect answers")
            self.away = False

    def _tend(self) -> None:
        """See that Prefect knows the deployments, mark dead runs, name planned ones, ask for cycles with work to do."""
        if not self.deployed:
            deploy()
            self.deployed = True
        with get_client(sync_client=True) as client:
            client.read_deployment_by_name(DEPLOYMENT)
            marked = dead_runs.mark(client, now=SystemClock().now())
            naming.name_planned(client)
        with with_years_of_today(self.place).transaction(SYSTEM) as tx:
            asked = requests.sweep(tx)
        if marked or asked:
            log.info("%s dead runs marked, %s cycles asked for", marked, asked)

    def _hand_over(self) -> None:
        with self.place.reading(SYSTEM) as tx:
            waiting = requests.waiting(tx)
        if not waiting:
            return
        with get_client(sync_client=True) as client:
            for request in waiting:
                run_id = start(client, request)
                with self.place.transaction(SYSTEM) as tx:
                    requests.take(tx, request.id, run_ref=run_id)
                log.info("%s is led by run %s", request.number, run_id)


def start(client: SyncPrefectClient, request: Waiting) -> str:
    """Start a run for a request and return its id; the same request always gives the same run."""
    run = client.create_flow_run_from_deployment(
        client.read_deployment_by_name(DEPLOYMENT).id,
        name=request.number,
        parameters={"number": request.number},
        idempotency_key=request.id,
    )
    return str(run.id)


def main() -> None:
    """Dispatch until SIGTERM or Ctrl-C."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    place = runtime().place
    logbook.set_up(place.settings)
    Dispatcher(place).run(stop)


if __name__ == "__main__":
    main()
