"""The demo's installation: whole or not at all, its own folder, its own time."""

import json
from datetime import timedelta

import pytest

from svcqa.demo import seeding, site, story
from svcqa.kernel.clock import SystemClock, clock_from
from svcqa.kernel.errors import Invalid
from svcqa.kernel.settings import Settings


@pytest.fixture
def settings(tmp_path):
    """Return the demo's settings beside an installation that is set up for real work."""
    real = Settings(
        _env_file=None, data_dir=tmp_path, database_url="postgresql://db/svcqa", secret_key="real",
        web_port=8499,
        web_host="0.0.0.0", smtp_host="mail.example.com", smtp_username="kefu", clock="system",
    )  # fmt: skip
    return site.settings_of(real)


def test_the_demo_reaches_nothing_real(settings):
    assert settings.database == f"sqlite:///{settings.data_dir}/svcqa.db"
    assert settings.secret_key.get_secret_value() == ""
    assert (settings.web_host, settings.smtp_host, settings.smtp_username) == ("127.0.0.1", "127.0.0.1", "")
    assert settings.base_url == "http://127.0.0.1:8499"
    assert settings.development


def test_an_interrupted_telling_leaves_nothing_and_the_next_one_begins_anew(settings, monkeypatch):
    def interrupted(*_words, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(story, "tell", interrupted)
    with pytest.raises(KeyboardInterrupt):
        site.tell(settings, progress=print)
    assert not site.is_told(settings)
    monkeypatch.setattr(story, "tell", lambda *_words, **_named: 0)
    site.tell(settings, progress=print)
    assert site.is_told(settings)
    assert [path.name for path in settings.data_dir.parent.iterdir()] == [settings.data_dir.name]


def test_a_folder_with_something_else_in_it_is_left_alone(settings):
    settings.data_dir.mkdir()
    (settings.data_dir / "notes.txt").write_text("mine")
    with pytest.raises(Invalid, match="不是演示数据"):
        site.tell(settings, progress=print)


def test_the_clock_goes_on_from_the_first_morning(settings):
    settings.data_dir.mkdir()
    shift = seeding.ENDS_AT - (SystemClock().now() - timedelta(days=3))
    (settings.data_dir / site.MARK).write_text(json.dumps({"shift_seconds": round(shift.total_seconds())}))
    now = clock_from(site.at_its_time(settings).clock).now()
    assert abs(now - (seeding.ENDS_AT + timedelta(days=3))) < timedelta(seconds=10)
