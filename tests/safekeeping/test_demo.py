"""The demo's folder, copied by a backup while it is open, answers every page as before."""

import re

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from svcqa.bootstrap import Runtime, build
from svcqa.demo import site
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.safekeeping import backing_up
from svcqa.web.app import create_app
from tests.safekeeping.home import SECRET, VERSION, quiet, restore
from tests.web.desk import sit_down

SITE = "http://127.0.0.1:8400"
ONCE = re.compile(r'(name="csrf" value|nonce|content)="[^"]*"|/static/[^"]*')
FILES = Statement("SELECT id, complaint_id FROM evidence")
PAGES = Statement(
    "SELECT '/complaints/' || number FROM complaint UNION ALL SELECT '/cycles/' || number FROM cycle"
)
LISTS = ("/", "/complaints", "/cycles", "/measures", "/people", "/ratings", "/rulebook", "/me")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return the settings of a demo that was just told."""
    folder = tmp_path_factory.mktemp("demo")
    settings = site.settings_of(Settings(_env_file=None, data_dir=folder))
    settings = settings.model_copy(update={"secret_key": SecretStr(SECRET)})
    site.tell(settings, progress=lambda _done, _of: None)
    return settings.model_copy(update={"clock": "frozen:2026-11-23T09:30:00+08:00"})


def pages(settings, names):
    """Return what the supervisor reads on each page, without what is new in each answer."""
    runtime = build(settings)
    client = TestClient(create_app(Runtime(runtime.place, runtime.transport)), base_url=SITE)
    desk = sit_down(runtime.place, client, "liumin")
    answers = {name: desk.get(name) for name in names}
    runtime.place.engine.dispose()
    return {name: (answer.status_code, ONCE.sub("", answer.text)) for name, answer in answers.items()}


def test_the_demo_answers_as_before(demo, tmp_path):
    place = build(demo).place
    with place.reading(SYSTEM) as tx:
        names = [*LISTS, *(row[0] for row in PAGES.run(tx).fetchall())]
    before = pages(demo, names)
    written = backing_up.back_up(
        demo, tmp_path, at=place.clock.now(), version=VERSION, secrets=False, progress=quiet
    )
    place.engine.dispose()
    anew = demo.model_copy(update={"data_dir": tmp_path / "anew"})
    done = restore(anew, written.path)
    assert done.proof.holds
    assert written.manifest.is_whole
    after = pages(anew, names)
    assert len(after) > 150
    assert {name: status for name, (status, _) in before.items() if status != 200} == {}
    assert [name for name in names if before[name] != after[name]] == []
