"""Small frozen inputs and schemes, written in a few words, for the tests of what is computed from them."""

from textwrap import dedent, indent
from typing import Any

import polars as pl

from svcqa.assessment.frames import TABLES, Frames
from svcqa.assessment.metrics import KNOWN
from svcqa.assessment.outcome import IndicatorResult, SubjectResult
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, parts, read_folder
from svcqa.rulebook.scheme import Scheme

DOCUMENT = read_folder(SHIPPED / "telecom-service" / "v1")["document.yaml"]
FRAME = """
subject: person
cadences: [monthly]
groups: [{id: all, label: 全部, article: 第 1 条, text: 只有一组}]
grading:
  article: 第 1 条
  coverage_percent: 50
  grades: [{id: A, label: 优, at_least: 80}, {id: B, label: 良, at_least: 60}, {id: C, label: 差, at_least: 0}]
ranking: {ties: same_rank, text: 同分同名次}
deadlines: {article: 第 1 条, collect: 5 working_days, confirm: 3 working_days, appeal: 3 working_days,
  improve: 30 calendar_days, remind_percent: 60}
"""
KEPT = "metric: target_met_share, scoring: {linear: {floor: 0, full: 100}}"
REOPENED = "metric: reopen_rate, scoring: {linear: {floor: 10, full: 0}}"


def shipped() -> Scheme:
    """Return the scheme of regulation no. 6."""
    scheme = parts(read_folder(SHIPPED / "telecom-service" / "v1")).scheme
    assert scheme is not None
    return scheme


def scheme(indicators: dict[str, tuple[int, str]], rest: str = "", *, small: str = "") -> Scheme:
    """Return a checked scheme: per indicator its weight and the words for metric and scoring."""
    lines = "".join(
        f"  - {{id: {name}, group: all, label: {name}, article: 第 1 条, text: 一项, weight: {weight},"
        f" nature: objective, {words}{small}}}\n"
        for name, (weight, words) in indicators.items()
    )
    version = parts({"document.yaml": DOCUMENT, "scheme.yaml": f"{FRAME}indicators:\n{lines}{dedent(rest)}"})
    assert library.findings(version, metrics=KNOWN) == []
    assert version.scheme is not None
    return version.scheme


RATING_FORM = indent(
    """
article: 第 1 条
directions:
  - {id: superior, label: 上级评, weight: 60}
  - {id: peer, label: 同事评, weight: 40, sample: 4, minimum: 3}
items: [{id: one, label: 一, text: 一, anchors: [一, 二, 三, 四, 五]}]
""",
    "  ",
)


def table(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Return rows of a table; a column that is not given is empty."""
    return pl.DataFrame([dict.fromkeys(TABLES[name]) | row for row in rows], schema=TABLES[name])


def interactions(subject: str, count: int = 1, **values: Any) -> list[dict[str, Any]]:
    """Return so many equal interactions of one person, in office hours and not reopened unless said otherwise."""
    return [
        {"subject": subject, "unit": "u", "channel": "", "band": "office", "opened_s": 0, "reopened": 0}
        | values
    ] * count


def frames(*rows: dict[str, Any], people: str = "a", **tables: pl.DataFrame) -> Frames:
    """Return a snapshot of interactions and whole tables; the people are one letter each, all of unit u."""
    subjects = table("subjects", *({"subject": name, "unit": "u"} for name in people))
    return Frames.of(**{"subjects": subjects, "interactions": table("interactions", *rows)} | tables)


def line(results: tuple[SubjectResult, ...], subject: str) -> SubjectResult:
    """Return one person's result."""
    return next(each for each in results if each.subject == subject)


def indicator(result: SubjectResult, name: str) -> IndicatorResult:
    """Return one indicator of a result."""
    return next(each for each in result.indicators if each.id == name)
