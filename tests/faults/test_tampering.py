"""A real database is changed behind the house's back; `svcqa audit verify` ends with 1 and names what and where."""

import json
from contextlib import closing, contextmanager

import psycopg
import pytest
from typer.testing import CliRunner

from svcqa.bootstrap import build
from svcqa.cli import app
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.database import Reading, libpq, sqlite_module
from tests.casework.life import Life
from tests.databases import copied
from tests.faults import tampering
from tests.faults.tampering import MIDDLE
from tests.faults.world import BEGINS_AT, world_in
from tests.kernel.tampering import drop_triggers

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


def changed_row(tx):
    """Let a complaint be closed that is not."""
    tampering.run(tx, "UPDATE complaint SET state = 'closed' WHERE number = 'TS-202603-0001'")


def left_alone(tx):
    """Change nothing: dropping the triggers alone leaves history as it is."""


@contextmanager
def opened_to_write(url):
    """Open a database as whoever owns it can, past the house."""
    if url.startswith("sqlite"):
        driver, dialect = sqlite_module().connect(url.removeprefix("sqlite:///")), "sqlite"
    else:
        driver, dialect = psycopg.connect(libpq(url)), "postgresql"
    with closing(driver):
        yield Reading(driver, dialect)
        driver.commit()


@pytest.fixture(scope="module")
def story(tmp_path_factory, furnished):
    """Return an installation with some complaints, vouched for by a checkpoint but for the newest."""
    world = world_in(copied(furnished, tmp_path_factory.mktemp("story") / "var"))
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
    """Return what the terminal's door says of each tampered copy."""
    folder = tmp_path_factory.mktemp("tampered")

    def verdict(tamper):
        world = world_in(copied(story, folder / tamper.__name__))
        with opened_to_write(world.settings.database) as tx:
            drop_triggers(tx)
            tamper(tx)
        return CliRunner().invoke(app, ["audit", "verify", "--json"], env=world.timed().environment())

    return {tamper: verdict(tamper) for tamper in (*NAMED, changed_row, left_alone)}


@pytest.mark.parametrize("tamper", NAMED, ids=lambda tamper: tamper.__name__)
def test_each_kind_of_tampering_is_named_with_its_place(verdicts, tamper):
    verdict = verdicts[tamper]
    fault = json.loads(verdict.stdout)["fault"]
    assert (verdict.exit_code, fault["seq"], fault["kind"]) == (1, *NAMED[tamper])


def test_a_changed_complaint_is_named_by_its_events(verdicts):
    verdict = verdicts[changed_row]
    told = json.loads(verdict.stdout)
    assert (verdict.exit_code, told["fault"]) == (1, None)
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
    assert (verdict.exit_code, told["fault"], told["deviations"]) == (0, None, [])
    assert (told["anchored"], told["size"]) == (ANCHORED, SIZE)
