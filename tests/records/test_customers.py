"""A customer's name and address come in sealed, are never compared, and go again."""

from datetime import timedelta

import pytest

from svcqa.kernel.transaction import SYSTEM
from svcqa.records import surveys
from tests.records.shift import ask, counted, said, take

RULES = """\
kind: interactions
source: desk
time_formats: ["%Y-%m-%d %H:%M"]
reference: no
person: who
opened_at: came
resolved_at: done
customer_name: name
customer_email: mail
"""
HEADER = "no,who,came,done,name,mail"
LIN = "1,10220,2026-11-10 09:00,2026-11-10 10:00,林女士,lin@example.com"
NOBODY = "2,10220,2026-11-10 09:00,2026-11-10 10:00,,"


def enter(place, *rows, **more):
    return take(place, *rows, rules=RULES, header=HEADER, **more)


def sealed(place):
    return ask(place, "SELECT sealed_name, sealed_email FROM interaction ORDER BY reference")


def test_name_and_address_are_sealed_and_an_empty_cell_stays_empty(place):
    enter(place, LIN, NOBODY)
    (name, email), nothing = sealed(place)
    assert nothing == (None, None)
    with place.reading(SYSTEM) as tx:
        assert [tx.seal.open(one).decode() for one in (name, email)] == ["林女士", "lin@example.com"]


@pytest.mark.parametrize(
    ("name", "email", "column", "reason"),
    [
        ("林女士", "lin at example.com", "mail", "客户邮箱不能用来寄信"),
        ("林女士", "lin..x@example.com", "mail", "客户邮箱不能用来寄信"),
        ("林女士", "lin@" + "x" * 130 + ".com", "mail", "客户邮箱不能用来寄信"),
        ("=?utf-8?", "lin@example.com", "name", "客户姓名不能用来寄信"),
    ],
)
def test_what_no_mail_could_go_to_is_rejected(place, name, email, column, reason):
    row = f"1,10220,2026-11-10 09:00,2026-11-10 10:00,{name},{email}"
    ((_, where, _, why),) = said(enter(place, row, dry_run=True))
    assert (where, why) == (column, reason)


def test_a_name_loses_what_nobody_can_see(place):
    row = "1,10220,2026-11-10 09:00,2026-11-10 10:00,林\u202e女\u200b士,lin@example.com"
    assert counted(enter(place, row)) == {"lines": 1, "new": 1}
    ((name, _),) = sealed(place)
    assert place.seal.open(bytes(name)).decode() == "林女士"


def test_a_second_run_changes_nothing_although_seals_differ_each_time(place):
    enter(place, LIN)
    before = sealed(place)
    assert counted(enter(place, LIN)) == {"lines": 1, "same": 1}
    assert sealed(place) == before


def test_a_corrected_row_brings_its_address_again(place):
    enter(place, LIN)
    assert counted(enter(place, LIN.replace("10:00", "11:00"))) == {"lines": 1, "changed": 1}
    assert sealed(place)[0][1] is not None


def test_what_no_survey_takes_is_erased_in_time(place, clock):
    enter(place, LIN, NOBODY)
    with place.transaction(SYSTEM) as tx:
        assert surveys.forget_unasked(tx) == 0
    clock.advance(surveys.KEPT + timedelta(seconds=1))
    with place.transaction(SYSTEM) as tx:
        assert surveys.forget_unasked(tx) == 1
    assert sealed(place) == [(None, None), (None, None)]
