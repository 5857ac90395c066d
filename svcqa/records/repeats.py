"""Which lines of a sheet say the same reference again, and which of them counts. Looks at one column only."""

import polars as pl

from svcqa.records.framing import LINE
from svcqa.records.mapping import Mapping
from svcqa.records.reading import given
from svcqa.records.sheets import Sheet

FIRST = " first"
"""The line that counts instead of this one; null where the line itself counts."""
NONE = pl.DataFrame(schema={LINE: pl.Int64, FIRST: pl.Int64})


def of(sheet: Sheet, mapping: Mapping) -> pl.DataFrame:
    """Return LINE and FIRST of the lines whose reference another line has: the last if the mapping keeps it."""
    rules = mapping.rules
    reference = given(rules.reference, rules.missing).alias("reference")
    keys = pl.concat(
        [
            NONE.select(LINE, reference=pl.lit(None, pl.String)),
            *(f.select(LINE, reference) for f in sheet.frames([rules.reference])),
        ]
    )
    keys = keys.drop_nulls()
    if keys["reference"].n_unique() == keys.height:
        return NONE
    counts = pl.col(LINE).max() if rules.keep == "last" else pl.col(LINE).min()
    return keys.select(LINE, counts.over("reference").alias(FIRST)).filter(pl.col(LINE) != pl.col(FIRST))
