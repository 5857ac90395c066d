"""Judging the measures whose window is over. The series come from the room above, which knows the periods."""

from states.measure import LAW, Facts
from svcqa.improvement import moving, standing, telling
from svcqa.improvement.judge import Judgement, Series
from svcqa.improvement.judge import judge as judged_by
from svcqa.improvement.standing import Measure
from svcqa.kernel import audit
from svcqa.kernel.calendar import local_day
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access

NOT_CHOSEN = frozenset({"regulation"})
"""Origins that set a measure up whatever the value was. Every other picks its subject for a bad value."""
WAITING = Statement(
    "SELECT * FROM measure WHERE state = 'done' AND judge_until_on < :today ORDER BY judge_until_on, id LIMIT :most"
)


def waiting(tx: Transaction, *, most: int) -> list[Measure]:
    """Return measures that are done and whose window is over, the longest over first."""
    today = local_day(tx.now).isoformat()
    return [standing.measure_of(row) for row in WAITING.rows(tx, today=today, most=most)]


def judge(tx: Transaction, measure_id: str, *, series: Series | None) -> Judgement:
    """Judge a measure, keep the verdict with its figures and tell its owner; raises Refused before the time.

    Without a series it is called what it is: not enough data.
    """
    measure = standing.load(tx, measure_id, locked=True)
    found = judged_by(
        series,
        baseline=measure.baseline_hundredths,
        target=measure.target_hundredths,
        chosen=measure.origin_kind not in NOT_CHOSEN,
    )
    move = f"judge_{found.verdict}"
    access.require(tx.actor, LAW.move(move), unit_id=measure.unit_id)
    over = measure.judge_until_on is not None and measure.judge_until_on < local_day(tx.now)
    values = {
        "judged_at": tx.now,
        "verdict": found.sentence,
        "judgement": audit.canonical(audit.plain(found.as_plain())),
    }
    telling.judged(tx, moving.move(tx, measure, move, facts=Facts(window_over=over), values=values))
    return found
