"""A cycle's report as sheets: people, units, indicators, complaints by clause, and what the figures rest on."""

from collections.abc import Sequence

from svcqa.assessment.board import RankLine
from svcqa.assessment.outcome import IndicatorResult
from svcqa.kernel.calendar import local
from svcqa.reporting.cycle_report import CycleReport
from svcqa.reporting.workbook import Column, Drawing, Sheet, Stamp, Value
from svcqa.rulebook.scheme import CADENCES

PERSON = (
    Column("名次", "count", 7),
    Column("名次区间", width=10),
    Column("姓名"),
    Column("工号"),
    Column("班组", width=16),
    Column("总分", "points", 9),
    Column("区间下限", "points", 9),
    Column("区间上限", "points", 9),
    Column("等级", width=7),
    Column("暂定", width=7),
    Column("扣分", "points", 8),
    Column("加分", "points", 8),
)
CLAUSE = (
    Column("制度", width=34),
    Column("条款", width=10),
    Column("类别", width=8),
    Column("条文出处", width=22),
    Column("事项", width=34),
    Column("生效处罚（项）", "count", 10),
    Column("记分", "points", 9),
    Column("经申诉改判（项）", "count", 10),
)
INDICATOR = (
    Column("指标", width=22),
    Column("平均得分", "points", 10),
    Column("平均失分", "points", 10),
    Column("有数据的人数", "count", 10),
)


def sheets(report: CycleReport, *, stamp: Stamp, reason: str) -> tuple[Sheet, ...]:
    """Return the sheets of a report in their order."""
    return (
        _people(report),
        _units(report),
        Sheet(
            "指标",
            INDICATOR,
            [
                (one.label, one.mean_points_hundredths, one.mean_loss_hundredths, one.n)
                for one in report.losses
            ],
            Drawing("各指标平均失分", 0, (2,)),
        ),
        _clauses(report),
        _about(report, stamp, reason),
    )


def _people(report: CycleReport) -> Sheet:
    indicators = report.scheme.indicators
    columns = [*PERSON]
    for one in indicators:
        columns += [
            Column(f"{one.label}：值", width=11),
            Column(f"{one.label}：样本量", "count", 8),
            Column(f"{one.label}：得分", "points", 9),
            Column(f"{one.label}：计入总分", "points", 9),
        ]
    return Sheet(
        "成绩", tuple(columns), [_person(line, [one.id for one in indicators]) for line in report.lines]
    )


def _person(line: RankLine, indicators: Sequence[str]) -> list[Value]:
    result = line.result
    between = f"{result.rank_best} 至 {result.rank_worst}" if result.rank_best else ""
    cells: list[Value] = [
        result.rank,
        between,
        line.name,
        line.staff_number,
        line.unit_name,
        result.composite_hundredths,
        result.interval_low_hundredths,
        result.interval_high_hundredths,
        result.grade,
        "是" if result.provisional else "",
        sum(one.hundredths for one in result.deductions),
        sum(one.hundredths for one in result.bonus),
    ]
    known = {one.id: one for one in result.indicators}
    for name in indicators:
        cells += _indicator(known.get(name))
    return cells


def _indicator(one: IndicatorResult | None) -> tuple[Value, ...]:
    if one is None:
        return None, None, None, None
    return one.shown, one.n, one.points_hundredths, one.contribution_hundredths


def _units(report: CycleReport) -> Sheet:
    grades = report.scheme.grading.grades
    columns = (
        Column("单位", width=18),
        Column("人数", "count", 8),
        *(Column(f"{grade.id} {grade.label}", "count", 10) for grade in grades),
        Column("平均分", "points", 9),
        Column("区间下限", "points", 9),
        Column("区间上限", "points", 9),
    )
    rows: list[tuple[Value, ...]] = [
        (
            one.grades.unit_name,
            one.grades.people,
            *(one.grades.counts[grade.id] for grade in grades),
            one.grades.mean_hundredths,
            one.low,
            one.high,
        )
        for one in report.units
    ]
    drawing = Drawing("各单位等级分布（人）", 0, tuple(range(2, 2 + len(grades))), stacked=True)
    return Sheet("单位", columns, rows, drawing)


def _clauses(report: CycleReport) -> Sheet:
    rows = [
        (
            one.regulation,
            one.clause_id,
            one.class_id,
            one.article,
            one.title,
            one.effective,
            one.points_hundredths,
            one.overturned,
        )
        for one in report.clauses
    ]
    return Sheet("投诉条款", CLAUSE, rows, Drawing("各条款生效处罚（项）", 1, (5,)))


def _about(report: CycleReport, stamp: Stamp, reason: str) -> Sheet:
    cycle, document = report.cycle, report.scheme.document
    cadence = CADENCES.get(cycle.cadence, cycle.cadence)
    rows: list[tuple[Value, ...]] = [
        ("考核周期", f"{cycle.number} {cycle.title}"),
        ("考核期", f"{cycle.period_from:%Y-%m-%d} 至 {cycle.period_until:%Y-%m-%d}（{cadence}）"),
        ("单位", report.unit_name),
        ("进度", report.stage_label),
        ("考核办法", f"{document.title} {document.version}"),
        ("办法指纹", cycle.scheme_hash),
        ("数据快照", cycle.snapshot_sha256),
        ("成绩指纹", cycle.score_hash),
        ("确认时间", f"{local(cycle.confirmed_at):%Y-%m-%d %H:%M}" if cycle.confirmed_at else "尚未确认"),
        ("区间", "置信水平 95%；名次区间重叠的人不能区分先后。"),
        ("导出", stamp.words),
        ("导出用途", reason),
    ]
    rows += [("摘要", one) for one in report.sentences]
    rows += [("一致性", one.sentence) for one in report.agreements]
    rows += [("数据说明", one) for one in report.remarks]
    return Sheet("说明", (Column("项目", width=14), Column("内容", width=90)), rows)
