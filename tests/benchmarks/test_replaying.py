"""The raw side writes what ours wrote, row by row."""

from benchmarks import replaying, world
from benchmarks.databases import Sqlite
from svcqa.kernel import audit
from svcqa.kernel.transaction import SYSTEM
from tests.databases import copied, on_sqlite


def test_what_is_noted_are_the_writes_each_step_ending_with_its_event(place):
    with replaying.recording() as written, place.transaction(SYSTEM) as tx:
        for name in ("one", "two"):
            audit.record(tx, "benchmark.tried", kind="benchmark", id=name)
    assert [statement for statement, _ in written] == [audit.APPEND, audit.MOVE_HEAD] * 2
    steps = replaying.by_event(written)
    assert [step[0][1]["object_id"] for step in steps] == ["one", "two"]
    assert all(step[-1][0] is audit.MOVE_HEAD for step in steps)


def test_nothing_is_noted_after_the_recording(place):
    with replaying.recording() as written:
        pass
    with place.transaction(SYSTEM) as tx:
        audit.record(tx, "benchmark.tried", kind="benchmark", id="one")
    assert written == []


@on_sqlite
def test_a_replay_leaves_the_same_rows_as_the_steps_did(empty_place, empty_database, tmp_path):
    copy = copied(empty_database, tmp_path / "copy")
    with replaying.recording() as written, empty_place.transaction(SYSTEM) as tx:
        for name in ("one", "two", "three"):
            audit.record(tx, "benchmark.tried", kind="benchmark", id=name)
    write = replaying.writing(Sqlite(), copy, replaying.by_event(written))
    assert write(1, 2) + write(1, 1) == 3
    assert rows_of(world.opened(copy)) == rows_of(empty_place)


def rows_of(place):
    with place.reading(SYSTEM) as tx:
        events = tx.driver.execute("SELECT * FROM audit_event ORDER BY seq").fetchall()
        return [*events, *tx.driver.execute("SELECT * FROM audit_head").fetchall()]
