"""The demo's four weeks: all states and endings, through the real services, the same each time."""

import time
from collections import Counter

import pytest

from svcqa import migrating
from svcqa.bootstrap import build
from svcqa.casework.rebuilding import compare
from svcqa.demo import people, seeding, tales
from svcqa.kernel.clock import FrozenClock
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.kernel.verifying import verify
from svcqa.organisation import accounts
from svcqa.organisation.sessions import Signed

ENDINGS = {
    "dismissed",
    "withdrawn",
    "merged",
    "settled",
    "exonerated",
    "waived",
    "reviewed",
    "penalized",
    "imported",
}
FATES = {"decided", "served", "appealed", "final", "upheld", "reduced", "revoked", "remanded", "rescinded"}


def told(folder):
    clock = FrozenClock(seeding.BEGINS_AT)
    settings = Settings(_env_file=None, data_dir=folder, development=True, smtp_security="none")
    place = build(settings, clock=clock).place
    migrating.migrate(place.engine)
    seeding.seed(place, clock, progress=lambda _done, _all: None)
    return place


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return the workplace of the demo as its first visitor finds it."""
    place = told(tmp_path_factory.mktemp("demo"))
    yield place
    place.engine.dispose()


def rows(place, text):
    with place.reading(SYSTEM) as tx:
        return Statement(text).rows(tx)


def history(place):
    return [
        tuple(row.values())
        for row in rows(
            place,
            "SELECT number, state, version, received_at, closed_how, due_at FROM complaint ORDER BY number",
        )
    ]


def test_every_state_is_on_the_list(demo):
    counts = Counter(
        row["state"] for row in rows(demo, "SELECT state FROM complaint WHERE origin = 'native'")
    )
    assert set(counts) == {"received", "verified", "classified", "penalized", "appealed", "closed"}
    assert min(counts.values()) >= 5
    assert counts.total() == 60


def test_every_ending_and_every_fate_of_a_penalty_occurs(demo):
    assert {
        row["closed_how"] for row in rows(demo, "SELECT closed_how FROM complaint WHERE state = 'closed'")
    } == ENDINGS
    assert {row["state"] for row in rows(demo, "SELECT state FROM penalty")} == FATES
    assert rows(demo, "SELECT 1 FROM complaint WHERE reopened > 0 AND state <> 'closed'")
    assert rows(demo, "SELECT 1 FROM respondent GROUP BY complaint_id HAVING count(*) > 1")


def test_some_are_overdue_some_are_due_today_and_some_were_closed_late(demo):
    open_due = [
        row["due_at"]
        for row in rows(demo, "SELECT due_at FROM complaint WHERE state <> 'closed' AND origin = 'native'")
    ]
    assert sum(due < "2026-11-23 01:30" for due in open_due) >= 5
    assert sum("2026-11-23 01:30" <= due < "2026-11-23 10:00" for due in open_due) >= 5
    assert rows(demo, "SELECT 1 FROM complaint WHERE late AND closed_how = 'penalized'")


def test_the_mails_of_the_past_lie_in_the_mailbox_and_those_of_now_wait(demo):
    counts = Counter(row["state"] for row in rows(demo, "SELECT state FROM outbox"))
    assert set(counts) == {"sent", "queued"}
    assert counts["sent"] == len(list(demo.settings.mailbox_dir.glob("*.eml")))
    assert 1 <= counts["queued"] <= 20


def test_the_chain_and_the_rows_agree(demo):
    with demo.reading(SYSTEM) as tx:
        assert verify(tx).fault is None
        assert list(compare(tx)) == []


def test_everybody_shown_can_sign_in_with_the_demo_password(demo):
    *branch, assessed = people.sign_ins()
    assert assessed.staff_number == people.ASSESSED, "of the desk, which is told elsewhere"
    for one in branch:
        with demo.transaction(SYSTEM) as tx:
            signed = accounts.sign_in(tx, name=one.staff_number, password=people.PASSWORD)
        assert isinstance(signed, Signed)


def test_the_same_tales_give_the_same_history_in_time(demo, tmp_path):
    begun = time.process_time()
    again = told(tmp_path)
    assert time.process_time() - begun < 15
    assert history(again) == history(demo)
    again.engine.dispose()


def test_a_step_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="not a step: jump"):
        tales.Tale.model_validate(
            {"subject": "x", "narrative": "x", "ago": 1, "unit": "kfb", "officer": "许文静", "life": "jump"}
        )
