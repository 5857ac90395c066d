"""A mapping file says what a foreign table means; what is wrong in it is named with its line."""

import pytest

from svcqa.casework import mapping
from svcqa.rulebook.reading import RulebookError

GOOD = """\
source: old-desk
time_zone: Asia/Shanghai
time_formats: ["%Y-%m-%d %H:%M"]
external_id: 工单号
subject: "{类型}：{内容}"
channel: {column: 来源, words: {电话: hotline, 来信: letter}}
unit: {column: 班组}
received_at: 受理时间
"""


def refusal(old, new, *, header=None):
    assert old in GOOD
    with pytest.raises(RulebookError) as caught:
        mapping.parse(GOOD.replace(old, new), name="old.map.yaml").require_columns(
            header or [], table="old.csv"
        )
    return caught.value.sentence


def test_a_good_file_gives_frozen_rules():
    rules = mapping.parse(GOOD, name="old.map.yaml")
    assert (rules.source, rules.channel.words["来信"], rules.due_at) == ("old-desk", "letter", "")
    assert rules.unit is not None
    assert rules.unit.unknown == "reject"
    rules.require_columns(["工单号", "类型", "内容", "来源", "班组", "受理时间"], table="old.csv")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("old-desk", "Old Desk", "第 1 行：source：来源“Old Desk”写法不对"),
        ("Asia/Shanghai", "Mars/Base", "第 2 行：time_zone：不认识时区“Mars/Base”"),
        ('["%Y-%m-%d %H:%M"]', "[]", "第 3 行：time_formats：至少要写一种时间格式"),
        ("%Y-%m-%d %H:%M", "%H:%M", "第 3 行：time_formats：时间格式“%H:%M”没有写全年、月、日"),
        ("%Y-%m-%d %H:%M", "%Y-%m-%d %Q", "第 3 行：time_formats：时间格式“%Y-%m-%d %Q”无法使用"),
        (
            "{column: 来源, words: {电话: hotline, 来信: letter}}",
            "{column: 来源}",
            "第 6 行：channel：请只写一种",
        ),
        ("{电话: hotline, 来信: letter}", "hotline", "第 6 行：words 应是一组"),
        ("{column: 班组}", "{column: 班组, unknown: create}", "第 7 行：unknown 不能是“create”"),
        ("received_at", "recieved_at", "是否应为 received_at"),
        ("source: old-desk\n", "", "缺少字段 source"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old, new, said):
    sentence = refusal(old, new)
    assert sentence.startswith("old.map.yaml 第 ")
    assert said in sentence


def test_a_column_the_table_lacks_is_named_with_the_line_that_asks_for_it():
    header = ["工单号", "类型", "来源", "班组", "受理时间"]
    assert refusal("old-desk", "old-desk", header=header).startswith(
        "old.map.yaml 第 5 行：old.csv 中没有列“内容”。"
    )


def test_a_file_on_the_disk_is_read_or_named(tmp_path):
    path = tmp_path / "old.map.yaml"
    path.write_text(GOOD, "utf-8")
    assert mapping.load(path).file == "old.map.yaml"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(RulebookError, match="不是 UTF-8 编码"):
        mapping.load(path)
    with pytest.raises(RulebookError, match="读不到这个映射文件"):
        mapping.load(tmp_path / "absent.yaml")
