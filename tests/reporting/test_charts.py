"""Charts by known geometry: lengths are shares, heights are points, and the words say what the strokes show."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.reporting import charts
from svcqa.reporting.charts import Fall, Interval, Series, Stack

ROWS = [Stack("全部", {"A": 3, "B": 9, "C": 2}), Stack("热线一组", {"A": 1, "B": 2})]
FALLS = [
    Fall("满分", 10_000, "level"),
    Fall("响应速度", -600),
    Fall("表扬", 150),
    Fall("综合得分", 9_550, "level"),
]
UNITS = [Interval("一组", 8_500, 8_000, 9_000, n=40, tone="a"), Interval("二组", 7_200, 6_100, 8_300)]


def tree(svg):
    return ET.fromstring(str(svg))


def parts(svg, tag, look=""):
    return [each for each in tree(svg).iter(tag) if look in (each.get("class") or "")]


def texts(svg):
    return ["".join(each.itertext()) for each in tree(svg).iter("text")]


def bars(svg, look="chart-"):
    return [(float(each.get("width")), float(each.get("height"))) for each in parts(svg, "rect", look)]


def test_a_bar_is_divided_by_shares_and_says_the_numbers():
    svg = charts.stacked(ROWS, title="等级分布")
    whole = 520 - 48 - (4 * 12 + 14)
    assert [width for width, _ in bars(svg)[:3]] == [
        pytest.approx(whole * n / 14 - 1.5, abs=0.1) for n in (3, 9, 2)
    ]
    assert texts(svg) == ["全部", "3", "9", "2", "14 人", "热线一组", "1", "2", "3 人"]
    assert (
        tree(svg).find("desc").text
        == "全部：A 级 3 人，B 级 9 人，C 级 2 人；热线一组：A 级 1 人，B 级 2 人，C 级 0 人"
    )


def test_a_group_of_nobody_has_no_bar():
    svg = charts.stacked([Stack("空组", {})], title="等级分布")
    assert bars(svg) == []
    assert "0 人" in texts(svg)


def test_a_name_without_room_is_cut_and_said_in_words():
    name = "西部大区综合客户服务支撑中心第一班组"
    svg = charts.stacked([Stack(name, {"A": 1})], title="等级分布", width=334)
    assert texts(svg)[0].endswith("..")
    assert name in tree(svg).find("desc").text


def test_each_column_of_a_waterfall_begins_where_the_last_one_ended():
    svg = charts.waterfall(FALLS, title="得分构成")
    columns = [(float(r.get("y")), float(r.get("height"))) for r in parts(svg, "rect")]
    height = 162 / (10_000 - charts.ground(FALLS)) * 100
    full, loss, gain, total = columns
    assert loss[0] == pytest.approx(full[0], abs=0.1)
    assert loss[1] == pytest.approx(6 * height, abs=0.1)
    assert gain[0] + gain[1] == pytest.approx(loss[0] + loss[1], abs=0.1)
    assert total[0] == pytest.approx(gain[0], abs=0.1)
    assert [r.get("class") for r in parts(svg, "rect")] == [
        "chart-level", "chart-loss", "chart-gain", "chart-level"
    ]  # fmt: skip
    assert {"100.00", "−6.00", "+1.50", "95.50"} <= set(texts(svg))


@given(st.lists(st.integers(-3_000, 500), max_size=8), st.integers(0, 10_000))
def test_a_waterfall_stays_on_its_paper(changes, start):
    falls = [Fall("满分", start, "level"), *(Fall("指标", change) for change in changes)]
    falls.append(Fall("得分", start + sum(changes), "level"))
    for rect in parts(charts.waterfall(falls, title="得分构成"), "rect"):
        assert -0.1 <= float(rect.get("y")) <= 236
        assert float(rect.get("height")) > 0


def test_a_name_below_a_column_is_broken_into_even_lines():
    svg = charts.waterfall([Fall("满分", 100, "level")] * 6 + [Fall("响应速度", -1)], title="构成", width=334)
    assert texts(svg)[-2:] == ["响应", "速度"]


def test_the_axis_of_a_waterfall_begins_at_tens_below_the_lowest_level():
    assert charts.ground(FALLS) == 8_000
    assert charts.ground([Fall("得分", 350, "level")]) == 0


def test_a_trend_passes_over_what_is_not_known():
    svg = charts.trend([Series("得分", [8_120, None, 8_570])], ["25Q2", "25Q3", "25Q4"], title="趋势")
    assert len(parts(svg, "circle")) == 2
    assert len(parts(svg, "polyline")[0].get("points").split()) == 2
    assert "25Q3 无" in tree(svg).find("desc").text
    assert "得分 85.7" in texts(svg)


def test_higher_figures_stand_higher_in_a_trend():
    svg = charts.trend([Series("得分", [7_000, 8_000, 9_000])], ["1", "2", "3"], title="趋势")
    heights = [float(each.get("cy")) for each in parts(svg, "circle")]
    assert all(above > below for above, below in pairwise(heights))
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2], abs=0.2)


def test_a_trend_of_one_period_is_a_dot():
    svg = charts.trend([Series("得分", [8_000])], ["2026-10"], title="趋势")
    assert len(parts(svg, "circle")) == 1


def test_a_range_is_as_long_as_it_is_wide_and_its_dot_lies_on_it():
    svg = charts.intervals(UNITS, title="各单位得分")
    first, second = [(float(r.get("x1")), float(r.get("x2"))) for r in parts(svg, "line", "chart-range")]
    assert (second[1] - second[0]) / (first[1] - first[0]) == pytest.approx(2.2, abs=0.01)
    dots = [float(each.get("cx")) for each in parts(svg, "circle")]
    assert dots[0] == pytest.approx(sum(first) / 2, abs=0.1)
    assert tree(svg).find("desc").text == "一组 85，区间 80 至 90，n=40；二组 72，区间 61 至 83"


def test_a_mark_of_a_range_stays_in_its_cell():
    mark = charts.range_mark(9_900, 9_000, 12_000, scale=(6_000, 10_000))
    assert max(float(each.get("x2")) for each in parts(mark, "line")) <= 96
    assert tree(mark).get("aria-hidden") == "true"


def test_progress_is_a_share_of_its_place_and_full_of_nothing():
    assert [each.get("width") for each in parts(charts.progress(32, 40), "rect")] == ["100%", "80%"]
    assert parts(charts.progress(0, 0), "rect")[1].get("width") == "100%"
    assert parts(charts.progress(1, 2), "rect", "chart-waiting")
    assert parts(charts.progress(2, 2), "rect", "chart-level")
    assert parts(charts.progress(1, 2, awaited=False), "rect", "chart-level"), "nothing more is to come"


def test_a_history_needs_two_figures():
    assert charts.spark([None, 8_000]) == ""
    heights = [
        float(p.split(",")[1])
        for p in parts(charts.spark([8_000, None, 9_000]), "polyline")[0].get("points").split()
    ]
    assert heights == [15, 3]


@pytest.mark.parametrize("width", [520, 334])
def test_a_chart_keeps_its_width_and_holds_no_inline_style(width):
    for svg in (
        charts.stacked(ROWS, title="分布", width=width),
        charts.trend([Series("得分", [1, 2])], ["a", "b"], title="趋势", width=width),
        charts.waterfall(FALLS, title="构成", width=width),
        charts.intervals(UNITS, title="区间", width=width),
    ):
        assert tree(svg).get("viewBox").split()[2] == str(width)
        assert tree(svg).get("role") == "img"
        assert not re.search(r"\bstyle=|\bfill=\"#|<style|on\w+=", str(svg))


def test_a_name_cannot_bring_markup_along():
    name = '<script>&"'
    for svg in (
        charts.stacked([Stack(name, {"A": 1})], title=name),
        charts.waterfall([Fall(name, 100, "level")], title=name),
        charts.intervals([Interval(name, 1, 0, 2)], title=name),
        charts.trend([Series(name, [1])], [name], title=name),
    ):
        assert "<script" not in svg
        assert tree(svg).find("title").text == name
