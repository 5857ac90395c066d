"""What the reader should know about the data: thin samples, missing values, made-up rows. Counts, no person."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from svcqa.assessment.board import RankLine
from svcqa.assessment.frames import Frames


def remarks(
    lines: Sequence[RankLine], *, unrated: int, surveys: tuple[int, int], example: bool
) -> tuple[str, ...]:
    """Return the remarks on the results the reader sees. `surveys`: how many customers were asked and answered."""
    said = (_example(example), _thin(lines), *_missing(lines), _unrated(unrated), _surveyed(*surveys))
    return tuple(one for one in said if one)


def of_inputs(frames: Frames) -> tuple[str, ...]:
    """Return the remarks on the frozen inputs of the whole cycle."""
    counted = frames.interactions.select(total=pl.len(), placed=pl.col("subject").count()).collect()
    total, placed = counted.row(0)
    if total == placed:
        return ()
    return (f"{total} 条工单中有 {total - placed} 条没有对应到参加考核的人员，只计入单位。",)


def _example(example: bool) -> str:  # noqa: FBT001 - a row's mark
    return "本期含示例数据，仅供演示，不能作为考核依据。" if example else ""


def _thin(lines: Sequence[RankLine]) -> str:
    thin = sum(line.result.provisional for line in lines)
    return f"{thin} 人样本不足或有指标缺数据，成绩标为暂定。" if thin else ""


def _missing(lines: Sequence[RankLine]) -> list[str]:
    """Say per indicator for how many people it does not apply."""
    without = Counter(
        one.label for line in lines for one in line.result.indicators if one.points_hundredths is None
    )
    return [
        f"{label}：{count} 人没有数据，这项不计分，权重由其余指标分担。"
        for label, count in without.most_common()
    ]


def _unrated(unrated: int) -> str:
    return f"截止时还有 {unrated} 项评分没有提交，按已提交的计算。" if unrated else ""


def _surveyed(asked: int, answered: int) -> str:
    return (
        f"客户问卷发出 {asked} 份，收回 {answered} 份，回收率 {answered * 100 // asked}%。" if asked else ""
    )
