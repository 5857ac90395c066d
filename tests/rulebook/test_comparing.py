"""Two versions compared: nothing for the same readings, words for every other."""

import re

import pytest

from svcqa.rulebook.comparing import diff
from svcqa.rulebook.loading import parse
from svcqa.rulebook.model import CASEWORK, DOCUMENT

SAID = {
    "points: {min: 8, default: 10, max: 15}": (
        "points: {min: 8, default: 12, max: 15}",
        "条款 7.1.1：扣分由“8 至 15 分，默认 10 分”改为“8 至 15 分，默认 12 分”",
    ),
    "{kind: perf, min: 800, default: 1000, max: 2000}": (
        "{kind: loss, min: 800, default: 1000, max: 2000}",
        "条款 7.1.1：扣款种类由“绩效扣款”改为“赔偿损失”",
    ),
    "{id: I, label: 一类责任投诉（重大服务质量事故）": (
        "{id: I, label: 特大事故",
        "类别 I：名称由“一类责任投诉（重大服务质量事故）”改为“特大事故”",
    ),
    "appeal_window: {term: 5 working_days": (
        "appeal_window: {term: 7 working_days",
        "申诉期：期限由“5 个工作日”改为“7 个工作日”",
    ),
    "deduction_month: final": (
        "deduction_month: decision",
        "办理规则：扣款月份由“处罚最终确定的当月”改为“作出处罚的当月，改判后退还”",
    ),
    "  - {after: 2 working_days, to: leading_group}\n": (
        "",
        "督办：优质服务领导小组由“逾期 2 个工作日后”改为“无”",
    ),
}


def test_a_version_compared_with_itself_gives_nothing(regulation, files):
    assert diff(regulation, parse(files)) == []


def test_another_way_of_writing_the_same_is_no_change(plant, regulation):
    rewritten = parse(
        plant("points: {min: 8, default: 10, max: 15}", "points: {max: 15.0, default: 10.00, min: 8}")
    )
    assert rewritten.hash != regulation.hash
    assert diff(regulation, rewritten) == []


@pytest.mark.parametrize("old", SAID)
def test_a_change_is_said_in_words(plant, regulation, old):
    new, sentence = SAID[old]
    assert [each.sentence for each in diff(regulation, parse(plant(old, new)))] == [sentence]


def test_a_renumbered_clause_went_and_came(plant, regulation):
    changes = diff(regulation, parse(plant("id: 7.1.4", "id: 7.1.5")))
    assert [each.sentence for each in changes] == ["删除条款 7.1.4", "新增条款 7.1.5"]
    assert changes[0].before == changes[1].after
    assert "扣款 600.00 至 1,500.00 元，默认 800.00 元" in changes[0].before


def test_the_way_back_says_the_opposite(plant, regulation):
    draft = parse(plant("id: 7.1.4", "id: 7.1.5"))
    there, back = diff(regulation, draft), diff(draft, regulation)
    assert {(each.kind, each.subject) for each in there} == {
        ("removed", "条款 7.1.4"),
        ("added", "条款 7.1.5"),
    }
    assert {(each.kind, each.subject) for each in back} == {
        ("removed", "条款 7.1.5"),
        ("added", "条款 7.1.4"),
    }


def test_a_change_to_any_number_term_or_day_is_seen(files, regulation):
    # The first clause stands for all: they have the same fields.
    rules = re.sub(r"(?s)  - id: 7\.1\.2\n.*(?=  - id: 7\.3\.11\n)", "", files[CASEWORK])
    short = {**files, CASEWORK: rules}
    before, unseen = parse(short), []
    for file, pattern in ((CASEWORK, r"(?<=[:\[,] )[0-9]+(?=[],}\n ])"), (DOCUMENT, r"(?<=-)[0-9]{2}(?=\n)")):
        for number in re.finditer(pattern, short[file]):
            text = (
                short[file][: number.start()]
                + str(int(number[0]) + 1).zfill(len(number[0]))
                + short[file][number.end() :]
            )
            if not diff(before, parse({**short, file: text})):
                unseen.append((file, text.count("\n", 0, number.start()) + 1))
    assert unseen == []
