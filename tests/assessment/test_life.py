"""A whole life by plain services: from opening to the measures, with people between."""

from datetime import date

import pytest

from states import Refused
from svcqa.assessment import cycles, progress, queries, stretches
from svcqa.kernel.errors import Duplicate, Forbidden, Invalid, Stale
from svcqa.kernel.statements import Statement
from tests.assessment.month import opened

CLOSE_MEASURES = Statement("UPDATE measure SET state = 'effective' WHERE origin_id = :id")


def sentences(month):
    lines = month.read(lambda tx: progress.stage_lines(tx, month.cycle_id))
    return {line.label: (line.state, line.sentence) for line in lines}


def test_a_cycle_goes_through_its_six_stages(month):
    assert (month.cycle.number, month.cycle.stage) == ("KH-202610-001", "planning")
    assert month.cycle.title == "2026-10 月度考核 城东车间"
    assert month.advance() == "等待评分 0/12，至 11-30"
    month.rate(all_but=1)
    assert month.advance().startswith("等待评分 ")
    month.rate()
    assert month.advance() == "等待确认成绩，至 11-26"
    month.confirm()
    assert month.advance() == "申诉期内，至 11-26"
    month.later(days=5)
    measures = month.advance()
    assert measures.startswith("等待改进措施 0/")
    assert sentences(month) == {
        "计划": ("done", "8/8 人"),
        "采集": ("done", "12/12 项评分"),
        "评价": ("done", "8/8 人"),
        "报告": ("done", "1/1 份报告"),
        "反馈": ("done", "8/8 人"),
        "改进": ("now", measures),
    }
    month.act_as_system(lambda tx: CLOSE_MEASURES.run(tx, id=month.cycle_id))
    assert month.advance() == "已办结"
    assert month.cycle.stage == "closed"


def test_the_stages_to_come_say_until_when_they_are_planned(month):
    month.advance()
    assert {label: said for label, (state, said) in sentences(month).items() if state == "later"} == {
        "评价": "预计至 12-03",
        "报告": "预计至 12-03",
        "反馈": "预计至 12-08",
        "改进": "预计至 02-28",
    }
    month.rate()
    month.advance()
    month.later(days=5)  # two days late with the confirmation
    assert month.cycle.confirm_until_at < month.clock.at
    assert sentences(month)["反馈"] == ("later", "预计至 12-03")


def test_while_a_cycle_is_planned_nobody_says_that_there_is_nobody(month):
    assert month.act("liumin", lambda tx: queries.page(tx, "KH-202610-001")).sentence == "计划：待继续"
    lease = stretches.begin(month.place, month.cycle_id, owner="test")
    assert lease is not None
    page = month.act("liumin", lambda tx: queries.page(tx, "KH-202610-001"))
    (line,) = month.act("liumin", queries.cycles)
    assert page.sentence == page.lines[0].sentence == line.sentence == "正在确定考核对象、通知单位"
    assert stretches.end(month.place, lease) == "没有可考核的人员，等待核对单位和岗位"


def test_every_mail_goes_once_to_whom_it_concerns(told):
    mails = told.mails()
    assert set(mails.values()) == {1}
    counts = {slug: sum(1 for one, _ in mails if one == slug) for slug, _ in mails}
    assert counts == {
        "cycle_announced": 5,  # head and secretary of the workshop, the heads of its three teams
        "rate_colleagues": 8,
        "results_to_confirm": 2,
        "report_ready": 5,
        "your_result": 8,
    }


def test_after_the_closing_date_what_was_not_rated_is_left_out(month):
    month.advance()
    month.rate(all_but=2)
    month.later(days=8)
    assert month.advance().startswith("等待确认成绩")
    assert month.cycle.score_hash


def test_nobody_hears_of_a_result_before_it_is_confirmed(month):
    month.advance()
    month.rate()
    month.advance()
    assert not {slug for slug, _ in month.mails()} & {"your_result", "report_ready"}
    with pytest.raises(Forbidden):
        month.act("xuwenjing", lambda tx: cycles.confirm(tx, month.cycle_id))


def test_the_head_of_the_assessed_unit_is_who_assesses(month):
    month.advance()
    raters = {rater for rater, _, direction in month.traces().tasks if direction == "superior"}
    assessed = {ratee for _, ratee, _ in month.traces().tasks}
    head = month.cast["zhaozhiqiang"].id
    assert head in raters
    assert head not in assessed
    assert not {ratee for rater, ratee, _ in month.traces().tasks if rater == ratee}


def test_results_sent_back_are_computed_from_facts_frozen_anew(month):
    month.advance()
    month.rate()
    month.advance()
    before, bodies = month.cycle, month.bodies()
    month.act("liumin", lambda tx: cycles.recompute(tx, month.cycle_id, reason="考试成绩补录"))
    assert (month.cycle.stage, month.cycle.score_hash) == ("evaluating", "")
    month.advance()
    assert month.cycle.score_hash == before.score_hash
    assert month.bodies() == bodies, "the same facts give no new revision"
    month.act_as_system(lambda tx: tx.driver.execute("UPDATE exam SET points_hundredths = 9000"))
    month.act("liumin", lambda tx: cycles.recompute(tx, month.cycle_id, reason="考试成绩补录"))
    month.advance()
    assert month.cycle.score_hash != before.score_hash
    assert {revision for _, revision, _ in month.bodies()} == {1, 2}
    assert month.bodies()[0] in bodies, "what was computed before stays as it was"


def test_a_reason_is_asked_for_and_kept(month):
    month.advance()
    with pytest.raises(Refused, match="原因"):
        month.act("liumin", lambda tx: cycles.cancel(tx, month.cycle_id, reason=" "))
    month.act("liumin", lambda tx: cycles.cancel(tx, month.cycle_id, reason="单位重组"))
    assert month.cycle.stage == "cancelled"
    assert month.advance() == "已取消"


def test_a_page_that_is_behind_is_told(month):
    month.advance()
    with pytest.raises(Stale):
        month.act("liumin", lambda tx: cycles.cancel(tx, month.cycle_id, version=1, reason="单位重组"))


def test_the_same_period_is_opened_once(month):
    with pytest.raises(Duplicate, match="KH-202610-001"):
        opened(month.place)


@pytest.mark.parametrize(
    ("cadence", "first", "field"),
    [
        ("monthly", "2026-11-01", "period_from"),
        ("monthly", "2026-10-02", "period_from"),
        ("quarterly", "2026-08-01", "period_from"),
        ("yearly", "2025-01-01", "cadence"),
        ("weekly", "2026-10-01", "cadence"),
    ],
)
def test_what_is_no_period_of_the_scheme_is_refused(month, cadence, first, field):
    unit_id, day = month.cycle.unit_id, date.fromisoformat(first)
    with pytest.raises(Invalid) as refused:
        month.act(
            "liumin",
            lambda tx: cycles.open(tx, "telecom-service", unit_id=unit_id, cadence=cadence, period_from=day),
        )
    assert refused.value.field_name == field


@pytest.mark.parametrize(
    ("cadence", "first", "last", "name"),
    [
        ("daily", "2026-10-05", "2026-10-05", "2026-10-05"),
        ("monthly", "2024-02-01", "2024-02-29", "2024-02"),
        ("quarterly", "2026-10-01", "2026-12-31", "2026 年第 4 季度"),
        ("half_yearly", "2026-07-01", "2026-12-31", "2026 年下半年"),
        ("yearly", "2026-01-01", "2026-12-31", "2026 年"),
    ],
)
def test_a_period_ends_and_is_called(cadence, first, last, name):
    from_on = date.fromisoformat(first)
    assert cycles.last_day(cadence, from_on).isoformat() == last
    assert cycles.period_name(cadence, from_on) == name


def test_a_year_without_calendar_stops_the_cycle_and_asks_the_administrator(told):
    told.clock.at = told.clock.at.replace(month=12, day=31)
    cycle = told.cycle
    assert cycle.stage == "feedback"
    told.later(days=1)
    assert told.advance().startswith("等待改进措施"), "a term in calendar days needs no published year"


def test_planning_stops_at_the_end_of_the_published_calendar(month):
    month.clock.at = month.clock.at.replace(month=12, day=30)
    assert month.advance() == "待 2027 年工作日历"
    assert month.advance() == "待 2027 年工作日历"
    assert [times for (slug, _), times in month.mails().items() if slug == "calendar_year_missing"] == [1]
