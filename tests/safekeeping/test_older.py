"""A database that an older version left is backed up and restored by this one, and migrated when that is asked for."""

import pytest

from svcqa import migrating, schema
from svcqa.bootstrap import build
from svcqa.kernel.database import open_engine
from tests.safekeeping.home import back_up, opened, restore, settings_of


@pytest.fixture(params=["0001", "0002"])
def older(request, home, tmp_path):
    """Return the settings of an installation at an older migration."""
    settings = settings_of(tmp_path / "older", home)
    settings.data_dir.mkdir()
    engine = open_engine(settings.database)
    migrating.migrate(engine, to=request.param)
    engine.dispose()
    return settings


def test_it_is_restored_as_it_was_and_says_that_it_is_behind(older, home, anew, shelf):
    written = back_up(older, shelf, at=home.place.clock.now())
    assert written.manifest.migration < "0003"
    done = restore(anew, written.path)
    assert (done.behind, done.proof.compared, done.proof.holds) == (True, False, True)
    place = build(anew).place
    assert not schema.is_current(place.engine)
    migrating.migrate(place.engine)
    assert schema.is_current(place.engine)
    place.engine.dispose()


def test_it_is_migrated_where_that_was_asked_for(older, home, anew, shelf):
    written = back_up(older, shelf, at=home.place.clock.now())
    done = restore(anew, written.path, migrate=True)
    assert (done.behind, done.proof.compared, done.proof.holds) == (False, True, True)
    with opened(anew) as place:
        assert schema.is_current(place.engine)
