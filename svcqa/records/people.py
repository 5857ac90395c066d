"""Whom and which unit a line is about: staff numbers, codes, and the unit somebody was in on a day.

Looked up once for an import, then joined to whole frames.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people, rolls
from svcqa.records.mapping import PATTERN, PersonRule, UnitRule
from svcqa.records.reading import translated

POST = {"person_id": pl.String, "unit_id": pl.String, "from_on": pl.Date, "until_on": pl.Date}
HOME = " home"


@dataclass(frozen=True)
class Roll:
    """Everybody by staff number, every unit by code, and all posts, home first."""

    persons: dict[str, str]
    units: dict[str, str]
    posts: pl.DataFrame

    @classmethod
    def of(cls, tx: Transaction) -> Self:
        """Read it from the organisation."""
        units = {one.code: one.id for one in people.units(tx)}
        return cls(rolls.staff_numbers(tx), units, pl.DataFrame(rolls.posts(tx), schema=POST, orient="row"))

    def person(self, cell: pl.Expr, rule: PersonRule) -> pl.Expr:
        """Return the person id of each cell; null where nobody has that number."""
        if rule.codes:
            return translated(cell, _known(rule.codes, self.persons))
        shape = PATTERN.fullmatch(rule.pattern)
        before, width, after = shape.groups() if shape else ("", None, "")
        value = cell.str.pad_start(int(width), "0") if width else cell
        number = pl.concat_str([pl.lit(before), value.str.to_uppercase(), pl.lit(after)])
        return translated(number, self.persons)

    def unit(self, cell: pl.Expr, rule: UnitRule) -> pl.Expr:
        """Return the unit id of each cell; null where no unit has that code."""
        if rule.codes:
            return translated(cell, _known(rule.codes, self.units))
        return translated(cell.str.to_lowercase(), self.units)

    def with_home(self, frame: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
        """Add HOME: the unit a line's person was in on its day."""
        frame = frame.with_columns(day.alias(" day"))
        pairs = frame.select("person_id", " day").drop_nulls().unique()
        held = pairs.join(self.posts, on="person_id", how="inner", maintain_order="right").filter(
            (pl.col("from_on") <= pl.col(" day"))
            & (pl.col("until_on").fill_null(pl.date(9999, 12, 31)) >= pl.col(" day"))
        )
        homes = held.group_by("person_id", " day", maintain_order=True).agg(
            pl.col("unit_id").first().alias(HOME)
        )
        return frame.join(homes, on=["person_id", " day"], how="left", maintain_order="left")


def _known(codes: Mapping[str, str], ids: Mapping[str, str]) -> dict[str, str]:
    return {word: ids[code] for word, code in codes.items() if code in ids}
