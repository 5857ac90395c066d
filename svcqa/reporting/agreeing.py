"""How far raters agreed in a cycle, from the ratings as they were frozen. Nobody's own value shows."""

from collections import Counter
from dataclasses import dataclass
from math import floor

import polars as pl

from svcqa.rulebook.scheme import RatingForm
from svcqa.statistics.agreement import intraclass, krippendorff

LEAST_RATED = 5
"""Fewer people than this say nothing of agreement, and might let somebody guess a value."""
WORDS = ((90, "很高"), (75, "较高"), (50, "中等"))
"""Bounds of Koo and Li (2016) for the reliability of a mean, in hundredths."""
LOW = "较低"


@dataclass(frozen=True)
class Agreement:
    """One perspective, hundredths: `single` and `mean` are ICC(1,1) and ICC(1,k), `items` Krippendorff's alpha."""

    label: str
    rated: int
    raters: int
    single: int | None
    mean: int | None
    items: tuple[tuple[str, int | None], ...]

    @property
    def sentence(self) -> str:
        """The agreement in words."""
        if self.mean is None:
            return f"{self.label}：各人得分没有差别，无法计算一致性。"
        word = next((word for bound, word in WORDS if self.mean >= bound), LOW)
        return (
            f"{self.label}：{self.rated} 人各由 {self.raters} 人评分，"
            f"平均分的一致性{word}（ICC {_said(self.mean)}）。"
        )


def agreement(ratings: pl.LazyFrame, form: RatingForm) -> tuple[Agreement, ...]:
    """Return the perspectives in which enough people were rated by the same number of raters, two or more."""
    given = ratings.sort("subject", "rater", "item").collect()
    found = []
    for direction in form.directions:
        own = given.filter(pl.col("direction") == direction.id)
        table = _table(own)
        if len(table) >= LEAST_RATED:
            icc = intraclass(table)
            alphas = (krippendorff(_units(own, item.id), level="interval") for item in form.items)
            found.append(
                Agreement(
                    label=direction.label,
                    rated=len(table),
                    raters=len(table[0]),
                    single=_rounded(icc.icc11),
                    mean=_rounded(icc.icc1k),
                    items=tuple(zip((item.label for item in form.items), map(_rounded, alphas), strict=True)),
                )
            )
    return tuple(found)


def _table(given: pl.DataFrame) -> list[list[int]]:
    """Return a row per person with each rater's sum; people with the most usual number of raters only."""
    sums = given.group_by("subject", "rater", maintain_order=True).agg(pl.col("value").cast(pl.Int64).sum())
    rows: list[list[int]] = sums.group_by("subject", maintain_order=True).agg("value")["value"].to_list()
    sizes = Counter(len(row) for row in rows if len(row) > 1)
    usual = max(sizes, key=lambda size: (sizes[size], size), default=0)
    return [row for row in rows if len(row) == usual]


def _units(given: pl.DataFrame, item: str) -> list[list[int]]:
    """Return the values each person was given for an item."""
    own = given.filter(pl.col("item") == item)
    return own.group_by("subject", maintain_order=True).agg(pl.col("value").cast(pl.Int64))["value"].to_list()


def _rounded(value: float | None) -> int | None:
    return None if value is None else floor(100 * value + 0.5)


def _said(hundredths: int) -> str:
    return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
