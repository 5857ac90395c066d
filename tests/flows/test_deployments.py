"""Everything prefect.yaml names exists: flows by module, their parameters, a pool, tags and a description to read."""

import inspect
from importlib import import_module
from itertools import pairwise
from urllib.parse import quote

import pytest
import yaml
from prefect import Flow

from flows.deploy import FILE, POOL
from flows.dispatch import DEPLOYMENT
from svcqa.commands import scheduler

DEPLOYMENTS = yaml.safe_load(FILE.read_text("utf-8"))["deployments"]


def flow_of(deployment):
    module, _, name = deployment["entrypoint"].rpartition(".")
    return getattr(import_module(module), name)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda one: one["entrypoint"] + " " + one["name"])
def test_a_deployment_names_a_flow_its_parameters_and_the_pool(deployment):
    flow = flow_of(deployment)
    assert isinstance(flow, Flow)
    assert flow.description
    assert set(deployment.get("parameters", {})) <= set(inspect.signature(flow.fn).parameters)
    assert deployment["work_pool"]["name"] == POOL == scheduler.POOL
    assert deployment["pull"] == []
    assert deployment["description"]
    assert deployment["tags"]


@pytest.mark.parametrize(
    "deployment", [one for one in DEPLOYMENTS if "schedules" in one], ids=lambda one: one["name"]
)
def test_a_schedule_lives_in_local_time_and_two_runs_never_overlap(deployment):
    assert [one["timezone"] for one in deployment["schedules"]] == ["Asia/Shanghai"]
    assert deployment["concurrency_limit"]["limit"] == 1
    assert flow_of(deployment).persist_result is False


def minutes(cron):
    """Return the minutes of an hour a cron line names."""
    found = set()
    for part in cron.split()[0].split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0-59" if span == "*" else span).partition("-")
        found |= set(range(int(first), int(last or first) + 1, int(step or 1)))
    return found


def test_no_two_schedules_begin_in_the_same_minute():
    taken = [minutes(one["schedules"][0]["cron"]) for one in DEPLOYMENTS if "schedules" in one]
    assert len(taken) == 9
    assert sum(map(len, taken)) == len(set().union(*taken))


@pytest.mark.parametrize(
    ("name", "times"), [("每五分钟", 12), ("每刻钟", 4), ("每十分钟", 6), ("每夜", 1)], ids=str
)
def test_a_schedule_comes_as_often_as_its_name_says_and_evenly(name, times):
    (schedule,) = next(one for one in DEPLOYMENTS if one["name"] == name)["schedules"]
    found = sorted(minutes(schedule["cron"]))
    assert {after - before for before, after in pairwise([*found, found[0] + 60])} == {60 // times}


def test_the_dispatcher_and_the_health_check_know_the_deployment_by_its_name():
    leading = next(one for one in DEPLOYMENTS if one["entrypoint"].startswith("flows.assessment_cycle"))
    assert f"{flow_of(leading).name}/{leading['name']}" == DEPLOYMENT
    assert quote(DEPLOYMENT) == scheduler.LEADING


def test_only_the_monthly_schedule_of_the_cadences_is_on():
    opening = {
        one["name"]: one["schedules"][0].get("active", True)
        for one in DEPLOYMENTS
        if "open_cycle" in one["entrypoint"]
    }
    assert [name for name, active in opening.items() if active] == ["月度考核"]
