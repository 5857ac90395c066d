"""Results read: whose they are, what stands behind them, who may see them, and what is put on record."""

import json

import pytest

from svcqa.assessment import board, cycles, explaining, queries, visibility
from svcqa.assessment.results import line_of
from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import Statement

READ = Statement("SELECT body FROM audit_event WHERE action = 'result.read'")


def explained(month, who, whose):
    person = month.cast[whose].id
    return month.act(who, lambda tx: explaining.explanation(tx, month.cycle_id, person))


def test_the_parts_of_a_result_add_up_to_the_hundredth(told):
    for _, _, body in told.bodies():
        line = line_of(body)
        parts = sum(one.contribution_hundredths for one in line.indicators)
        extras = sum(one.hundredths for one in line.bonus) - sum(one.hundredths for one in line.deductions)
        assert line.composite_hundredths == parts + extras


def test_a_person_sees_the_own_result_with_everything_behind_it(told):
    shown = explained(told, "wangjianguo", "wangjianguo")
    assert shown.person.name == "王建国"
    assert (shown.unit_name, shown.unit_people) == ("城东一班", 3)
    assert shown.grade_label
    assert shown.appeal_problem == ""
    assert all(way.composite_hundredths > shown.result.composite_hundredths for way in shown.ways_up)
    mine = told.act("wangjianguo", lambda tx: explaining.rows_behind(tx, told.cycle_id, shown.person.id))
    assert len(mine) == 25
    assert mine[0].opened_at < mine[-1].opened_at


@pytest.mark.parametrize("who", ["wangjianguo", "tangxiuying", "luowenbo", "xuwenjing"])
def test_nobody_sees_what_is_not_theirs(told, who):
    person = told.cast["lixiaotong"].id
    for ask in (explaining.explanation, explaining.rows_behind, explaining.note_reading):
        with pytest.raises(NotFound):
            told.act(who, lambda tx, ask=ask: ask(tx, told.cycle_id, person))


@pytest.mark.parametrize("who", ["liumin", "zhouhuimin", "linkexin", "hejing", "fengjianjun", "zhaozhiqiang"])
def test_those_who_answer_for_it_see_it_and_that_is_on_record(told, who):
    assert explained(told, who, "lixiaotong").person.name == "李晓彤"
    person = told.cast["lixiaotong"].id
    told.act(who, lambda tx: explaining.note_reading(tx, told.cycle_id, person))
    (event,) = told.read(READ.rows)
    body = json.loads(event["body"])
    assert (body["actor"]["id"], body["facts"]["person"]) == (told.cast[who].id, person)


def test_reading_the_own_result_is_nobodys_business(told):
    me = told.cast["lixiaotong"].id
    told.act("lixiaotong", lambda tx: explaining.note_reading(tx, told.cycle_id, me))
    assert told.read(READ.rows) == []


def test_before_results_are_confirmed_only_those_who_confirm_see_them(month):
    month.advance()
    month.rate()
    month.advance()
    assert explained(month, "liumin", "lixiaotong").person.name == "李晓彤"
    for who in ("lixiaotong", "fengjianjun"):
        with pytest.raises(NotFound):
            explained(month, who, "lixiaotong")


def test_the_ranking_is_in_order_and_each_sees_the_own_part_of_it(told):
    lines = told.act("liumin", lambda tx: board.ranking(tx, told.cycle))
    ranks = [line.result.rank for line in lines]
    assert ranks == sorted(ranks)
    assert len(lines) == 8
    own = told.act("fengjianjun", lambda tx: board.ranking(tx, told.cycle))
    assert {line.unit_name for line in own} == {"城东一班"}
    assert told.act("wangjianguo", lambda tx: board.ranking(tx, told.cycle)) == []


def test_grades_are_counted_by_unit(told):
    lines = told.act("liumin", lambda tx: board.ranking(tx, told.cycle))
    units = board.by_unit(lines, ["A", "B", "C"])
    assert [unit.unit_name for unit in units] == ["城东一班", "城东二班", "城东三班"]
    assert [sum(unit.counts.values()) for unit in units] == [3, 3, 2] == [unit.people for unit in units]
    losses = board.losses(lines)
    assert [one.mean_loss_hundredths for one in losses] == sorted(
        (one.mean_loss_hundredths for one in losses), reverse=True
    )


def test_a_persons_file_holds_what_was_told(told):
    me = told.cast["wangjianguo"].id
    (one,) = told.read(lambda tx: explaining.past(tx, me))
    assert (one.number, one.acknowledged_at) == ("KH-202610-001", None)
    assert explained(told, "wangjianguo", "wangjianguo").past == ()


def test_a_link_leads_to_the_own_result_only(told):
    shown = explained(told, "wangjianguo", "wangjianguo")
    assert told.act("wangjianguo", lambda tx: explaining.by_link(tx, shown.result_id)) == shown
    with pytest.raises(NotFound):
        told.act("lixiaotong", lambda tx: explaining.by_link(tx, shown.result_id))


def test_the_list_shows_whom_a_cycle_concerns(told):
    for who, seen in {
        "liumin": 1,
        "zhaozhiqiang": 1,
        "fengjianjun": 1,
        "xieweidong": 0,
        "wangjianguo": 0,
    }.items():
        assert len(told.act(who, queries.cycles)) == seen, who
        assert visibility.sees_any(told.cast.actor(who)) is (who != "wangjianguo")
    (line,) = told.act("liumin", queries.cycles)
    assert (line.unit_name, line.stage_label, line.sentence) == ("城东车间", "反馈", "申诉期内，至 11-26")
    with pytest.raises(NotFound):
        told.act("xieweidong", lambda tx: queries.page(tx, told.cycle.number))


def test_a_cycles_page_offers_what_the_law_allows(month):
    month.advance()
    month.rate()
    month.advance()
    page = month.act("liumin", lambda tx: queries.page(tx, month.cycle.number))
    assert [(offer.name, offer.refusal) for offer in page.offers] == [
        ("confirm", None),
        ("recompute", None),
        ("cancel", None),
    ]
    assert page.scheme_title == "电信运营商客户服务质量考核评分标准"
    assert (page.working, page.requested) == (False, False)


def test_who_has_not_rated_is_named_to_those_who_may_remind(month):
    month.advance()
    month.rate(all_but=2)
    missing = month.act("liumin", lambda tx: queries.missing(tx, month.cycle_id))
    assert len(missing) == 2
    assert all(one.done < one.total and one.invited_at for one in missing)


def test_a_cancelled_cycle_shows_no_results(month):
    month.advance()
    month.rate()
    month.advance()
    month.act("liumin", lambda tx: cycles.cancel(tx, month.cycle_id, reason="单位重组"))
    assert month.act("liumin", lambda tx: board.ranking(tx, month.cycle)) == []
