"""What is cut off, by a full disk, a signal or a kill, leaves no half archive, and a restore that goes on."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from svcqa.bootstrap import build
from svcqa.kernel.errors import Invalid
from svcqa.safekeeping import backing_up, placing, proving, reopening, restoring, target
from tests.safekeeping.home import environment, events, restore, settings_of, terminal, tree

FULL = 60_000
KILLS = 3
ENDLESS = """
import time
from svcqa import cli
from svcqa.safekeeping import archive
archive.opened = lambda *_words, **_more: time.sleep(600)  # a disk that is very slow to read back
cli.main()
"""
PATIENCE_SECONDS = 30


def test_a_full_disk_leaves_no_archive(home, shelf):
    done = terminal(home.settings, "backup", shelf, largest_file=FULL)
    assert (done.returncode, done.stdout) == (2, "")
    assert "请" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(shelf.iterdir()) == []


def test_a_full_disk_stops_a_restore_that_is_gone_on_with_later(home, anew, shelf):
    written = home.back_up(shelf / "one.tar")
    done = terminal(anew, "restore", written.path, largest_file=FULL)
    assert (done.returncode, done.stdout) == (2, "")
    assert "请" in done.stderr
    assert "Traceback" not in done.stderr
    refused = terminal(anew, "mail", "list")
    assert (refused.returncode, "svcqa restore" in refused.stderr) == (2, True)
    again = restore(anew, written.path)
    assert (again.resumed, again.proof.holds) == (True, True)


@pytest.mark.parametrize(
    ("room", "step"),
    [
        (placing, "place"),
        (target, "is_same_chain"),
        (proving, "prove"),
        (reopening, "reopen"),
        (target, "unmark"),
    ],
)
def test_a_restore_that_is_interrupted_goes_on_to_the_same_end(home, anew, shelf, monkeypatch, room, step):
    written, real, calls = home.back_up(shelf / "one.tar"), getattr(room, step), []

    def interrupted(*words, **more):
        calls.append(words)
        if len(calls) == 2 or room is not placing:
            raise KeyboardInterrupt
        return real(*words, **more)

    monkeypatch.setattr(room, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        restore(anew, written.path)
    monkeypatch.undo()
    with pytest.raises(Invalid, match="恢复中断"):
        build(anew)
    (anew.data_dir / f"{placing.INCOMING}left").write_bytes(b"half")
    done = restore(anew, written.path)
    assert (done.resumed, done.proof.holds) == (True, True)
    size = written.manifest.chain.size
    assert events(anew, size) == events(home.settings, size)
    assert len(events(anew, size + 9)) == size + 2
    assert {name for name in tree(anew.data_dir) if "incoming" in name or "pgdump" in name} == set()


def test_two_restores_into_one_place_do_not_meet(home, anew, shelf, monkeypatch):
    written, real = home.back_up(shelf / "one.tar"), restoring._put_in

    def meanwhile(*words, **more):
        with pytest.raises(Invalid, match="另一个 svcqa restore"):
            restore(anew, written.path)
        return real(*words, **more)

    monkeypatch.setattr(restoring, "_put_in", meanwhile)
    assert restore(anew, written.path).proof.holds


def test_a_killed_backup_leaves_no_archive_and_the_next_one_clears_up(home, shelf):
    left = shelf / f"{backing_up.WORKSHOP}killed"
    left.mkdir()
    (left / "archive.tar").write_bytes(b"half")
    busy = shelf / f"{backing_up.WORKSHOP}busy"
    busy.mkdir()
    with backing_up._held(busy):
        home.back_up(shelf / "one.tar")
        assert sorted(path.name for path in shelf.iterdir()) == [busy.name, "one.tar"]
    home.back_up(shelf / "two.tar")
    assert sorted(path.name for path in shelf.iterdir()) == ["one.tar", "two.tar"]


def test_a_target_without_hard_links_gets_the_whole_file_and_no_other_is_replaced(tmp_path, monkeypatch):
    def unable(*_words):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", unable)
    (tmp_path / "incoming").write_bytes(b"whole")
    placing.publish(tmp_path / "incoming", tmp_path / "one.tar")
    assert tree(tmp_path) == {"one.tar": b"whole"}
    (tmp_path / "incoming").write_bytes(b"other")
    with pytest.raises(FileExistsError):
        placing.publish(tmp_path / "incoming", tmp_path / "one.tar")
    assert (tmp_path / "one.tar").read_bytes() == b"whole"


def started(settings, *words, program=("-m", "svcqa.cli")):
    """Start a command of the product as a process."""
    return subprocess.Popen(
        [sys.executable, *program, *map(str, words)],
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.faults
def test_a_backup_that_is_told_to_stop_takes_back_what_it_began(home, shelf):
    process = started(home.settings, "backup", shelf, program=("-c", ENDLESS))
    while process.poll() is None and not list(shelf.glob("*/archive.tar")):
        time.sleep(0.005)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate()
    assert "Traceback" not in said
    assert process.returncode == 130
    assert list(shelf.iterdir()) == []


@pytest.mark.faults
def test_a_restore_that_is_killed_goes_on(home, shelf, tmp_path):
    written, chance = home.back_up(shelf / "one.tar"), random.Random(KILLS)
    size = written.manifest.chain.size
    for number in range(KILLS):
        killed = settings_of(tmp_path / f"killed{number}", home)
        process = started(killed, "restore", written.path)
        while process.poll() is None and not killed.half_restored.exists():
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.5))
        process.kill()
        process.communicate()
        if killed.half_restored.exists():
            assert gone_on_with(killed, written.path).proof.holds
        assert events(killed, size) == events(home.settings, size)
        assert len(events(killed, size + 9)) == size + 2


def gone_on_with(settings, source):
    """Restore again as soon as a pg_restore that outlived its parent has ended."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return restore(settings, source)
        except Invalid as refusal:
            if "另一个 svcqa restore" not in refusal.sentence or time.monotonic() > until:
                raise
            time.sleep(0.05)
