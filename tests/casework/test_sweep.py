"""What comes due by itself: each alarm once, also after downtime and with two sweepers; service by mail; closing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from svcqa.casework import forms, sweep
from svcqa.casework.snapshot import row_of
from svcqa.kernel import batches
from svcqa.kernel.calendar import Term
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import correspondence
from svcqa.organisation.models import Unit
from tests.casework.refusing import act_refused

SECOND = timedelta(seconds=1)
FIVE_DAYS = Term.parse("5 working_days")
NOTHING = (0, 0, 0, 0, 0, 0)


def swept(life):
    done = life.sweep()
    return done.alarms, done.announced, done.served, done.closed, done.computed, done.failed


def alarms_of(life, number, step):
    """Walk the clock of a step to each of its alarms and return when whom was told what."""
    told = []
    while (
        at := life.row(
            "SELECT next_at FROM deadline WHERE complaint_id = :id AND step = :step",
            id=life.case(number).id,
            step=step,
        )["next_at"]
    ) is not None:
        life.clock.at = at - SECOND
        mark = life.mark()
        life.sweep()
        assert life.mails_since(mark) == []
        life.clock.at = at
        life.sweep()
        told.append((at.isoformat(), sorted(life.mails_since(mark))))
        life.sweep()
        assert sorted(life.mails_since(mark)) == told[-1][1]
    return told


def test_a_step_is_warned_of_passed_and_pushed_once_each(life):
    number = life.registered(channel="daily_inspection", email="")
    assert alarms_of(life, number, "verify") == [
        ("2026-11-24T08:30:00+00:00", [("deadline_near", "许文静")]),
        ("2026-11-25T03:30:00+00:00", [("deadline_passed", "许文静")]),
        ("2026-11-26T09:30:00+00:00", [("case_expedited", "孙丽"), ("case_expedited", "赵志强")]),
        (
            "2026-11-27T09:30:00+00:00",
            [("case_expedited", "周慧敏"), ("case_expedited", "郑佩佩"), ("case_expedited", "高远")],
        ),
    ]
    life.demand_sound()


def test_without_an_officer_the_supervisors_are_told(life, clock):
    number = life.registered(who="dongguodong", channel="daily_inspection", email="")
    clock.at = life.deadline(number, "verify")["due_at"]
    mark = life.mark()
    life.sweep()
    assert sorted(life.mails_since(mark)) == [("deadline_passed", "刘敏"), ("deadline_passed", "吴海峰")]


def test_when_the_officer_left_the_supervisors_are_told(life, clock):
    number = life.registered(channel="daily_inspection", email="")
    clock.at = life.deadline(number, "verify")["due_at"]
    with life.place.transaction(SYSTEM) as tx:
        gone = Statement("UPDATE person SET left_on = '2026-11-24' WHERE id = :id")
        gone.run(tx, id=life.cast["xuwenjing"].id)
    mark = life.mark()
    life.sweep()
    assert sorted(life.mails_since(mark)) == [("deadline_passed", "刘敏"), ("deadline_passed", "吴海峰")]


def test_a_customers_clock_computed_late_is_not_taken_for_the_steps(life):
    number = life.registered()
    due_at = life.case(number).row["due_at"]
    with life.place.transaction(SYSTEM) as tx:
        waiting = "UPDATE deadline SET due_at = NULL, missing_year = 2026 WHERE step = 'reply'"
        Statement(waiting).run(tx)
    assert life.sweep().computed == 1
    assert life.deadline(number, "reply")["due_at"].isoformat() == "2026-12-08T16:00:00+00:00"
    assert life.case(number).row["due_at"] == due_at


def test_the_customers_clock_warns_five_two_and_no_days_before(life):
    number = life.registered()
    while (at := life.deadline(number, "reply")["next_at"]) is not None:
        life.clock.at = at
        life.sweep()
    told = [
        e for e in life.events(number) if e["action"] == "deadline.alarm" and e["facts"]["step"] == "reply"
    ]
    assert [(event["at"][:16], event["facts"]["said"]) for event in told] == [
        ("2026-12-03T01:00", ["near"]),
        ("2026-12-06T01:00", ["near"]),
        ("2026-12-08T01:00", ["near"]),
        ("2026-12-08T16:00", ["passed", "expedite"]),
    ]


def test_ten_days_of_downtime_bring_each_alarm_once_and_no_stale_warning(life, clock):
    number = life.registered()
    clock.advance(timedelta(days=10))
    mark = life.mark()
    assert swept(life) == (2, 0, 0, 0, 0, 0)
    assert sorted(life.mails_since(mark)) == [
        ("case_expedited", "周慧敏"),
        ("case_expedited", "孙丽"),
        ("case_expedited", "赵志强"),
        ("case_expedited", "郑佩佩"),
        ("case_expedited", "高远"),
        ("deadline_near", "许文静"),
        ("deadline_passed", "许文静"),
    ]
    assert life.deadline(number, "verify")["next_at"] is None
    assert swept(life) == NOTHING
    life.demand_sound()


def test_two_sweepers_raise_each_alarm_once(life, clock):
    numbers = [life.registered(channel="daily_inspection", email="") for _ in range(6)]
    clock.at = life.deadline(numbers[0], "verify")["due_at"]
    with ThreadPoolExecutor(2) as sweepers:
        done = [f.result() for f in [sweepers.submit(life.sweep) for _ in range(2)]]
    assert sum(d.alarms for d in done) == 6
    assert life.mails_since() == [("deadline_passed", "许文静")] * 6
    life.demand_sound()


def test_a_closed_case_raises_no_alarm(life, clock):
    number = life.registered()
    life.act("xuwenjing", number, forms.Withdraw(text="误会"))
    clock.advance(timedelta(days=30))
    assert swept(life) == NOTHING


def test_mail_serves_after_48_hours_in_a_designated_mailbox(life, clock):
    number = life.penalized()
    life.deliver(number)
    accepted = life.now
    clock.advance(correspondence.SERVED_AFTER - SECOND)
    assert life.sweep().served == 0
    clock.advance(SECOND)
    assert life.sweep().served == 1
    penalty = life.penalty(number)
    assert (penalty["served_how"], penalty["served_at"]) == ("mail", accepted + correspondence.SERVED_AFTER)
    assert penalty["window_ends_at"] == penalty["promised_until_at"]
    assert life.sweep().served == 0


def test_a_mail_that_left_late_gives_the_whole_window(life, clock):
    number = life.penalized()
    clock.advance(timedelta(days=4))
    life.deliver(number)
    clock.advance(correspondence.SERVED_AFTER)
    life.sweep()
    penalty = life.penalty(number)
    assert penalty["window_ends_at"] > penalty["promised_until_at"]
    assert penalty["window_ends_at"] == life.place.calendar.due_at(penalty["served_at"], FIVE_DAYS)


@pytest.mark.parametrize("who", ["jiangwenbin", "fandongmei"])
def test_a_mailbox_nobody_designated_is_never_served_by_mail(life, clock, who):
    number = life.penalized(who)
    life.deliver(number, who)
    clock.advance(timedelta(days=4))
    assert life.sweep().served == 0
    assert life.penalty(number, who)["state"] == "decided"


def test_a_bounce_keeps_a_mail_from_serving(life, clock):
    number = life.penalized()
    life.deliver(number)
    with life.place.transaction(SYSTEM) as tx:
        correspondence.record_bounce(tx, life.penalty(number)["letter_id"], reason="550 no such user")
    clock.advance(timedelta(days=4))
    assert life.sweep().served == 0


def test_who_has_left_gets_no_mail_and_is_served_on_paper(life):
    mark = life.mark()
    number = life.penalized("jinxin")
    assert life.penalty(number, "jinxin")["letter_id"] is None
    assert ("penalty_notice", "金鑫") not in life.mails_since(mark)
    form = forms.Serve(penalty=life.penalty(number, "jinxin")["id"], how="deemed", text="离职后无法联系")
    assert life.act("xuwenjing", number, form).state == "penalized"


def test_a_lapsed_window_closes_an_answered_case_and_orders_the_deduction(life, clock):
    number = life.served()
    life.reply(number)
    clock.at = life.penalty(number)["window_ends_at"] + SECOND
    mark = life.mark()
    assert life.sweep().closed == 1
    case = life.case(number)
    assert (case.state, case.row["closed_how"], case.penalties[0]["state"]) == (
        "closed",
        "penalized",
        "final",
    )
    assert life.orders() == {case.penalties[0]["id"]: 30_000}
    assert sorted(life.mails_since(mark)) == [("penalty_order", "曹丽华"), ("penalty_order", "林可欣")]
    assert swept(life) == NOTHING
    life.demand_sound()


def test_a_lapsed_window_waits_for_the_customers_answer(life, clock):
    number = life.served()
    clock.at = life.penalty(number)["window_ends_at"] + SECOND
    life.sweep()
    case = life.case(number)
    assert (case.state, case.penalties[0]["state"]) == ("penalized", "final")
    assert life.deadline(number, "close")["term"] == "2 working_days"
    assert "还没有答复客户" in act_refused(life, "xuwenjing", number, forms.Close())
    life.reply(number)
    assert life.act("xuwenjing", number, forms.Close()).state == "closed"


def test_a_penalty_without_money_orders_nothing(life, clock):
    number = life.penalized(clause="7.3.9", points="1", yuan="0")
    life.act("xuwenjing", number, forms.Serve(penalty=life.penalty(number)["id"], how="paper"))
    life.reply(number)
    clock.at = life.penalty(number)["window_ends_at"] + SECOND
    life.sweep()
    assert (life.case(number).state, life.orders()) == ("closed", {})


def test_a_row_that_fails_is_logged_and_stops_neither_the_others_nor_the_stages(
    life, clock, monkeypatch, caplog
):
    monkeypatch.setattr(batches, "SIZE", 2)  # the failing rows alone would fill a batch
    broken = [life.registered(channel="daily_inspection", email="") for _ in range(3)]
    whole = life.registered(channel="daily_inspection", email="")
    clock.at = life.deadline(whole, "verify")["due_at"]

    def failing(tx, number, **more):
        row = row_of(tx, number, **more)
        if number in broken:
            tx.session.add(Unit(id="lost", code="lost", name="Lost", kind="team", path="/lost/"))
            raise KeyError("a row nobody foresaw")
        return row

    monkeypatch.setattr(sweep, "row_of", failing)
    mark = life.mark()
    done = sweep.sweep(life.place)
    assert (done.alarms, done.failed) == (1, 3)
    assert life.mails_since(mark) == [("deadline_passed", "许文静")]
    assert [r.args[1] for r in caplog.records if r.levelname == "ERROR"] == broken
    assert life.row("SELECT count(*) AS lost FROM unit WHERE id = 'lost'")["lost"] == 0
    monkeypatch.setattr(sweep, "row_of", row_of)
    assert swept(life) == (3, 0, 0, 0, 0, 0)
    life.demand_sound()
