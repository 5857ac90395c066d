"""PF-2: evaluate a cycle from its frozen snapshot, against the same figures written by hand in Polars.

Ours gives results that explain themselves: exact scores, intervals, rank intervals, contributions, a hash. The hand
scores in floats and keeps nothing but score, grade and rank. The snapshot lies in memory as Parquet for both.
"""

import io
from collections.abc import Mapping
from functools import partial

import polars as pl

from benchmarks.databases import Database
from benchmarks.measure import Comparison, in_turn
from svcqa.assessment import metrics
from svcqa.assessment.evaluation import evaluate
from svcqa.assessment.frames import TABLES, Frames, to_parquet
from svcqa.rulebook import library, loading
from svcqa.rulebook.scheme import Scheme

SCHEME = """
subject: person
cadences: [monthly]
groups: [{id: service, label: service, article: "1", text: all of it}]
indicators:
  - {id: in_time, group: service, label: in time, article: "1", text: by urgency and band, weight: 40,
     nature: objective, metric: within_target_share, of: resolve, scoring: {linear: {floor: 20, full: 90}},
     targets: [{urgency: 1, hours: 4}, {urgency: 2, hours: 8}, {band: office, hours: 24}, {hours: 48}]}
  - {id: reply, group: service, label: reply, article: "1", text: mean, weight: 20,
     nature: objective, metric: mean_seconds, of: response, scoring: {linear: {floor: 8, full: 1}}}
  - {id: slowest, group: service, label: slowest, article: "1", text: p90, weight: 20,
     nature: objective, metric: p90_seconds, of: resolve, scoring: {linear: {floor: 72, full: 12}}}
  - {id: reopened, group: service, label: reopened, article: "1", text: share, weight: 10,
     nature: objective, metric: reopen_rate, scoring: {linear: {floor: 10, full: 0}}}
  - {id: content, group: service, label: content, article: "1", text: share, weight: 10,
     nature: subjective, metric: top_two_share, of: interactions, scoring: {linear: {floor: 20, full: 80}}}
grading:
  article: "1"
  coverage_percent: 50
  grades: [{id: A, label: A, at_least: 80}, {id: B, label: B, at_least: 50}, {id: C, label: C, at_least: 0}]
ranking: {ties: same_rank, text: equal scores share a rank}
deadlines: {article: "1", collect: 5 working_days, confirm: 3 working_days, appeal: 3 working_days,
  improve: 30 calendar_days, remind_percent: 60}
"""


def run(_database: Database, *, rounds: int, rows: int, people: int) -> list[Comparison]:
    """Compare the whole evaluation, its hash included, with the hand's."""
    tables, scheme = snapshot(rows, people), _scheme()
    ours = ("svcqa", partial(_ours, tables, scheme, rows))
    hand = ("Polars by hand", partial(_by_hand, tables, rows))
    remark = (
        f"{rows:,} interactions, {people:,} people, {pl.thread_pool_size()} threads, polars {pl.__version__}"
    )
    return [in_turn("PF-2 evaluate a cycle", ours, hand, rounds=rounds, goal=">= 0.83", remark=remark)]


def snapshot(rows: int, people: int) -> dict[str, bytes]:
    """Return the Parquet bytes of a made-up month: the same for the same sizes."""
    person = [f"0193{number:08x}-7b7b-7e1f-8a51" for number in range(people)]
    subjects = pl.DataFrame({"subject": person, "unit": [f"unit {number % 40}" for number in range(people)]})
    table = pl.DataFrame({"row": pl.int_range(rows, eager=True)}).select(
        person=_draw(1, people),
        channel=pl.lit("phone"),
        urgency=(1 + _draw(2, 4)).cast(pl.Int8),
        band=_draw(3, 4),
        opened_s=1_460_000_000 + _draw(4, 2_592_000).cast(pl.Int64),
        response_seconds=_draw(5, 36_000).cast(pl.Int64),
        resolve_seconds=(_draw(6, 600) * _draw(7, 600)).cast(pl.Int64),
        reopened=(_draw(8, 40) == 0).cast(pl.Int32),
        met_target=_draw(9, 4) > 0,
        satisfaction=(1 + _draw(10, 5)).cast(pl.Int8),
        answered=pl.lit(value=True),
    )
    bands = pl.Series(["office", "evening", "night", "holiday"])
    interactions = table.with_columns(
        subject=subjects["subject"].gather(table["person"]),
        unit=subjects["unit"].gather(table["person"]),
        band=bands.gather(table["band"]),
    ).select(*TABLES["interactions"])
    return {
        "subjects": to_parquet("subjects", subjects),
        "interactions": to_parquet("interactions", interactions),
    }


def _draw(seed: int, below: int) -> pl.Expr:
    return (pl.col("row").hash(seed) % below).cast(pl.UInt32)


def _scheme() -> Scheme:
    folder = loading.SHIPPED / "telecom-service" / "v1"
    version = loading.parts(
        {"document.yaml": loading.read_folder(folder)["document.yaml"], "scheme.yaml": SCHEME}
    )
    assert version.scheme is not None
    assert library.findings(version, metrics=metrics.KNOWN) == []
    return version.scheme


def _ours(tables: Mapping[str, bytes], scheme: Scheme, rows: int) -> int:
    evaluation = evaluate(Frames.from_parquet(tables), scheme)
    assert len(evaluation.score_hash) == 64
    return rows


def _by_hand(tables: Mapping[str, bytes], rows: int) -> int:
    found = by_hand(tables)
    assert found.height > 0
    return rows


def by_hand(tables: Mapping[str, bytes]) -> pl.DataFrame:
    """Return composite, grade and rank of each subject as somebody would write it for this scheme alone."""
    points = [
        weight * (100 * (pl.col(name) - floor) / (full - floor)).clip(0, 100) / 100
        for name, weight, floor, full in (
            ("in_time", 40, 20, 90),
            ("reply", 20, 8, 1),
            ("slowest", 20, 72, 12),
            ("reopened", 10, 10, 0),
            ("content", 10, 20, 80),
        )
    ]
    composite = pl.col("composite")
    grade = (
        pl.when(composite >= 80)
        .then(pl.lit("A"))
        .when(composite >= 50)
        .then(pl.lit("B"))
        .otherwise(pl.lit("C"))
    )
    return (
        pl.scan_parquet(io.BytesIO(tables["subjects"]))
        .join(_figures(tables["interactions"]), on="subject", how="left")
        .with_columns(composite=pl.sum_horizontal(points).round(2, mode="half_away_from_zero"))
        .with_columns(grade=grade, rank=composite.rank("min", descending=True))
        .sort("subject")
        .collect(engine="streaming")
    )


def _figures(interactions: bytes) -> pl.LazyFrame:
    urgency, resolve = pl.col("urgency"), pl.col("resolve_seconds")
    limit = pl.when(urgency == 1).then(4).when(urgency == 2).then(8).when(pl.col("band") == "office").then(24)
    return (
        pl.scan_parquet(io.BytesIO(interactions))
        .group_by("subject")
        .agg(
            in_time=100 * (resolve <= 3600 * limit.otherwise(48)).mean(),
            reply=pl.col("response_seconds").mean() / 3600,
            slowest=resolve.quantile(0.9, "equiprobable") / 3600,
            reopened=100 * (pl.col("reopened") > 0).mean(),
            content=100 * (pl.col("satisfaction") >= 4).mean(),
        )
    )
