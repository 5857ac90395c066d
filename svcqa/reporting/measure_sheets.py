"""The improvement measures as sheets: each with its owner, dates, figures and verdict, and how many stand where."""

from collections import Counter
from collections.abc import Sequence

from states.measure import LAW
from svcqa.improvement.queries import Card
from svcqa.reporting.workbook import Column, Drawing, Sheet, Value

COLUMNS = (
    Column("编号", width=16),
    Column("状态", width=10),
    Column("超期", width=7),
    Column("事项", width=34),
    Column("问题", width=34),
    Column("做法", width=34),
    Column("对象", width=14),
    Column("单位", width=16),
    Column("负责人"),
    Column("指标", width=16),
    Column("起点", "points", 9),
    Column("目标", "points", 9),
    Column("完成期限", "day", 12),
    Column("观察期起", "day", 12),
    Column("观察期止", "day", 12),
    Column("改善", "points", 9),
    Column("区间下限", "points", 9),
    Column("区间上限", "points", 9),
    Column("结论", width=60),
)


def sheets(cards: Sequence[Card]) -> tuple[Sheet, ...]:
    """Return the list and the counts by state."""
    counts = Counter(card.measure.state for card in cards)
    states: list[tuple[Value, ...]] = [(state.label, counts[state.name]) for state in LAW.states]
    return (
        Sheet("改进措施", COLUMNS, [_row(card) for card in cards]),
        Sheet("状态", (Column("状态"), Column("项数", "count")), states, Drawing("改进措施（项）", 0, (1,))),
    )


def _row(card: Card) -> tuple[Value, ...]:
    one, figures = card.measure, card.figures
    return (
        one.number,
        card.state_label,
        "是" if card.late else "",
        one.title,
        one.problem,
        one.plan,
        card.subject,
        card.unit,
        card.owner,
        one.metric,
        one.baseline_hundredths,
        one.target_hundredths,
        one.due_on,
        one.judge_from_on,
        one.judge_until_on,
        figures.get("gain"),
        figures.get("low"),
        figures.get("high"),
        one.verdict,
    )
