"""A mapping file says how a table becomes facts; what is wrong in it is named with its line."""

import pytest

from svcqa.records import mapping
from svcqa.rulebook.reading import RulebookError
from tests.records.shift import HEADER, RULES


def refusal(old, new, *, header=HEADER):
    assert old in RULES
    with pytest.raises(RulebookError) as caught:
        mapping.parse(RULES.replace(old, new), name="shift.map.yaml").require_columns(
            header.split(","), table="shift.csv"
        )
    return caught.value.sentence


def test_a_good_file_names_its_columns_once():
    read = mapping.parse(RULES, name="shift.map.yaml")
    read.require_columns(HEADER.split(","), table="shift.csv")
    assert sorted(read.columns) == sorted(HEADER.split(","))
    assert (read.rules.kind, read.rules.example, read.rules.keep) == ("interactions", False, "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: interactions", "kind: dreams", "第 1 行：不认识数据种类“dreams”"),
        ("source: shift", "source: The Shift", "第 2 行：source：来源“The Shift”写法不对"),
        ("%Y-%m-%d %H:%M", "%H:%M", "第 3 行：time_formats：时间格式“%H:%M”没有写全年、月、日"),
        ("%Y-%m-%d %H:%M", "%Y-%m-%d %H", "时间格式“%Y-%m-%d %H”无法使用。请写到分或秒"),
        ("%Y-%m-%d %H:%M", "%Y %j %H:%M", "时间格式“%Y %j %H:%M”无法使用"),
        ("{value}", "{value.real}", "第 6 行：pattern：工号写法“{value.real}”无法使用"),
        ("words: {tel: phone, mail: email}", "always: phone", "第 8 行：channel：请只写一种"),
        ("seconds: wait", "columns: [wait]", "第 12 行：responded_at：请只写一种"),
        ("after: opened_at", "after: started_at", "第 12 行：after 不能是 started_at"),
        ("after: opened_at", "after: responded_at", "第 12 行：after 不能是 responded_at"),
        ("urgency: level", "urgnecy: level", "不认识字段 urgnecy"),
        ("reference: no\n", "", "缺少字段 reference"),
        ("mark", "stars", "第 17 行：shift.csv 中没有列“stars”"),
        (
            "missing:",
            "only: {field: taken_on, from_on: 2026-11-01, until_on: 2026-11-30}\nmissing:",
            "第 4 行：这类数据没有 taken_on",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old, new, said):
    sentence = refusal(old, new)
    assert sentence.startswith("shift.map.yaml 第 ")
    assert said in sentence
