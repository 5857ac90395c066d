"""Web, courier and sweep are killed at random moments while clients work: nothing is lost, doubled or invented."""

import os
import shutil
import sys
from dataclasses import replace

import pytest

from tests.databases import copied, on_sqlite
from tests.faults.conftest import PROFILE
from tests.faults.evidence import gather
from tests.faults.journal import Done, Journal, Operation
from tests.faults.trial import Trial
from tests.faults.verification import verify_world
from tests.faults.world import world_in

pytestmark = pytest.mark.faults

READY_WITHIN_SECONDS = 10


@pytest.fixture(scope="module")
def trial(tmp_path_factory, furnished, database):
    """Return what a world went through that is at rest again; its seed is printed when anything fails."""
    folder = tmp_path_factory.mktemp("killed")
    seed = int(os.environ.get("SVCQA_FAULTS_SEED") or int.from_bytes(os.urandom(4)))
    sys.stderr.write(f"SVCQA_FAULTS_SEED={seed}\n")
    trial = Trial(world_in(copied(furnished, folder / "var")), Journal(folder / "journal"), seed)
    try:
        trial.harm(PROFILE.kills if database == "sqlite" else PROFILE.kills_too)
        trial.settle()
    finally:
        trial.world.close()
    return trial


@pytest.fixture(scope="module")
def evidence(trial):
    return gather(trial.world.settings)


def test_nothing_is_lost_doubled_or_invented(trial, evidence, capsys):
    with capsys.disabled():
        sys.stderr.write(f"\n{trial.figures(evidence)}\n")
    assert verify_world(evidence, trial.journal) == []
    assert trial.lives > 0
    assert trial.journal.refusals() == []


def test_after_each_kill_it_is_ready_within_ten_seconds(trial):
    crowd = max(
        1.0, os.getloadavg()[0] / (os.cpu_count() or 1)
    )  # a machine that others use too takes its time
    assert max(trial.ready_after) < READY_WITHIN_SECONDS * crowd


def test_after_all_of_it_the_terminal_calls_the_chain_intact(trial):
    verdict = trial.world.run("audit", "verify")
    assert (verdict.returncode, verdict.stdout.partition(":")[0]) == (0, "intact")


# What verify_world would say if something had gone wrong: each fault is planted into the evidence of the trial.


@on_sqlite
def test_a_lost_acknowledgement_is_named(trial, evidence):
    told = Done(Operation("k", "close", "TS-202603-9999", 8), "TS-202603-9999", "closed", 9)
    journal = trial.journal
    planted = Journal(shutil.copy(journal.path, journal.path.with_name("planted")))
    planted.note(told.operation, "done", number=told.number, state=told.state, version=told.version)
    assert [line.partition(":")[0] for line in verify_world(evidence, planted)] == ["acknowledged and lost"]


@on_sqlite
def test_an_event_nobody_asked_for_is_named(trial, evidence, tmp_path):
    lines = trial.journal.path.read_text("utf-8").splitlines(keepends=True)
    forgotten = next(line for line in lines if '"told": "done"' in line)
    planted = Journal(tmp_path / "planted")
    planted.path.write_text("".join(line for line in lines if line != forgotten), "utf-8")
    (wrong,) = verify_world(evidence, planted)
    assert wrong.endswith("happened and nobody asked for it")


@on_sqlite
@pytest.mark.parametrize("slug", ["penalty_notice", "appeal_filed", "deadline_passed"])
def test_a_mail_that_was_not_queued_or_queued_twice_is_named(trial, evidence, slug):
    one = next(letter for letter in evidence.letters if letter.slug == slug)
    alike = [letter for letter in evidence.letters if (letter.here, letter.slug) == (one.here, slug)]
    others = [letter for letter in evidence.letters if letter not in alike]
    copies = {
        letter.message_id: evidence.copies[letter.message_id] for letter in others if letter.state == "sent"
    }
    assert verify_world(replace(evidence, letters=others, copies=copies), trial.journal)
    assert verify_world(replace(evidence, letters=[*evidence.letters, one]), trial.journal)


@on_sqlite
def test_a_third_copy_a_missing_one_and_other_bytes_are_named(trial, evidence):
    one = next(letter for letter in evidence.letters if letter.state == "sent").message_id
    (first, *_) = evidence.copies[one]
    for contents in ([], [first] * 3, [first + b"\r\n"]):
        planted = replace(evidence, copies={**evidence.copies, one: contents})
        assert verify_world(planted, trial.journal), contents


@on_sqlite
def test_an_alarm_said_twice_and_a_clock_that_was_moved_are_named(trial, evidence):
    alarm = next(event for event in evidence.events if event.move == "deadline.alarm")
    assert verify_world(replace(evidence, events=[*evidence.events, alarm]), trial.journal)
    (clock,) = alarm.rows("deadline")
    moved = replace(alarm, body={**alarm.body, "action": "complaint.verify", "facts": {}})
    moved.facts["rows"] = {"deadline": {clock: {"due_at": "2026-12-01T00:00:00.000000Z"}}}
    assert any(
        "was moved from" in wrong
        for wrong in verify_world(replace(evidence, events=[*evidence.events, moved]), trial.journal)
    )


@on_sqlite
def test_a_doubled_order_is_named(trial, evidence):
    planted = replace(evidence, orders=[*evidence.orders, evidence.orders[0]])
    assert len(verify_world(planted, trial.journal)) == 1
