"""Strict and lenient raters are found, in a planted case, in chance and in real ratings."""

import csv
import gzip
import json
from random import Random

import pytest

from svcqa.statistics.severity import leniency


def test_a_rater_who_gives_one_less_everywhere_is_one_stricter():
    merits = {"a": 3.0, "b": 4.0, "c": 2.5}
    given = [
        (ratee, rater, merit - (rater == "strict"))
        for ratee, merit in merits.items()
        for rater in ("fair", "strict")
    ]
    found = leniency(given)
    assert found["fair"].fitted - found["strict"].fitted == pytest.approx(1)
    assert sum(each.fitted for each in found.values()) == pytest.approx(0)
    assert found["fair"].n == 3


def test_a_rater_of_the_weak_is_not_mistaken_for_a_strict_one():
    # Both raters judge alike; only the weak and the strong fall to different ones, joined by one ratee.
    given = [("weak", "one", 1.0), ("joint", "one", 3.0), ("joint", "other", 3.0), ("strong", "other", 5.0)]
    assert leniency(given)["one"].fitted == pytest.approx(0, abs=1e-6)


def test_the_fewer_the_ratings_the_more_is_drawn_to_nothing():
    random = Random(4)
    given = [
        (f"ratee {number}", rater, random.gauss(3 + bias, 0.7))
        for number in range(60)
        for rater, bias in (("lenient", 0.5), ("strict", -0.5), ("middling", 0.0))
    ] + [(f"ratee {number}", "rare", random.gauss(3.4, 0.7)) for number in range(3)]
    found = leniency(given)
    kept = {rater: each.shrunk / each.fitted for rater, each in found.items()}
    assert kept["rare"] < kept["lenient"] < 1


def test_one_rater_alone_cannot_be_told_from_those_rated():
    (only,) = leniency([("a", "r", 2.0), ("b", "r", 4.0)]).values()
    assert (only.fitted, only.shrunk) == (0, 0)


def test_the_leniency_of_real_raters_is_that_of_other_tools(shared_data):
    folder = shared_data / "ratings"
    reference = json.loads((folder / "sirt_data_ratings1_reference.json").read_text("utf-8"))
    with gzip.open(folder / "sirt_data_ratings1.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    found = leniency([(r["idstud"], r["rater"], float(r[k])) for r in rows for k in reference["criteria"]])
    least_squares = reference["rater_leniency_additive_least_squares(centred, simple mean 0)"]
    assert {rater: each.fitted for rater, each in found.items()} == pytest.approx(least_squares, abs=1e-8)
    # Moments stand in for maximum likelihood; on these data they stay within three hundredths of a point.
    assert {rater: each.shrunk for rater, each in found.items()} == pytest.approx(
        reference["rater_leniency_reml_blup"], abs=0.03
    )
