"""In which band of the day something was opened: office hours, evening, night, or a day nobody works. Pure.

The calendar says which days are worked and from when to when; the evening lasts until 22:00.
"""

from datetime import date, timedelta

import polars as pl

from svcqa.kernel.calendar import SHANGHAI, Calendar

OFFICE, EVENING, NIGHT, HOLIDAY = "office", "evening", "night", "holiday"
EVENING_ENDS = timedelta(hours=22)


def banded(frame: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Add the column `band` to rows with `opened_s`, epoch seconds; raises YearMissing."""
    wall = pl.from_epoch("opened_s").dt.replace_time_zone("UTC").dt.convert_time_zone(SHANGHAI.key)
    clock = wall.dt.hour().cast(pl.Int32) * 3600 + wall.dt.minute().cast(pl.Int32) * 60 + wall.dt.second()
    opens, closes = calendar.hours.intervals[0][0], calendar.hours.intervals[-1][1]
    band = (
        pl.when(~pl.col("worked"))
        .then(pl.lit(HOLIDAY))
        .when((clock >= _seconds(opens)) & (clock < _seconds(closes)))
        .then(pl.lit(OFFICE))
        .when((clock >= _seconds(closes)) & (clock < _seconds(EVENING_ENDS)))
        .then(pl.lit(EVENING))
        .otherwise(pl.lit(NIGHT))
    )
    with_day = frame.with_columns(day=wall.dt.date())
    worked = _worked(with_day["day"].unique().to_list(), calendar)
    joined = with_day.join(worked, on="day", how="left", maintain_order="left")
    return joined.with_columns(band=band).drop("day", "worked")


def _worked(days: list[date], calendar: Calendar) -> pl.DataFrame:
    known = {day: calendar.is_workday(day) for day in days}
    return pl.DataFrame(
        {"day": list(known), "worked": list(known.values())}, schema={"day": pl.Date, "worked": pl.Boolean}
    )


def _seconds(offset: timedelta) -> int:
    return int(offset.total_seconds())
