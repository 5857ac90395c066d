"""What could be loaded and is wrong all the same: each finding stands on its line and says what to do."""

import pytest

from svcqa.rulebook.checking import check
from svcqa.rulebook.loading import parse
from svcqa.rulebook.model import CASEWORK, DOCUMENT

# what is wrong: file, text, replacement, a text on the line that must be named, words of the sentence
PLANTED = {
    "published before adopted": (
        DOCUMENT,
        "published_on: 2024-12-25",
        "published_on: 2024-12-01",
        "published_on",
        "公布日期早于通过日期",
    ),
    "binding before published": (
        DOCUMENT,
        "effective_on: 2025-01-01",
        "effective_on: 2024-12-24",
        "effective_on",
        "不能溯及既往",
    ),
    "class id twice": (CASEWORK, "{id: II,", "{id: I,", "{id: I, label: 二类", "编号 I 重复"),
    "clause id twice": (
        CASEWORK,
        "id: 7.1.4",
        "id: 7.1.3",
        "id: 7.1.3\n    class: I\n    article: 第七条第（一）项第 4 目",
        "编号 7.1.3 重复",
    ),
    "class without clause": (
        CASEWORK,
        "\nclauses:",
        "  - {id: IV, label: 四类, article: 第六条}\n\nclauses:",
        "{id: IV",
        "类别 IV 下没有条款",
    ),
    "clause without class": (CASEWORK, "class: II\n", "class: IX\n", "class: IX", "类别 IX 没有定义"),
    "article twice": (
        CASEWORK,
        "第七条第（一）项第 4 目",
        "第七条第（一）项第 3 目",
        "第七条第（一）项第 3 目\n    title: 公司",
        "同一处只列一次",
    ),
    "points out of order": (
        CASEWORK,
        "points: {min: 8, default: 10,",
        "points: {min: 8, default: 7,",
        "default: 7,",
        "min ≤ default ≤ max",
    ),
    "points too fine": (
        CASEWORK,
        "points: {min: 8, default: 10,",
        "points: {min: 8, default: 9.705,",
        "9.705",
        "最多写两位小数",
    ),
    "unit points too fine": (
        CASEWORK,
        "unit_points: 5\n",
        "unit_points: 5.125\n",
        "5.125",
        "单位扣分最多写两位小数",
    ),
    "sums out of order": (
        CASEWORK,
        "default: 1000, max: 2000",
        "default: 1000, max: 900",
        "max: 900",
        "min ≤ default ≤ max",
    ),
    "sum without deduction": (
        CASEWORK,
        "kind: none, min: 0, default: 0, max: 0",
        "kind: none, min: 0, default: 0, max: 9",
        "max: 9",
        "kind 写成 none",
    ),
    "deduction without sum": (CASEWORK, "kind: none", "kind: perf", "kind: perf, min: 0", "kind 写成 none"),
    "percentage and sum": (
        CASEWORK,
        "    percent: 30\n",
        "    percent: 30\n    yuan: 5\n",
        "- id: media",
        "只用一种",
    ),
    "neither percentage nor sum": (CASEWORK, "    percent: 30\n", "", "- id: media", "只用一种"),
    "spared clause unknown": (
        CASEWORK,
        "except_for: [7.3.11]",
        "except_for: [7.3.12]",
        "[7.3.12]",
        "没有条款 7.3.12",
    ),
    "escalated clause unknown": (
        CASEWORK,
        "escalated_clause: 7.3.11",
        "escalated_clause: 8.1",
        "8.1",
        "没有条款 8.1",
    ),
    "customer channel unknown": (
        CASEWORK,
        "channels: [hotline,",
        "channels: [pigeon,",
        "[pigeon",
        "没有来源渠道 pigeon",
    ),
    "superior channel unknown": (
        CASEWORK,
        "channels: [superior_inspection]",
        "channels: [court]",
        "[court]",
        "没有来源渠道 court",
    ),
    "reply later than the law": (
        CASEWORK,
        "15 calendar_days",
        "16 calendar_days",
        "16 calendar_days",
        "不超过 15 日",
    ),
    "reply in working days": (
        CASEWORK,
        "15 calendar_days",
        "15 working_days",
        "15 working_days",
        "以自然日计",
    ),
    "alarms out of order": (CASEWORK, "[5, 2, 0]", "[2, 5, 0]", "[2, 5, 0]", "从多到少"),
    "alarm before receipt": (CASEWORK, "[5, 2, 0]", "[15, 2, 0]", "[15, 2, 0]", "少于答复期限"),
    "warning at the end": (
        CASEWORK,
        "warn_percent: 75",
        "warn_percent: 100",
        "warn_percent: 100",
        "0 与 100 之间",
    ),
    "second step at once": (
        CASEWORK,
        "{after: 1 working_days, to: unit_head}",
        "{to: unit_head}",
        "{to: unit_head}",
        "只有第一步",
    ),
    "steps in two units": (
        CASEWORK,
        "after: 2 working_days",
        "after: 20 working_hours",
        "20 working_hours",
        "同一种单位",
    ),
    "steps not later": (
        CASEWORK,
        "after: 2 working_days",
        "after: 1 working_days",
        "{after: 1 working_days, to: leading",
        "一步比一步晚",
    ),
    "deadline twice": (
        CASEWORK,
        "state: verified",
        "state: received",
        "state: received, step: classify",
        "写了两次",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found_on_its_line(plant, name):
    file, old, new, marker, words = PLANTED[name]
    planted = plant(old, new, file=file)
    findings = [each for each in check(parse(planted)) if words in each.sentence]
    assert [(each.file, each.line) for each in findings] == [(file, line_of(planted[file], marker))]
    assert findings[0].severity == "error"
    assert "请" in findings[0].sentence


def line_of(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n") + 1


def test_a_milder_class_that_costs_more_is_a_warning(plant):
    planted = plant("points: {min: 1, default: 2, max: 3}", "points: {min: 1, default: 3.5, max: 4}")
    [finding] = check(parse(planted))
    assert finding.severity == "warning"
    assert finding.line == line_of(planted[CASEWORK], "default: 3.5")
    assert "7.3.1" in finding.sentence


def test_every_state_that_is_asked_for_needs_a_deadline(regulation):
    findings = check(regulation, states=["received", "verified", "classified", "penalized", "archived"])
    assert [each.sentence for each in findings] == [
        "环节 archived 没有时限。请在 deadlines 中补上一行。",
        "没有环节 appealed。请改为 received、verified、classified、penalized、archived 之一。",
    ]


def test_findings_come_in_the_order_of_the_files(plant):
    both = {
        **plant("warn_percent: 75", "warn_percent: 0"),
        DOCUMENT: plant("effective_on: 2025-01-01", "effective_on: 2024-01-01", file=DOCUMENT)[DOCUMENT],
    }
    assert [each.file for each in check(parse(both))] == [CASEWORK, DOCUMENT]
