"""How long the stages of a cycle may take: the scheme's terms counted in the calendar's working days."""

from datetime import date, datetime, timedelta

from svcqa.assessment.standing import Cycle
from svcqa.improvement.terms import window
from svcqa.kernel.calendar import YearMissing, local_day, midnight
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook import library
from svcqa.rulebook.scheme import Scheme


def scheme_of(tx: Transaction, cycle: Cycle) -> Scheme:
    """Return the scheme version that was frozen when the cycle was opened."""
    return library.scheme_by_hash(tx, cycle.scheme_hash)


def collect_until(tx: Transaction, cycle: Cycle) -> datetime:
    """Return when ratings close; raises YearMissing."""
    return tx.calendar.due_at(tx.now, scheme_of(tx, cycle).deadlines.collect)


def confirm_until(tx: Transaction, cycle: Cycle) -> datetime:
    """Return until when results should be confirmed; raises YearMissing."""
    return tx.calendar.due_at(tx.now, scheme_of(tx, cycle).deadlines.confirm)


def appeal_until(tx: Transaction, cycle: Cycle) -> datetime:
    """Return until when a result may be contested; raises YearMissing."""
    return tx.calendar.due_at(tx.now, scheme_of(tx, cycle).deadlines.appeal)


def improve_on(tx: Transaction, cycle: Cycle) -> date:
    """Return the day by which a measure proposed today should be carried out; raises YearMissing."""
    due_at = tx.calendar.due_at(tx.now, scheme_of(tx, cycle).deadlines.improve)
    return local_day(due_at - timedelta.resolution)


def planned(tx: Transaction, cycle: Cycle) -> dict[str, datetime]:
    """Return until when each stage is planned to last: as it was set, else counted on from the one before.

    A stage that is late moves those after it. Improving lasts until the month is over in which the effect shows.
    Ends where nobody has published the working days.
    """
    deadlines = scheme_of(tx, cycle).deadlines
    at, found = tx.now, dict[str, datetime]()
    for stage, term, known in (
        ("collect", deadlines.collect, cycle.collect_until_at),
        ("evaluate", deadlines.confirm, cycle.confirm_until_at),
        ("report", None, cycle.confirmed_at),
        ("feedback", deadlines.appeal, cycle.appeal_until_at),
    ):
        try:
            end = known or (tx.calendar.due_at(at, term) if term else at)
        except YearMissing:
            break
        found[stage] = end - timedelta.resolution
        at = max(at, end)
    else:
        due_on = local_day(tx.calendar.due_at(at, deadlines.improve) - timedelta.resolution)
        found["improve"] = midnight(window(due_on)[1] + timedelta(days=1)) - timedelta.resolution
    return found


def remind_at(tx: Transaction, cycle: Cycle, closes_at: datetime) -> datetime:
    """Return when raters who have not finished are reminded, once."""
    return remind_between(tx, cycle, cycle.stage_at, closes_at)


def remind_between(tx: Transaction, cycle: Cycle, asked_at: datetime, closes_at: datetime) -> datetime:
    """Return when somebody who was asked at one moment and may answer until another is reminded, once."""
    share = float(scheme_of(tx, cycle).deadlines.remind_percent) / 100
    return tx.calendar.warn_at(asked_at, closes_at, share)
