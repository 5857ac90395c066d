"""The frozen inputs: the same facts give the same files, and the files alone give the same scores."""

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from svcqa.assessment import freezing
from svcqa.assessment.bands import banded
from svcqa.assessment.evaluation import evaluate
from svcqa.assessment.frames import TABLES
from svcqa.assessment.freezing import freeze, thawed
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.calendar import published_calendar
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement, insert
from svcqa.rulebook import library

SOMEBODY_ELSES = Statement("UPDATE interaction SET person_id = :person WHERE reference = 'R0'")
FROZEN = Statement("SELECT body FROM audit_event WHERE action = 'cycle.frozen'")
OUTAGE = insert(
    "outage", "id source reference unit_id service started_at ended_at example learnt_at import_id"
)


@pytest.fixture
def frozen(told):
    """Return the tables of a cycle whose results were told."""
    return thawed(told.place.blobs, told.cycle.snapshot_sha256)


def rows(frame):
    return frame.collect().height


def test_the_scores_come_again_from_the_files_alone(told, tmp_path):
    folder = Blobs((told.place.blobs.folder).rename(tmp_path / "elsewhere"))
    scheme = told.read(lambda tx: library.scheme_by_hash(tx, told.cycle.scheme_hash))
    assert evaluate(thawed(folder, told.cycle.snapshot_sha256), scheme).score_hash == told.cycle.score_hash


def test_the_chain_names_every_file(told):
    (event,) = told.read(FROZEN.rows)
    facts = json.loads(event["body"])["facts"]
    manifest = json.loads(told.place.blobs.path(told.cycle.snapshot_sha256).read_text("utf-8"))
    assert facts["snapshot"] == told.cycle.snapshot_sha256
    assert facts["tables"] == manifest["tables"]
    assert set(facts["tables"]) == set(TABLES)
    assert facts["rows"]["interactions"] == 200


def test_the_same_facts_freeze_to_the_same_files(told):
    again = told.read(lambda tx: freeze(tx, told.cycle))
    assert again.sha256 == told.cycle.snapshot_sha256


def test_a_changed_file_is_refused(told):
    path = told.place.blobs.path(told.cycle.snapshot_sha256)
    path.write_text(path.read_text("utf-8").replace("KH-202610-001", "KH-202610-002"), "utf-8")
    with pytest.raises(ValueError, match="does not hold"):
        thawed(told.place.blobs, told.cycle.snapshot_sha256)


def test_who_is_assessed_belongs_to_the_team_of_the_period(told, frozen):
    subjects = frozen.subjects.collect()
    assert subjects.height == 8
    assert subjects["unit"].n_unique() == 3
    assert rows(frozen.interactions.filter(pl.col("subject").is_null())) == 0
    assert rows(frozen.surveys) == 60
    assert rows(frozen.exams) == 8
    assert rows(frozen.ratings) == 12 * 5


def test_what_somebody_outside_did_counts_for_the_unit_only(month):
    month.advance()
    outsider = month.cast["zhaozhiqiang"].id
    month.act_as_system(lambda tx: SOMEBODY_ELSES.run(tx, person=outsider))
    month.rate()
    month.advance()
    frames = thawed(month.place.blobs, month.cycle.snapshot_sha256)
    unplaced = frames.interactions.filter(pl.col("subject").is_null()).collect()
    assert unplaced.height == 1
    assert unplaced["unit"][0] is not None


def test_an_outage_above_counts_for_every_team_below(month):
    month.advance()
    began = datetime(2026, 10, 31, 15, tzinfo=UTC)

    def enter(tx):
        OUTAGE.run(
            tx, id=new_id(), source="test", reference="O1", unit_id=month.cycle.unit_id, service="热线",
            started_at=began, ended_at=began + timedelta(hours=3), example=True, learnt_at=tx.now, import_id="",
        )  # fmt: skip

    month.act_as_system(enter)
    frames = month.read(lambda tx: freezing.freeze(tx, month.cycle))
    outages = thawed(month.place.blobs, frames.sha256).outages.collect()
    assert outages["seconds"].to_list() == [3600] * 3, "the hours after the period do not count"
    assert outages["unit"].n_unique() == 3


@pytest.mark.parametrize(
    ("local", "band"),
    [
        ("2026-10-12 08:29:59", "night"),
        ("2026-10-12 08:30:00", "office"),
        ("2026-10-12 12:30:00", "office"),
        ("2026-10-12 17:30:00", "evening"),
        ("2026-10-12 22:00:00", "night"),
        ("2026-10-12 02:00:00", "night"),
        ("2026-10-03 10:00:00", "holiday"),
        ("2026-10-10 10:00:00", "office"),
        ("2026-10-11 10:00:00", "holiday"),
    ],
)
def test_a_moment_lies_in_a_band_of_the_day(local, band):
    at = datetime.fromisoformat(local).replace(tzinfo=UTC) - timedelta(hours=8)
    frame = pl.DataFrame({"opened_s": [int(at.timestamp())]})
    assert banded(frame, published_calendar())["band"].to_list() == [band]


def test_no_row_has_no_band():
    frame = pl.DataFrame({"opened_s": []}, schema={"opened_s": pl.Int64})
    assert banded(frame, published_calendar()).schema == {"opened_s": pl.Int64, "band": pl.String}


def test_the_period_is_whole_local_days(month):
    assert (month.cycle.period_from, month.cycle.period_until) == (date(2026, 10, 1), date(2026, 10, 31))
