"""Two versions of a scheme compared: nothing for the same readings, words for every other."""

import pytest

from svcqa.rulebook.comparing import diff
from svcqa.rulebook.loading import SHIPPED, parse_scheme, read_folder

FILES = read_folder(SHIPPED / "telecom-service" / "v1")
SAID = {
    "weight: 20": ("weight: 25", "指标 satisfied：权重由“20%”改为“25%”"),
    "metric: top_two_share": (
        "metric: mean_satisfaction",
        "指标 satisfied：算法由“top_two_share surveys”改为“mean_satisfaction surveys”",
    ),
    "{band: office, hours: 1}": (
        "{band: office, hours: 2}",
        (
            "指标 response_in_time：目标由“工作时间 1 小时；晚间 2 小时；夜间 8 小时；休息日 8 小时”"
            "改为“工作时间 2 小时；晚间 2 小时；夜间 8 小时；休息日 8 小时”"
        ),
    ),
    "{urgency: 2, hours: 24}": (
        "{urgency: 2, hours: 48}",
        (
            "指标 repair：目标由“紧急程度 1 8 小时；紧急程度 2 24 小时；其他 72 小时”"
            "改为“紧急程度 1 8 小时；紧急程度 2 48 小时；其他 72 小时”"
        ),
    ),
    "{floor: 10, full: 0}": (
        "{floor: 20, full: 0}",
        "指标 reopened：计分由“10 得 0 分，0 得满分”改为“20 得 0 分，0 得满分”",
    ),
    "scoring: {linear: {floor: 1, full: 5}}": (
        "scoring: {per_event: 5}",
        "指标 conduct：计分由“1 得 0 分，5 得满分”改为“每次扣 5 分”",
    ),
    "{at_most: 12, points: 20}": (
        "{at_least: 13, points: 20}",
        (
            "指标 outages：计分由“不超过 0 得 100 分；不超过 1 得 80 分；不超过 4 得 50 分；不超过 12 得 20 分”"
            "改为“不超过 0 得 100 分；不超过 1 得 80 分；不超过 4 得 50 分；达到 13 得 20 分”"
        ),
    ),
    "small_sample: shrink": ("small_sample: mark", "指标 satisfied：小样本由“向单位均值收缩”改为“标明”"),
    "    cap: 10": ("    cap: 20", "扣分 complaints：上限由“10 分”改为“20 分”"),
    "complaint_class: I, grade: C": ("complaint_class: I, grade: B", "一票否决 I：最高等级由“C”改为“B”"),
    "label: 优秀, at_least: 80": ("label: 优秀, at_least: 85", "等级 A：总分由“80 分以上”改为“85 分以上”"),
    "lines: [3, 10]": ("lines: [3]", "排名：标线由“第 3 名、第 10 名”改为“第 3 名”"),
    "collect: 5 working_days": ("collect: 6 working_days", "阶段期限：采集由“5 个工作日”改为“6 个工作日”"),
    "weight: 40, sample: 4": ("weight: 40, sample: 5", "评分角度 peer：评分人由“抽 4 人”改为“抽 5 人”"),
    "    - id: teamwork\n      label: 协作分享": (
        "    - id: teamwork\n      label: 协作",
        "评分题 teamwork：名称由“协作分享”改为“协作”",
    ),
    "sample_percent: 20": ("sample_percent: 30", "客户问卷：抽样由“20%”改为“30%”"),
    "cadences: [monthly, quarterly]": ("cadences: [monthly]", "考核办法：周期由“月度、季度”改为“月度”"),
}


def planted(old, new):
    assert old in FILES["scheme.yaml"], old
    return parse_scheme({**FILES, "scheme.yaml": FILES["scheme.yaml"].replace(old, new, 1)})


def test_a_scheme_compared_with_itself_gives_nothing():
    assert diff(parse_scheme(FILES), planted("weight: 20", "weight: 20.0")) == []


@pytest.mark.parametrize("old", SAID)
def test_a_change_is_said_in_words(old):
    new, sentence = SAID[old]
    assert [each.sentence for each in diff(parse_scheme(FILES), planted(old, new))] == [sentence]


def test_an_indicator_that_came_is_said_with_all_it_says():
    block = FILES["scheme.yaml"]
    first = block[block.index("  - id: promise_kept") : block.index("  - id: reopened")]
    (change,) = diff(
        parse_scheme(FILES), planted(first, first + first.replace("promise_kept", "promise_new"))
    )
    assert (change.kind, change.subject) == ("added", "指标 promise_new")
    assert "名称 服务时限达成率；" in change.after
    assert "权重 10%" in change.after
