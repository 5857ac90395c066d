"""What leaves the house holds the figures of the results, for a reason that is on record, and no formula."""

import io
import json

import pytest
from python_calamine import CalamineWorkbook

from states import Refused
from svcqa.improvement import forms
from svcqa.improvement import measures as improvement
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.statements import Statement
from svcqa.reporting import cycle_report, exports
from tests.reporting.conftest import UGLY
from tests.reporting.test_workbook import parts

REASON = "提交月度质量分析会"
LAST_EVENT = Statement("SELECT action, body FROM audit_event ORDER BY seq DESC LIMIT 1")
STAGE = Statement("UPDATE cycle SET stage = 'collecting' WHERE id = :id")


def exported(month, who="liumin", reason=REASON):
    return month.act(who, lambda tx: exports.cycle_results(tx, month.cycle.number, reason=reason))


def sheet(document, name):
    """Return the sheet as a list of dictionaries keyed by the head."""
    head, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(document.content)).get_sheet_by_name(name).to_python()
    )
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_every_row_equals_its_result(month):
    people = sheet(exported(month), "成绩")
    lines = month.act("liumin", lambda tx: cycle_report.of_number(tx, month.cycle.number)).lines
    assert len(people) == len(lines) == 8
    for row, line in zip(people, lines, strict=True):
        result = line.result
        assert row["工号"] == line.staff_number
        assert row["等级"] == result.grade
        assert round(row["总分"] * 100) == result.composite_hundredths
        for one in result.indicators:
            assert row[f"{one.label}：值"] == one.shown
            assert row[f"{one.label}：样本量"] == one.n
            assert round(row[f"{one.label}：计入总分"] * 100) == one.contribution_hundredths


def test_contributions_bonus_and_deductions_add_up_to_the_composite_in_every_row(month):
    for row in sheet(exported(month), "成绩"):
        parts_of_it = [value for name, value in row.items() if name.endswith("计入总分") and value != ""]
        whole = round(100 * (sum(parts_of_it) - row["扣分"] + row["加分"]))
        assert whole == round(100 * row["总分"])


def test_the_units_sheet_counts_the_people_of_the_first(month):
    document = exported(month)
    people, units = sheet(document, "成绩"), sheet(document, "单位")
    assert sum(row["人数"] for row in units) == len(people)
    for grade, label in (("A", "A 优秀"), ("B", "B 合格"), ("C", "C 待改进")):
        assert sum(row[label] for row in units) == sum(row["等级"] == grade for row in people)


def test_a_name_that_is_a_formula_stays_a_text(month):
    document = exported(month)
    assert UGLY in [row["姓名"] for row in sheet(document, "成绩")]
    for text in parts(document.content, r"worksheets/").values():
        assert "<f>" not in text
        assert "<hyperlink" not in text


def test_the_last_sheet_says_what_the_figures_rest_on(month):
    about = {row["项目"]: row["内容"] for row in sheet(exported(month), "说明")}
    assert about["成绩指纹"] == month.cycle.score_hash
    assert about["数据快照"] == month.cycle.snapshot_sha256
    assert about["导出用途"] == REASON
    assert about["导出"].startswith("刘敏 导出于 2026-11-28")


def test_the_same_export_has_the_same_bytes(month):
    assert exported(month).content == exported(month).content


def test_an_export_is_an_event_with_its_hash_and_its_reason_beside(month):
    document = exported(month)
    action, body = month.read(LAST_EVENT.one)
    event = json.loads(body)
    assert action == "cycle.exported"
    assert event["facts"]["people"] == 8
    assert event["facts"]["file"] == document.name == f"{month.cycle.number}-成绩.xlsx"
    assert len(event["facts"]["sha256"]) == 64
    assert set(event["texts"]) == {"reason"}


@pytest.mark.parametrize("reason", ["", "  ", "看看", "长" * 201])
def test_without_a_reason_nothing_leaves(month, reason):
    before = month.read(LAST_EVENT.one)
    with pytest.raises(Invalid, match="用途"):
        exported(month, reason=reason)
    assert month.read(LAST_EVENT.one) == before


def test_a_head_exports_the_own_team(month):
    people = sheet(exported(month, "fengjianjun"), "成绩")
    assert {row["班组"] for row in people} == {"城东一班"}


def test_who_may_not_see_the_cycle_exports_nothing(month):
    with pytest.raises(NotFound):
        exported(month, "xieweidong")


def test_before_there_are_results_there_is_nothing_to_export(month):
    month.act("liumin", lambda tx: STAGE.run(tx, id=month.cycle_id))
    with pytest.raises(Refused, match="还没有你可以导出的成绩"):
        exported(month)


def test_the_measures_are_exported_with_their_states_counted(month):
    number = (
        month.act("liumin", lambda tx: cycle_report.of_number(tx, month.cycle.number))
        .measures[0]
        .measure.number
    )
    month.act("liumin", lambda tx: improvement.advance(tx, number, form=forms.Agree(plan="=1+1 每周复盘")))
    document = month.act("liumin", lambda tx: exports.measures(tx, reason=REASON))
    rows = sheet(document, "改进措施")
    assert {row["编号"]: row["做法"] for row in rows}[number] == "=1+1 每周复盘"
    states = {row["状态"]: row["项数"] for row in sheet(document, "状态")}
    assert sum(states.values()) == len(rows)
    assert states["待开始"] == 1
    assert month.read(LAST_EVENT.one)[0] == "measure.exported"
