"""The report's summary in sentences. Each takes the figures it speaks of; an empty text where there are none."""

from collections.abc import Mapping, Sequence

from states.measure import LAW, OPEN
from svcqa.assessment.board import IndicatorLoss
from svcqa.reporting.clauses import ClauseLine
from svcqa.reporting.comparing import PeriodMean, UnitMean, apart
from svcqa.reporting.strokes import points

NAMED = 3
"""So many indicators or pairs of units are named; the tables hold the rest."""


def grades(title: str, counts: Mapping[str, int], *, people: int, mean: int | None) -> str:
    """Say how many were assessed and how they came out."""
    if not people:
        return f"{title}：还没有可以看到的成绩。"
    each = "、".join(f"{grade} 级 {count} 人" for grade, count in counts.items())
    without = people - sum(counts.values())
    missing = f"，{without} 人没有成绩" if without else ""
    average = "" if mean is None else f"，平均 {points(mean)} 分"
    return f"{title}：{people} 人参加考核，{each}{missing}{average}。"


def trend(earlier: Sequence[PeriodMean], mean: int | None) -> str:
    """Say how the mean stands to the last period's."""
    if not earlier or mean is None:
        return ""
    last = earlier[-1]
    change = mean - last.mean_hundredths
    said = "持平" if not change else f"{'升' if change > 0 else '降'} {points(abs(change))} 分"
    return f"与 {last.period_from:%Y-%m} 起的上一期平均 {points(last.mean_hundredths)} 分相比{said}。"


def losses(found: Sequence[IndicatorLoss]) -> str:
    """Name the indicators that cost the most."""
    worst = [one for one in found if one.mean_loss_hundredths][:NAMED]
    if not worst:
        return ""
    return (
        "失分最多的指标："
        + "，".join(
            f"{one.label}（平均失 {points(one.mean_loss_hundredths)} 分，{one.n} 人有数据）" for one in worst
        )
        + "。"
    )


def units(means: Sequence[UnitMean]) -> str:
    """Say which units differ beyond chance, and that the others cannot be told apart."""
    known = [one for one in means if one.low is not None]
    if len(known) < 2:
        return ""
    pairs = apart(known)
    if not pairs:
        return f"{len(known)} 个单位平均分的 95% 区间互有重叠，不能认定有高低之分。"
    named = "；".join(
        f"{better.grades.unit_name}高于{other.grades.unit_name}" for better, other in pairs[:NAMED]
    )
    more = f"等 {len(pairs)} 对" if len(pairs) > NAMED else ""
    return f"平均分的 95% 区间不重叠、可以认定有差别的单位：{named}{more}。其余不能区分高低。"


def complaints(lines: Sequence[ClauseLine]) -> str:
    """Say how many penalties count, under how many clauses, and how many were overturned."""
    effective, overturned = sum(one.effective for one in lines), sum(one.overturned for one in lines)
    if not lines:
        return "考核期内没有生效的投诉处罚。"
    cost = points(sum(one.points_hundredths for one in lines))
    used = sum(1 for one in lines if one.effective)
    revised = f"，经申诉改判 {overturned} 项" if overturned else ""
    return f"考核期内生效的投诉处罚 {effective} 项，涉及 {used} 个条款，记 {cost} 分{revised}。"


def measures(counts: Mapping[str, int]) -> str:
    """Say how far the measures are."""
    total = sum(counts.values())
    if not total:
        return ""
    each = "、".join(
        f"{LAW.state(state.name).label} {counts[state.name]} 项"
        for state in LAW.states
        if state.name in counts
    )
    running = sum(count for state, count in counts.items() if state in OPEN)
    return f"改进措施共 {total} 项：{each}；{running} 项在办。"
