"""The report page, and the workbooks that leave the house: for a reason, on record, only what the reader may see."""

import pytest

from svcqa.kernel.statements import Statement
from tests.web.visitor import words

REASON = "部门月度例会"
EXPORTS = Statement("SELECT action FROM audit_event WHERE action LIKE '%.exported' ORDER BY seq")
XLSX = b"PK\x03\x04"


@pytest.fixture
def stage():
    return "improving"


def exported(month):
    return month.read(lambda tx: [row[0] for row in EXPORTS.run(tx).fetchall()])


def test_the_report_says_in_sentences_what_its_charts_show(boss, page):
    answer = boss.get(f"{page}/report")
    text = words(answer)
    for heading in ("概要", "等级分布", "各单位", "投诉处罚", "评分", "数据说明", "改进措施", "成绩与排名"):
        assert heading in text
    assert "8 人参加考核" in text
    assert answer.text.count('role="img"') >= 2
    assert "数据快照" in text


def test_a_head_reads_the_report_of_own_people(desk, page, cast):
    text = desk("fengjianjun").get(f"{page}/report").text
    assert "3 人参加考核" in text
    assert cast["chensiyu"].name not in text


def test_the_workbook_is_handed_out_for_a_reason_and_on_record(boss, page, month):
    answer = boss.post(f"{page}/workbook", {"reason": REASON})
    assert answer.content.startswith(XLSX)
    assert "attachment; filename*=UTF-8''KH-202610-001" in answer.headers["content-disposition"]
    assert exported(month) == ["cycle.exported"]


@pytest.mark.parametrize("where", ["page", "board"])
def test_without_a_reason_nothing_leaves(boss, page, month, where):
    path = f"{page}/workbook" if where == "page" else "/measures/workbook"
    answer = boss.post(path, {"reason": " "})
    assert answer.status_code == 422
    assert "请写明导出的用途" in answer.text
    assert exported(month) == []


def test_the_board_is_handed_out_too(boss, month):
    assert boss.post("/measures/workbook", {"reason": REASON}).content.startswith(XLSX)
    assert exported(month) == ["measure.exported"]


def test_a_report_before_there_are_results_says_so(desk, page, month, boss):
    boss.post("/cycles", {"scheme": "telecom-service", "unit": "cx", "month": "2026-10"})
    answer = boss.get("/cycles/KH-202610-002/report")
    assert "还没有可以看到的成绩" in answer.text
    assert boss.post("/cycles/KH-202610-002/workbook", {"reason": REASON}).status_code == 409
