"""Prefect's processes as `svcqa up` starts them: in order, on this machine, with nothing sent out."""

from pathlib import Path

from svcqa.commands import scheduler
from svcqa.kernel.settings import Settings


def settings(**told):
    return Settings(_env_file=None, data_dir=Path("/srv/svcqa"), **told)


def test_server_dispatcher_and_worker_are_programs_of_their_own():
    server, dispatch, worker = scheduler.services(settings(prefect_port=4999))
    assert (server.module, server.arguments[-2:]) == ("flows.server", ("--port", "4999"))
    assert "127.0.0.1" in server.arguments
    assert (dispatch.module, worker.module) == ("flows.dispatch", "prefect")
    assert (server.waits, dispatch.waits, worker.waits) == (False, False, True)
    assert server.news.endswith("http://127.0.0.1:4999/v2/")


def test_they_share_an_environment_that_reports_to_nobody():
    environments = {tuple(sorted(one.extra.items())) for one in scheduler.services(settings())}
    (environment,) = map(dict, environments)
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4210/api"
    assert environment["PREFECT_HOME"] == "/srv/svcqa/prefect"
    assert (environment["DO_NOT_TRACK"], environment["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("1", "false")


def test_people_reach_it_by_another_address_behind_a_proxy():
    server, *_ = scheduler.services(settings(prefect_url="https://flows.example.com/"))
    assert server.news.endswith("https://flows.example.com/v2/")
