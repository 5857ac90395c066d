"""After a result is told: acknowledged, contested, upheld or raised, and never to anybody's disadvantage."""

import pytest

from states import Refused
from svcqa.assessment import contesting, explaining
from svcqa.casework.rebuilding import compare
from svcqa.kernel.errors import Forbidden, Invalid, NotFound

REASON = "十月的两次考试只录入了一次，请核对成绩"
GROUNDS = "经查，漏录一次考试，补录后重新计算"


@pytest.fixture
def result(told):
    """Return the id of wangjianguo's result."""
    return shown(told).result_id


def shown(month, who="wangjianguo", whose="wangjianguo"):
    person = month.cast[whose].id
    return month.act(who, lambda tx: explaining.explanation(tx, month.cycle_id, person))


def appeal(month, result, who="wangjianguo", reason=REASON):
    return month.act(who, lambda tx: contesting.appeal(tx, result, reason=reason, how="page"))


def uphold(month, result, who="zhouhuimin"):
    month.act(who, lambda tx: contesting.uphold(tx, result, grounds=GROUNDS))


def revise(month, result, composite, who="zhouhuimin"):
    return month.act(
        who, lambda tx: contesting.revise(tx, result, composite_hundredths=composite, grounds=GROUNDS)
    )


def test_a_result_is_acknowledged_once(told, result):
    told.act("wangjianguo", lambda tx: contesting.acknowledge(tx, result))
    first = shown(told).acknowledged_at
    told.later(minutes=5)
    told.act("wangjianguo", lambda tx: contesting.acknowledge(tx, result))
    assert shown(told).acknowledged_at == first is not None


def test_an_appeal_is_filed_once_and_holds_the_cycle(told, result):
    receipt = appeal(told, result)
    assert appeal(told, result) == receipt
    told.later(days=5)
    assert told.advance() == "等待 1 件申诉的复核结论"
    slugs = [slug for slug, _ in told.mails()]
    assert slugs.count("result_appeal_received") == 1
    assert slugs.count("result_appealed") == 3
    assert "提出过申诉" in shown(told).appeal_problem


def test_the_proof_of_the_cases_takes_no_offence_at_it(told, result):
    appeal(told, result)
    assert told.read(compare) == []


def test_upheld_the_result_stands_and_the_cycle_goes_on(told, result):
    appeal(told, result)
    uphold(told, result)
    page = shown(told)
    assert (page.appeal.state, page.appeal.grounds, page.revision) == ("upheld", GROUNDS, 1)
    assert [times for (slug, _), times in told.mails().items() if slug == "result_changed"] == [1]
    told.later(days=5)
    assert told.advance().startswith("等待改进措施")


def test_raised_it_is_a_new_revision_whose_parts_add_up_and_nobody_else_moves(told, result):
    others = [row for row in told.bodies() if row[0] != told.cast["wangjianguo"].id]
    before = shown(told).result
    appeal(told, result)
    revise(told, result, 90_00)
    page = shown(told)
    assert (page.revision, page.result.composite_hundredths, page.result.grade) == (2, 90_00, "A")
    parts = sum(one.contribution_hundredths for one in page.result.indicators)
    extras = sum(one.hundredths for one in page.result.bonus) - sum(
        one.hundredths for one in page.result.deductions
    )
    assert parts + extras == 90_00
    assert page.result.rank <= before.rank
    assert [row for row in told.bodies() if row[0] != page.person.id] == others
    assert told.act("wangjianguo", lambda tx: explaining.by_link(tx, result)).revision == 2


def test_a_review_never_lowers(told, result):
    appeal(told, result)
    composite = shown(told).result.composite_hundredths
    for wanted in (composite, composite - 1, 100_01):
        with pytest.raises(Invalid):
            revise(told, result, wanted)


def test_a_contested_result_is_reviewed_by_somebody_who_took_no_part(told, result):
    appeal(told, result)
    for who in ("liumin", "wangjianguo", "fengjianjun"):
        with pytest.raises(Forbidden):
            uphold(told, result, who=who)


def test_without_an_appeal_there_is_nothing_to_review(told, result):
    with pytest.raises(Refused, match="没有待复核"):
        uphold(told, result)


def test_the_window_ends(told, result):
    told.later(days=5)
    with pytest.raises(Refused, match="申诉期"):
        appeal(told, result)


def test_a_reason_has_ten_characters(told, result):
    with pytest.raises(Invalid):
        appeal(told, result, reason="不服")


def test_nobody_contests_or_acknowledges_for_somebody_else(told, result):
    with pytest.raises(NotFound):
        appeal(told, result, who="lixiaotong")
    with pytest.raises(NotFound):
        told.act("liumin", lambda tx: contesting.acknowledge(tx, result))


def test_before_results_are_told_there_is_nothing_to_contest(month):
    month.advance()
    month.rate()
    month.advance()
    me = month.cast["wangjianguo"].id
    key = month.read(lambda tx: contesting.NEWEST.one(tx, cycle_id=month.cycle_id, person_id=me))[0]
    with pytest.raises(NotFound):
        appeal(month, key)
