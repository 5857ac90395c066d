"""A Prefect server that is played: it knows deployments, gives one run per idempotency key, and may be away."""

from types import SimpleNamespace
from uuid import NAMESPACE_OID, uuid5

import httpx
from prefect.exceptions import ObjectNotFound

from flows import naming

NOT_THERE = ObjectNotFound(LookupError("404"))


class PlayedServer:
    """Stands for the client as well; entering it is asking the server."""

    def __init__(self):
        self.deployed, self.away, self.deploys = True, False, 0
        self.runs, self.under_way, self.heard, self.ended = {}, [], set(), {}
        self.planned, self.flows = [], {}

    def deploy(self):
        """Stand for `flows.deploy`."""
        self.client(sync_client=True)
        self.deployed = True
        self.deploys += 1

    def client(self, *, sync_client):
        assert sync_client
        if self.away:
            raise httpx.ConnectError("refused")
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def read_deployment_by_name(self, name):
        if not self.deployed:
            raise NOT_THERE
        return SimpleNamespace(id=name)

    def create_flow_run_from_deployment(self, deployment, *, name, parameters, idempotency_key):
        run = SimpleNamespace(id=uuid5(NAMESPACE_OID, idempotency_key))
        self.runs[run.id] = (deployment, name, parameters)
        return run

    def read_flow_runs(self, *, flow_run_filter):
        return self.planned if flow_run_filter is naming.PLANNED else self.under_way

    def read_flow(self, flow_id):
        return SimpleNamespace(name=self.flows[flow_id])

    def update_flow_run(self, run_id, *, name):
        (run,) = [one for one in self.planned if one.id == run_id]
        run.name = name

    def read_events(self, asked, *, limit):
        assert limit == 1
        (resource,) = asked.resource.id
        return SimpleNamespace(
            events=[at for who, at in self.heard if who == resource and at >= asked.occurred.since]
        )

    def set_flow_run_state(self, run_id, state, *, force):
        assert force
        self.ended[run_id] = state
