"""Figures of public files, computed from frozen inputs, against those that other tools computed from the files."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from svcqa.assessment.frames import TABLES, Frames, to_parquet
from svcqa.assessment.measuring import Figure, measure
from tests.assessment.snapshots import scheme

HOUR = 3600
LINEAR = "scoring: {linear: {floor: 0, full: 100}}"
INCIDENTS = {
    "count": (20, f"metric: count, {LINEAR}"),
    "met": (40, f"metric: target_met_share, {LINEAR}"),
    "mean": (20, f"metric: mean_seconds, of: resolve, {LINEAR}"),
    "reopened": (20, f"metric: reopen_rate, {LINEAR}"),
}
CALLS = {
    "answered": (20, f"metric: answered_share, {LINEAR}"),
    "mean": (20, f"metric: mean_seconds, of: response, {LINEAR}"),
    "p90": (20, f"metric: p90_seconds, of: response, {LINEAR}"),
    "rating": (20, f"metric: mean_satisfaction, of: interactions, {LINEAR}"),
    "content": (20, f"metric: top_two_share, of: interactions, {LINEAR}"),
}


def snapshot(rows: pl.DataFrame) -> Frames:
    """Freeze rows as interactions; the columns they lack are empty."""
    lacking = {
        name: pl.lit(None, dtype=kind)
        for name, kind in TABLES["interactions"].items()
        if name not in rows.columns
    }
    whole = rows.with_columns(**lacking).select(*TABLES["interactions"])
    subjects = rows.select("subject", unit=pl.lit("u")).drop_nulls().unique()
    frozen = {"interactions": whole, "subjects": subjects}
    return Frames.from_parquet({name: to_parquet(name, frame) for name, frame in frozen.items()})


def measured(rows: pl.DataFrame, indicators: dict[str, tuple[int, str]]) -> dict[str, dict[str, Figure]]:
    """Return the figures of every subject by indicator."""
    inputs, rules = snapshot(rows), scheme(indicators)
    subjects = inputs.subjects.sort("subject").collect()
    columns = measure(inputs, rules.indicators, subjects=subjects, rating=None)
    return {
        subject: {name: each for name, each in zip(indicators, figures, strict=True) if each is not None}
        for subject, figures in zip(subjects["subject"], zip(*columns, strict=True), strict=True)
    }


def value(figure: Figure) -> float:
    return figure.total / figure.parts


def reference(folder: Path) -> Any:
    return json.loads((folder / "reference_stats.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def april(shared_data) -> pl.DataFrame:
    """The last row of each incident that was resolved in April 2016."""
    log = pl.read_csv(
        shared_data / "servicenow_incidents" / "servicenow_incident_events.csv.gz", infer_schema=False
    )
    last = log.group_by("number", maintain_order=True).last()
    opened, resolved = (
        pl.col(name).str.to_datetime("%d/%m/%Y %H:%M", strict=False) for name in ("opened_at", "resolved_at")
    )
    return last.filter(resolved.dt.year() == 2016, resolved.dt.month() == 4).select(
        subject=pl.when(pl.col("resolved_by") != "?").then(pl.col("resolved_by")),
        opened_s=opened.dt.epoch("s"),
        resolve_seconds=(resolved - opened).dt.total_seconds(),
        reopened=pl.col("reopen_count").cast(pl.Int32),
        met_target=pl.col("made_sla") == "true",
    )


def test_the_fifteen_busiest_agents_of_april_have_the_figures_of_the_reference(april, shared_data):
    found = measured(april, INCIDENTS)
    top = reference(shared_data / "servicenow_incidents")["top15_resolvers_2016-04"]
    assert len(top) == 15
    for agent, expected in top.items():
        figures = found[agent]
        assert figures["count"].total == expected["n"]
        assert value(figures["met"]) == pytest.approx(expected["made_sla_share"], abs=1e-12)
        assert value(figures["mean"]) == pytest.approx(expected["mean_resolve_hours"], abs=1e-9)


def test_the_whole_month_has_the_figures_of_the_reference(april, shared_data):
    month = reference(shared_data / "servicenow_incidents")["resolved_per_month"]["2016-04"]
    figures = measured(april.with_columns(subject=pl.lit("all")), INCIDENTS)["all"]
    assert figures["count"].total == month["n"] == 7794
    assert value(figures["met"]) == pytest.approx(month["made_sla_share"], abs=1e-12)
    assert value(figures["mean"]) == pytest.approx(month["mean_resolve_hours"], abs=1e-9)


@pytest.fixture(scope="module")
def calls(shared_data) -> pl.DataFrame:
    """The calls of the centre: the speed of answer is the response."""
    file = shared_data / "callcentre_phonenow_2021q1" / "callcentre_calls.csv.gz"
    speed, rating = pl.col("Speed of answer in seconds"), pl.col("Satisfaction rating")
    return pl.read_csv(file).select(
        subject=pl.col("Agent"),
        month=pl.col("Date").str.slice(0, 7),
        opened_s=pl.lit(0, dtype=pl.Int64),
        response_seconds=speed.cast(pl.Int64),
        satisfaction=rating.cast(pl.Int8),
        answered=pl.col("Answered (Y/N)") == "Y",
        reopened=pl.lit(0, dtype=pl.Int32),
    )


def agrees(figures: dict[str, Figure], expected: dict[str, Any]) -> None:
    assert value(figures["answered"]) == pytest.approx(expected["answered_rate"], abs=1e-12)
    assert HOUR * value(figures["mean"]) == pytest.approx(expected["mean_speed_of_answer_s"], abs=1e-9)
    assert value(figures["rating"]) == pytest.approx(expected["mean_satisfaction"], abs=1e-12)
    assert figures["mean"].n == expected["answered"]


def test_the_call_centre_as_a_whole_has_the_published_figures(calls, shared_data):
    figures = measured(calls.with_columns(subject=pl.lit("all")).drop("month"), CALLS)["all"]
    overall = reference(shared_data / "callcentre_phonenow_2021q1")["overall"]
    agrees(figures, overall)
    assert (
        f"{HOUR * value(figures['mean']):.2f} {value(figures['answered']):.4f} {value(figures['rating']):.2f}"
        == ("67.52 0.8108 3.40")
    )
    assert figures["p90"].total == overall["p90_speed_of_answer_s"]
    assert figures["content"].total == overall["ratings_4_or_5"]


def test_every_agent_has_the_figures_of_the_reference_in_every_month(calls, shared_data):
    expected = reference(shared_data / "callcentre_phonenow_2021q1")["by_agent_month"]
    by_month = calls.with_columns(subject=pl.format("{}|{}", "subject", "month")).drop("month")
    found = measured(by_month, CALLS)
    assert found.keys() == expected.keys()
    for name, figures in found.items():
        agrees(figures, expected[name])
