"""What a decision shows: the calculation it rests on, repetition included, and the files that may be named."""

from datetime import timedelta

import pytest

from svcqa.casework import casefile, evidence
from svcqa.casework.decision import decision
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM

DAY = timedelta(days=1)


def lines_of(life, number):
    with life.place.reading(life.cast.actor("liumin")) as tx:
        (charged,) = casefile.read(tx, number).charges
    return [label for label, *_ in charged.lines]


@pytest.mark.parametrize(
    ("since_served", "repeated"),
    [(timedelta(0), True), (timedelta(seconds=-1), False), (365 * DAY, True), (366 * DAY, False)],
)
def test_only_who_knew_of_a_penalty_repeats_within_the_regulations_year(life, since_served, repeated):
    life.served()
    occurred_at = life.now - DAY
    with life.place.transaction(SYSTEM) as tx:
        Statement("UPDATE penalty SET served_at = :served_at").run(tx, served_at=occurred_at - since_served)
    number = life.classified(occurred_at=occurred_at)
    assert ("加重：十二个月内再次发生（加 50%）" in lines_of(life, number)) == repeated


def test_the_calculation_shown_is_the_one_decided(life):
    number = life.served()
    decided = lines_of(life, number)
    with life.place.transaction(SYSTEM) as tx:
        Statement("UPDATE charge SET adjustments = 'escalated'").run(tx)
    assert lines_of(life, number) == decided == ["基础处罚"]
    with life.place.reading(life.cast.actor("wangjianguo")) as tx:
        cited = decision(tx, life.penalty(number)["id"]).cited
    assert [label for label, *_ in cited.lines] == decided
    assert cited.total_hundredths == sum(hundredths for _, _, hundredths, _ in cited.lines)
    assert cited.total_fen == sum(fen for *_, fen in cited.lines)
    told = next(e for e in life.events(number) if e["action"] == "complaint.penalize")["facts"]["rows"]
    assert [row["calculation"] for row in told["penalty"].values()] == [life.penalty(number)["calculation"]]


def test_the_page_of_a_decision_names_no_file_of_another_respondent(life):
    number = life.penalized("wangjianguo", "chensiyu")
    for who, kind in (("xuwenjing", "document"), ("wangjianguo", "statement"), ("chensiyu", "statement")):
        with life.place.transaction(life.cast.actor(who)) as tx:
            evidence.add(tx, number, name=f"{who}.txt", data=b"said", kind=kind)
    with life.place.reading(life.cast.actor("wangjianguo")) as tx:
        shown = decision(tx, life.penalty(number)["id"]).evidence
    assert shown == ("xuwenjing.txt", "wangjianguo.txt")
