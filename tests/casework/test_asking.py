"""What the sweep cannot do it asks a person for, once: paper service, a calendar year, a look at a held letter."""

from datetime import UTC, datetime, timedelta

from svcqa.casework import forms
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import correspondence

HOLD = Statement("UPDATE outbox SET state = 'held', reply = '451 try later' WHERE id = :id")
UNSEAL_MAILBOXES = Statement("UPDATE person SET mailbox_designated_at = NULL")


def asked(life, mark):
    """Return the questions posted since, as (slug, to whom)."""
    slugs = {"paper_service_needed", "calendar_year_missing", "mail_held"}
    return [letter for letter in life.mails_since(mark) if letter[0] in slugs]


def test_a_notice_that_came_back_is_to_be_served_on_paper(life):
    number = life.penalized()
    penalty = life.case(number).penalties[0]
    with life.place.transaction(SYSTEM) as tx:
        correspondence.record_bounce(tx, penalty["letter_id"], reason="550 no such mailbox")
    mark = life.mark()
    assert life.sweep().asked == 1
    assert asked(life, mark) == [("paper_service_needed", "许文静")]
    assert life.sweep().asked == 0


def test_three_working_days_without_service_are_enough(life, clock):
    number = life.penalized()
    with life.place.transaction(SYSTEM) as tx:
        UNSEAL_MAILBOXES.run(tx)
    clock.advance(timedelta(days=2))
    mark = life.mark()
    life.sweep()
    assert asked(life, mark) == []
    clock.advance(timedelta(days=2))
    life.sweep()
    assert asked(life, mark) == [("paper_service_needed", "许文静")]
    life.act("xuwenjing", number, forms.Serve(penalty=life.case(number).penalties[0]["id"], how="paper"))
    assert life.sweep().asked == 0


def test_a_year_without_a_calendar_is_asked_for_once(life, clock):
    clock.at = datetime(2026, 12, 31, 8, 0, tzinfo=UTC)
    life.registered(channel="daily_inspection", email="")
    mark = life.mark()
    life.sweep()
    questions = asked(life, mark)
    assert questions
    assert {slug for slug, _ in questions} == {"calendar_year_missing"}
    life.registered(channel="daily_inspection", email="")
    life.sweep()
    assert asked(life, mark) == questions


def test_the_administrators_are_told_of_a_held_letter_once(life):
    life.penalized()
    mark = life.mark()
    letter = life.row("SELECT id FROM outbox ORDER BY id LIMIT 1")["id"]
    with life.place.transaction(SYSTEM) as tx:
        HOLD.run(tx, id=letter)
    life.sweep()
    first = asked(life, mark)
    assert {slug for slug, _ in first} == {"mail_held"}
    assert life.sweep().asked == 0
    assert asked(life, mark) == first
