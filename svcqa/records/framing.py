"""Records of any table as frames of texts, each with the line it begins on. Knows no file and no meaning."""

from collections.abc import Iterator, Sequence
from itertools import islice

import polars as pl

LINE, WHOLE = " line", " whole"
"""The two columns beside the file's own: titles are trimmed, so none begins with a space."""
BATCH = 25_000


def framed(records: Iterator[tuple[int, Sequence[str]]], header: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    """Gather records into frames; one with too few or too many cells is not whole."""
    width = len(header)
    while batch := list(islice(records, BATCH)):
        cells = [_fitted(values, width) for _, values in batch]
        columns = dict(zip(header, zip(*cells, strict=True), strict=True))
        frame = pl.DataFrame(columns, schema=dict.fromkeys(header, pl.String))
        yield frame.with_columns(
            pl.Series(LINE, [number for number, _ in batch], dtype=pl.Int64),
            pl.Series(WHOLE, [len(values) == width for _, values in batch]),
        )


def _fitted(values: Sequence[str], width: int) -> Sequence[str]:
    return values if len(values) == width else [*values, *[""] * width][:width]
