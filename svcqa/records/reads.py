"""The facts of a period as frames, for freezing: of a unit with all that lies below it. Writes nothing.

`unit_path` is a unit's path, `/` for the whole house; both days belong to the period, in local time.
"""

from datetime import date, timedelta
from typing import Any

import polars as pl

from svcqa.kernel.calendar import midnight
from svcqa.kernel.transaction import Transaction
from svcqa.records import sql
from svcqa.records.columns import Types, fetch

INTERACTION: Types = {
    "person_id": pl.String,
    "unit_id": pl.String,
    "channel": pl.String,
    "urgency": pl.Int8,
    "opened_s": pl.Datetime,
    "responded_s": pl.Datetime,
    "resolved_s": pl.Datetime,
    "reopened": pl.Int32,
    "met_target": pl.Boolean,
    "satisfaction": pl.Int8,
    "answered": pl.Boolean,
}
EXAM: Types = {"person_id": pl.String, "points_hundredths": pl.Int64, "full_hundredths": pl.Int64}
OUTAGE: Types = {"unit_id": pl.String, "started_s": pl.Datetime, "ended_s": pl.Datetime}
SURVEY: Types = {"person_id": pl.String, "unit_id": pl.String, "satisfaction": pl.Int8, "solved": pl.Boolean}
RATING: Types = {
    "ratee_id": pl.String,
    "rater_id": pl.String,
    "direction": pl.String,
    "item": pl.String,
    "value": pl.Int8,
}


def interactions(tx: Transaction, unit_path: str, *, from_on: date, until_on: date) -> pl.DataFrame:
    """Return the interactions resolved in the period: INTERACTION's columns, moments as epoch seconds."""
    return fetch(tx, sql.INTERACTIONS, INTERACTION, path=unit_path, **_span(from_on, until_on))


def exams(tx: Transaction, unit_path: str, *, from_on: date, until_on: date) -> pl.DataFrame:
    """Return what people who held a post there in the period reached in its exams."""
    days = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
    return fetch(tx, sql.EXAMS, EXAM, path=unit_path, **days)


def outages(tx: Transaction, unit_path: str, *, from_on: date, until_on: date) -> pl.DataFrame:
    """Return unit_id and the seconds of each outage that fall into the period; one still on lasts to its end."""
    span = _span(from_on, until_on)
    first, last = (int(span[name].timestamp()) for name in ("from_at", "until_at"))
    found = fetch(tx, sql.OUTAGES, OUTAGE, path=unit_path, **span)
    ended = pl.col("ended_s").fill_null(last).clip(upper_bound=last)
    return found.select("unit_id", seconds=ended - pl.col("started_s").clip(lower_bound=first))


def surveys(tx: Transaction, unit_path: str, *, from_on: date, until_on: date) -> pl.DataFrame:
    """Return what customers answered about people and units there, in the period.

    An answer to an invitation belongs where its interaction was resolved, every other to the day it was given.
    """
    return fetch(tx, sql.SURVEYS, SURVEY, path=unit_path, **_span(from_on, until_on))


def ratings(tx: Transaction, campaign_id: str) -> pl.DataFrame:
    """Return every value given in a campaign."""
    return fetch(tx, sql.RATINGS, RATING, campaign=campaign_id)


def _span(from_on: date, until_on: date) -> dict[str, Any]:
    """Return the moments between which the local days lie; the second no longer belongs to them."""
    return {"from_at": midnight(from_on), "until_at": midnight(until_on + timedelta(days=1))}
