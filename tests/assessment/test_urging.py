"""A supervisor hurries a cycle: goes on now, reminds once; and the contested results that wait for a reviewer."""

import pytest

from states import Refused
from svcqa.assessment import contested, contesting, cycles, requests, urging
from svcqa.kernel.errors import Forbidden
from svcqa.kernel.statements import Statement

RESULT = Statement("SELECT id FROM result WHERE person_id = :person")
REASON = "考核月内系统故障两天，响应时间不应计入我的成绩。"


def test_asked_twice_a_cycle_is_asked_for_once(month):
    month.advance()
    for _ in range(2):
        month.act("liumin", lambda tx: urging.go_on(tx, month.cycle_id))
    assert len(month.read(requests.waiting)) == 1


def test_everybody_who_has_ratings_open_is_reminded_once(month):
    month.advance()
    month.rate(all_but=3)
    reminded = [month.act("liumin", lambda tx: urging.remind(tx, month.cycle_id)) for _ in range(2)]
    assert reminded == [3, 0]


def test_hurrying_belongs_to_the_supervisor(month):
    month.advance()
    for act in (urging.go_on, urging.remind):
        with pytest.raises(Forbidden):
            month.act("zhaozhiqiang", lambda tx, act=act: act(tx, month.cycle_id))


def test_nothing_is_hurried_where_nothing_is_left(told):
    with pytest.raises(Refused, match="评分已经截止"):
        told.act("liumin", lambda tx: urging.remind(tx, told.cycle_id))


def test_a_cancelled_cycle_does_not_go_on(month):
    month.advance()
    month.act("liumin", lambda tx: cycles.cancel(tx, month.cycle_id, reason="开错了单位。"))
    with pytest.raises(Refused, match="已经结束"):
        month.act("liumin", lambda tx: urging.go_on(tx, month.cycle_id))


def test_a_contested_result_waits_with_who_may_hear_it(told):
    person = told.cast["wangjianguo"]
    result = told.read(lambda tx: RESULT.one(tx, person=person.id)[0])
    assert told.read(contested.waiting) == 0
    told.act("wangjianguo", lambda tx: contesting.appeal(tx, result, reason=REASON, how="page"))
    assert told.read(contested.waiting) == 1
    seen = {name: told.act(name, contested.results)[0] for name in ("zhouhuimin", "liumin", "fengjianjun")}
    assert seen["zhouhuimin"].obstacle == ""
    assert "确认过本期成绩" in seen["liumin"].obstacle
    assert "上级" in seen["fengjianjun"].obstacle
    assert seen["zhouhuimin"].due_at > seen["zhouhuimin"].filed_at
