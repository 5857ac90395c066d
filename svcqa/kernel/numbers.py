"""Numbers people say, such as TS-202611-0042: a series per month, counted in the row's own transaction."""

from svcqa.kernel.calendar import local
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction

NEXT = Statement(
    "INSERT INTO number_series (series, last) VALUES (:series, 1)"
    " ON CONFLICT (series) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


def of_this_month(tx: Transaction, prefix: str, *, digits: int) -> str:
    """Give out the next number of the prefix in the local month, padded to so many digits."""
    series = f"{prefix}-{local(tx.now):%Y%m}"
    return f"{series}-{NEXT.one(tx, series=series)[0]:0{digits}d}"
