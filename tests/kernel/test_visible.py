"""What nobody can see is dropped from what people type, and everything else stays."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel.visible import INVISIBLE, visible
from svcqa.records import reading

DROPPED = [
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0x200B,
    0x200E,
    0x200F,
    0xFEFF,
    0xAD,
    0,
    7,
    0x1B,
    0x85,
]


@pytest.mark.parametrize("code", DROPPED, ids=hex)
def test_a_mark_that_nobody_sees_is_dropped(code):
    assert visible(f"宽带{chr(code)}报修") == "宽带报修"


@pytest.mark.parametrize(
    "text", ["第一行\n第二行\t缩进\r\n", "Ünïcödé 한국어 عربي", "满意 ❤️ 👍🏽", "𠮷野家", ""]
)
def test_what_is_seen_stays(text):
    assert visible(text) == text


@given(st.text())
def test_python_and_polars_drop_the_same(text):
    assert visible(visible(text)) == visible(text)
    assert not re.search(INVISIBLE, visible(text))
    found = pl.select(reading.visible(pl.lit(text, pl.String))).item()
    assert found == visible(text).strip() or found.strip() == visible(text).strip()
