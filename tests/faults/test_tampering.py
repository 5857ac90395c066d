"""A real database is changed behind the house's back; `svcqa audit verify` ends with 1 and names what and where."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from svcqa.bootstrap import build
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.database import sqlite_module
from tests.casework.life import Life
from tests.faults import tampering
from tests.faults.tampering import MIDDLE
from tests.faults.world import BEGINS_AT, world_in

pytestmark = pytest.mark.faults

ANCHORED, SIZE = 125, 127  # how much of the story a checkpoint vouches for, and how long it is
NAMED = {
    tampering.edited_column: (MIDDLE, "edited column"),
    tampering.edited_body: (MIDDLE, "edited body"),
    tampering.deleted: (MIDDLE, "deleted"),
    tampering.inserted: (MIDDLE + 2, "inserted"),
    tampering.swapped: (MIDDLE, "swapped"),
    tampering.duplicated: (SIZE + 1, "renumbered"),
    tampering.renumbered: (MIDDLE + 1, "renumbered"),
    tampering.hashed_anew: (ANCHORED, "differs from its checkpoint"),
    tampering.cut_off: (MIDDLE + 1, "older than its checkpoint"),
}


def changed_row(driver):
    """Let a complaint be closed that is not."""
    driver.execute("UPDATE complaint SET state = 'closed' WHERE number = 'TS-202603-0001'")


def left_alone(driver):
    """Change nothing: dropping the triggers alone leaves history as it is."""


@pytest.fixture(scope="module")
def story(tmp_path_factory, furnished):
    """Return an installation with some complaints, vouched for by a checkpoint but for the newest."""
    world = world_in(shutil.copytree(furnished, tmp_path_factory.mktemp("story") / "var"))
    place = build(world.settings, clock=FrozenClock(BEGINS_AT)).place
    life = Life(place)
    life.appealed("wangjianguo")
    life.penalized("chensiyu")
    assert world.run("audit", "checkpoint").returncode == 0
    life.verified("lixiaotong")
    place.engine.dispose()
    return world.settings.data_dir


@pytest.fixture(scope="module")
def verdicts(story, tmp_path_factory):
    """Return what the terminal says of each tampered copy, two at a time."""
    folder = tmp_path_factory.mktemp("tampered")

    def verdict(tamper):
        world = world_in(shutil.copytree(story, folder / tamper.__name__))
        with closing(sqlite_module().connect(world.database)) as driver:
            tampering.disarm(driver)
            tamper(driver)
            driver.commit()
        return world.run("audit", "verify", "--json")

    with ThreadPoolExecutor(2) as pool:
        every = [*NAMED, changed_row, left_alone]
        return dict(zip(every, pool.map(verdict, every), strict=True))


@pytest.mark.parametrize("tamper", NAMED, ids=lambda tamper: tamper.__name__)
def test_each_kind_of_tampering_is_named_with_its_place(verdicts, tamper):
    verdict = verdicts[tamper]
    fault = json.loads(verdict.stdout)["fault"]
    assert (verdict.returncode, fault["seq"], fault["kind"]) == (1, *NAMED[tamper])


def test_a_changed_complaint_is_named_by_its_events(verdicts):
    verdict = verdicts[changed_row]
    told = json.loads(verdict.stdout)
    assert (verdict.returncode, told["fault"]) == (1, None)
    row, *counters = told["deviations"]
    assert [row[name] for name in ("table", "column", "stored", "folded")] == [
        "complaint",
        "state",
        "closed",
        "appealed",
    ]
    assert {one["id"] for one in counters if one["table"] == "complaint_state_count"} == {
        "appealed",
        "closed",
    }


def test_what_was_left_alone_is_intact(verdicts):
    verdict = verdicts[left_alone]
    told = json.loads(verdict.stdout)
    assert (verdict.returncode, told["fault"], told["deviations"]) == (0, None, [])
    assert (told["anchored"], told["size"]) == (ANCHORED, SIZE)
