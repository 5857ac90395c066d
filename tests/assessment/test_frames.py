"""The frozen tables: columns are what they are, and equal rows give equal bytes."""

from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.assessment.frames import TABLES, Frames, empty, to_parquet
from tests.assessment.snapshots import interactions, table

ROWS = [
    row
    for number in range(40)
    for row in interactions(
        "ab"[number % 2], urgency=number % 3 or None, opened_s=number % 7, met_target=number % 5 > 0
    )
]


def test_the_order_of_the_rows_does_not_change_the_bytes():
    shuffled = Random(1).sample(ROWS, k=len(ROWS))
    assert to_parquet("interactions", table("interactions", *shuffled)) == to_parquet(
        "interactions", table("interactions", *ROWS)
    )


def test_one_other_value_changes_the_bytes():
    other = [*ROWS[:-1], {**ROWS[-1], "reopened": 1}]
    assert to_parquet("interactions", table("interactions", *other)) != to_parquet(
        "interactions", table("interactions", *ROWS)
    )


@pytest.mark.parametrize("name", TABLES)
def test_a_table_comes_back_from_its_bytes_sorted_and_typed(name):
    rows = table("interactions", *ROWS) if name == "interactions" else empty(name)
    back = getattr(Frames.from_parquet({name: to_parquet(name, rows)}), name).collect()
    assert back.schema == TABLES[name]
    assert back.equals(rows.sort(rows.columns, nulls_last=True))


def test_an_empty_column_is_kept_as_its_type():
    rows = pl.DataFrame({"subject": [None], "unit": ["u"], "satisfaction": [5], "solved": [None]})
    back = Frames.from_parquet({"surveys": to_parquet("surveys", rows)}).surveys.collect()
    assert back.rows() == [(None, "u", 5, None)]


def test_a_table_with_other_columns_or_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="table exams has"):
        Frames.of(exams=pl.DataFrame({"subject": ["a"], "points": [3]}))
    with pytest.raises(TypeError, match="wages"):
        Frames.of(wages=pl.DataFrame())


def test_tables_that_are_not_given_are_empty():
    assert Frames.of().ratings.collect().height == 0


wild = st.sampled_from([None, -(2**63), -(2**62), -1, 0, 1, 2, 3, 2**40, 2**62, 2**63 - 1])


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "甲", None]), wild, wild), max_size=12))
def test_rows_are_sorted_by_all_columns_however_wide_their_values_are(drawn):
    rows = pl.DataFrame(drawn, schema=TABLES["exams"], orient="row")
    back = Frames.from_parquet({"exams": to_parquet("exams", rows)}).exams.collect()
    assert back.equals(rows.sort(rows.columns, nulls_last=True))
