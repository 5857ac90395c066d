"""A line of a foreign table becomes a complaint, or is named with what is wrong and what to do."""

import pytest

from svcqa.casework import mapping
from tests.casework.old_desk import LATE, OPEN, RULES, case, imported, planned


@pytest.fixture
def place(life):
    """Return the workplace where the regulation is in force."""
    return life.place


@pytest.fixture
def rules():
    return mapping.parse(RULES, name="old.map.yaml")


@pytest.mark.parametrize(
    ("old", "new", "column", "reason"),
    [
        ("A1,", ",", "no", "编号为空或超过 64 个字符"),
        ("宽带报修三天无人上门", "断", "what", "事由有 1 个字，应为 4 到 120 个字"),
        ("phone", "pigeon", "from", "映射文件没有说明这个渠道"),
        ("east", "north", "team", "映射文件没有说明这个单位"),
        ("2026-11-20 09:00", "", "came", "没有受理时间"),
        ("2026-11-20 09:00", "20/11/2026", "came", "时间无法识别"),
        ("2026-11-20 09:00", "2026-12-01", "came", "受理时间晚于现在"),
        ("2026-11-19", "2026-11-21", "happened", "发生时间晚于受理时间"),
        (",,,open", ",2026-11-01,,open", "due", "时限早于受理时间"),
        (",,,open", ",,2026-11-01,closed", "done", "办结时间早于受理时间"),
        (",,,open", ",,2026-12-01,closed", "done", "办结时间晚于现在"),
        (",,,open", ",,,closed", "state", "状态是已办结，却没有办结时间"),
        (",,,open", ",,,lost", "state", "映射文件没有说明这个状态"),
        (",,,open", ",,", "", "这一行的列数和表头不同"),
    ],
)
def test_a_bad_line_is_named_with_column_value_reason_and_remedy(place, rules, old, new, column, reason):
    plan = planned(place, rules, OPEN.replace(old, new), LATE)
    (bad,) = plan.rejected
    assert (bad.line, bad.column, bad.reason) == (2, column, reason)
    assert bad.remedy.startswith("请")
    assert [entry.line for entry in plan.new] == [3]


def test_the_second_line_with_an_id_is_rejected(place, rules):
    plan = planned(place, rules, OPEN, LATE, OPEN)
    assert [(bad.line, bad.reason) for bad in plan.rejected] == [(4, "编号与第 2 行相同")]


def test_an_hour_that_daylight_saving_skipped_is_rejected(place):
    rules = mapping.parse(RULES.replace("Asia/Shanghai", "America/New_York"), name="old.map.yaml")
    row = OPEN.replace("2026-11-20 09:00", "2026-03-08 02:30").replace("2026-11-19", "2026-03-07")
    assert planned(place, rules, row).rejected[0].reason.startswith("America/New_York 没有这个时刻")


def test_an_unknown_unit_may_be_left_empty(place):
    text = RULES.replace("codes: {east: cd1}", "unknown: leave_empty")
    rules = mapping.parse(text, name="old.map.yaml")
    first, second = imported(place, rules, OPEN, OPEN.replace("A1", "A2").replace("east", "CD1")).numbers
    assert case(place, first).row["unit_id"] is None
    assert case(place, second).row["unit_id"] is not None


def test_a_narrative_is_kept_whole_or_refused(place):
    rules = mapping.parse(RULES + 'narrative: "{team}：{what}"\n', name="old.map.yaml")
    plan = planned(place, rules, OPEN)
    assert plan.new[0].form.narrative == "east：宽带报修三天无人上门"
    long = mapping.parse(RULES + f'narrative: "{"{what}" * 401}"\n', name="old.map.yaml")
    assert planned(place, long, OPEN).rejected[0].reason == "情况说明超过 4000 个字"
