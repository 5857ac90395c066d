"""Whatever bytes and whatever words come, an import refuses with a sentence or keeps every row whole."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from svcqa.kernel.errors import HouseError
from svcqa.kernel.transaction import SYSTEM
from svcqa.records import importing, mapping, sheets
from tests.records.shift import FIRST, HEADER, RULES, SECOND, ask, take, whole

FIXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
PIECES = some.sampled_from(
    ['"', '""', ",", "\n", "\r", "\r\n", "\0", "\ufeff", "?", FIRST, SECOND, "10220", "2026-11-10 09:00",
     "nan", "1e5", "9" * 30, "-1", "west", "\ud55c", "\u2028", "true", "3.0", "25:61:00", "01:02:03", "\u0663",
     "-0001-01-01 00:00"]
)  # fmt: skip
TABLES = some.one_of(
    some.binary(max_size=300),
    some.lists(PIECES, max_size=40).map(lambda parts: f"{HEADER}\n{''.join(parts)}".encode()),
    some.lists(some.lists(PIECES, min_size=13, max_size=13).map(",".join), max_size=6).map(
        lambda rows: "\n".join((HEADER, *rows)).encode()
    ),
    some.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
    some.binary(max_size=200).map(lambda tail: b"\x1f\x8b\x08" + tail),
)
LINES = RULES.splitlines()
WORDS = """
a: b|kind|no|{}|[]|[came]|*x|{always: 3}|{column: who}|{value}|opened_at: done|only: {field: opened_at}
|time_formats: ['%Y']|keep: last|
""".replace("\n", "").split("|")
TWISTED = some.lists(some.tuples(some.integers(0, len(LINES) - 1), some.sampled_from(WORDS)), max_size=4)


def assert_refused(error):
    assert error.sentence.endswith("。")


@FIXED
@given(content=TABLES, policy=some.sampled_from(["skip", "refuse"]))
def test_any_bytes_are_taken_whole_or_refused_with_a_sentence(place, content, policy):
    before = whole(place)
    rules = mapping.parse(RULES, name="shift.map.yaml")
    try:
        sheet = sheets.parse(content, name="any.csv")
        with place.transaction(SYSTEM) as tx:
            done = importing.take_over(tx, sheet, mapping=rules, policy=policy)
    except HouseError as error:
        assert_refused(error)
        assert whole(place) == before
    else:
        assert done.lines == sum(done.counts.values()) - done.lines
        assert len(whole(place)["interaction"]) == len(before["interaction"]) + done.new
        assert bool(done.run) == bool(done.new or done.changed)


@FIXED
@given(changes=TWISTED)
def test_any_mapping_is_refused_with_a_sentence_or_read(place, changes):
    lines = list(LINES)
    for number, text in changes:
        key = lines[number].partition(":")[0]
        lines[number] = text if ":" in text else f"{key}: {text}"
    try:
        done = take(place, FIRST, SECOND, rules="\n".join(lines), dry_run=True)
    except HouseError as error:
        assert_refused(error)
    else:
        assert done.lines == 2


class Broken(Exception):
    """Stands for a process that dies."""


def test_an_import_that_dies_between_two_frames_leaves_nothing(place, monkeypatch):
    before = whole(place)
    monkeypatch.setattr("svcqa.records.framing.BATCH", 2)
    frames = []

    def die(done, _all):
        frames.append(done)
        if done > 4:
            raise Broken

    # A quote makes the sheet be read record by record, in frames of two.
    rows = [FIRST.replace("1,", f"{n},", 1).replace("bill", '"bill"') for n in range(9)]
    with pytest.raises(Broken), contextlib.nullcontext():
        take(place, *rows, progress=die)
    assert frames == [2, 4, 6]
    assert whole(place) == before
    assert take(place, *rows).new == 9
    assert ask(place, "SELECT count(*) FROM interaction") == [(9,)]
