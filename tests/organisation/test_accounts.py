"""Signing in with a name and a password."""

from datetime import timedelta

import pytest

from svcqa.kernel.errors import Forbidden, Invalid, NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Actor
from svcqa.organisation import accounts, codes, passwords, sessions
from svcqa.organisation.sessions import NotSigned, Signed

PASSWORD = "seven small boats"
VISITOR = Actor(person_id=None, name="", via="web", request_id="r-1", address="192.0.2.7")
COLUMNS = Statement("SELECT * FROM account")
BODIES = Statement("SELECT body FROM audit_event WHERE action = 'account.sign_in_failed' ORDER BY seq")


@pytest.fixture
def liumin(place, cast):
    person = cast["liumin"]
    with place.transaction(cast.actor("liumin")) as tx:
        accounts.set_password(tx, person.id, PASSWORD)
    return person


@pytest.fixture
def attempt(place):
    def signing_in(name="10206", password=PASSWORD):
        with place.transaction(VISITOR) as tx:
            return accounts.sign_in(tx, name=name, password=password)

    return signing_in


@pytest.mark.parametrize(
    "name", ["10206", "１０２０６", " 10206 ", "liumin@kefu.example.com", "LiuMin@Kefu.example.com"]
)
def test_staff_number_or_mail_address_and_password_open_a_session(place, liumin, attempt, name):
    signed = attempt(name)
    assert isinstance(signed, Signed)
    assert (signed.person_id, signed.must_change) == (liumin.id, False)
    with place.reading(SYSTEM) as tx:
        found = sessions.session(tx, signed.session_secret)
    assert found is not None
    assert found.person_id == liumin.id


def test_a_sign_in_is_recorded_with_its_address_beside(place, liumin, attempt, recorded):
    attempt()
    attempt(password="wrong")
    assert recorded() == ["account.password_set", "account.signed_in", "account.sign_in_failed"]
    with place.reading(SYSTEM) as tx:
        assert "192.0.2.7" not in BODIES.one(tx)[0]


def test_every_refusal_reads_the_same(place, cast, liumin, attempt):
    with place.transaction(SYSTEM) as tx:
        accounts.set_password(tx, cast["hanlei"].id, PASSWORD)
        accounts.disable(tx, cast["hanlei"].id)
        accounts.set_password(tx, cast["jinxin"].id, PASSWORD)
    refused = [
        attempt("99999"),
        attempt("10206", "seven small boat"),
        attempt("10206", ""),
        attempt("10207"),
        attempt("10208"),
        attempt("10239"),
        attempt("", ""),
    ]
    assert set(refused) == {NotSigned(accounts.REFUSED)}
    with place.reading(SYSTEM) as tx:
        reasons = [body[0].split('"reason":"')[1].split('"')[0] for body in BODIES.run(tx).fetchall()]
    assert reasons == ["unknown", "wrong", "wrong", "unknown", "disabled", "left", "unknown"]


def test_every_attempt_costs_exactly_one_hash(liumin, attempt, monkeypatch):
    verify, compared = passwords.verify, []

    def counted(password, stored):
        compared.append(stored)
        return verify(password, stored)

    monkeypatch.setattr(passwords, "verify", counted)
    for name, password in [("10206", PASSWORD), ("10206", "wrong"), ("99999", PASSWORD), ("10207", PASSWORD)]:
        attempt(name, password)
    assert len(compared) == 4


def test_what_was_typed_as_a_name_is_not_kept(place, liumin, attempt):
    attempt("hunter two in the wrong field")
    with place.reading(SYSTEM) as tx:
        assert "hunter" not in "".join(str(row) for row in Statement("SELECT * FROM audit_event").rows(tx))
        assert "hunter" not in "".join(str(row) for row in Statement("SELECT * FROM audit_text").rows(tx))


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(liumin, attempt, clock):
    for _ in range(5):
        attempt(password="wrong")
    assert attempt() == NotSigned(accounts.REFUSED)
    clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    assert attempt() == NotSigned(accounts.REFUSED)
    clock.advance(timedelta(seconds=1))
    assert isinstance(attempt(), Signed)


def test_attempts_during_a_lock_do_not_prolong_it(liumin, attempt, clock):
    for _ in range(50):
        attempt(password="wrong")
    clock.advance(timedelta(minutes=15))
    assert isinstance(attempt(), Signed)


def test_each_further_five_failures_lock_for_twice_as_long_up_to_four_hours(place, liumin, attempt, clock):
    locks = []
    for _ in range(7):
        for _ in range(5):
            attempt(password="wrong")
        with place.reading(SYSTEM) as tx:
            account = accounts.account_of(tx, liumin.id)
        assert account is not None
        assert account.locked_until_at is not None
        locks.append((account.locked_until_at - clock.now()) // timedelta(minutes=1))
        clock.at = account.locked_until_at
    assert locks == [15, 30, 60, 120, 240, 240, 240]


def test_success_forgets_earlier_failures(liumin, attempt):
    for _ in range(3):
        for _ in range(4):
            attempt(password="wrong")
        assert isinstance(attempt(), Signed)


def test_the_failure_counts_though_nobody_signed_in(place, liumin, attempt):
    attempt(password="wrong")
    with place.reading(SYSTEM) as tx:
        account = accounts.account_of(tx, liumin.id)
        assert account is not None
        assert account.failures == 1


def test_a_password_changed_while_it_was_examined_does_not_open(place, liumin, cast):
    with place.reading(VISITOR) as tx:
        examined = accounts.examine(tx, name="10206", password=PASSWORD)
    with place.transaction(cast.actor("liumin")) as tx:
        accounts.set_password(tx, liumin.id, "eight larger boats")
    with place.transaction(VISITOR) as tx:
        assert accounts.admit(tx, examined) == NotSigned(accounts.REFUSED)


def test_a_flood_of_examined_guesses_is_stopped_by_the_lock(place, liumin):
    with place.reading(VISITOR) as tx:
        guesses = [accounts.examine(tx, name="10206", password="wrong") for _ in range(5)]
        guesses.append(accounts.examine(tx, name="10206", password=PASSWORD))
    with place.transaction(VISITOR) as tx:
        assert {accounts.admit(tx, one) for one in guesses} == {NotSigned(accounts.REFUSED)}


def test_examining_writes_nothing(place, liumin, recorded):
    before = recorded()
    with place.transaction(VISITOR) as tx:
        accounts.examine(tx, name="10206", password="wrong")
    assert recorded() == before


def test_no_password_stands_in_the_database(place, liumin):
    with place.reading(SYSTEM) as tx:
        [row] = COLUMNS.rows(tx)
    assert row["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(row)


def test_only_the_person_sets_the_password(place, cast, luowenbo):
    for actor in (luowenbo, cast.actor("shenguoqiang")):
        with place.transaction(actor) as tx, pytest.raises(Forbidden, match="本人设置"):
            accounts.set_password(tx, cast["hanlei"].id, PASSWORD)


def test_a_weak_password_changes_nothing(place, cast, liumin, attempt):
    with place.transaction(cast.actor("liumin")) as tx, pytest.raises(Invalid, match="姓名、工号"):
        accounts.set_password(tx, liumin.id, "liumin and boats")
    assert isinstance(attempt(), Signed)


def test_a_new_password_ends_the_sessions_and_the_lock(place, cast, liumin, attempt):
    signed = attempt()
    for _ in range(5):
        attempt(password="wrong")
    with place.transaction(cast.actor("liumin")) as tx:
        accounts.set_password(tx, liumin.id, "eight larger boats")
        assert sessions.session(tx, signed.session_secret) is None
    assert isinstance(attempt(password="eight larger boats"), Signed)
    assert attempt() == NotSigned(accounts.REFUSED)


def test_a_password_from_the_terminal_may_have_to_be_changed(place, liumin, attempt):
    with place.transaction(SYSTEM) as tx:
        accounts.set_password(tx, liumin.id, "eight larger boats", must_change=True)
    signed = attempt(password="eight larger boats")
    assert isinstance(signed, Signed)
    assert signed.must_change


def test_disabling_ends_all_sessions_in_the_same_transaction(place, liumin, luowenbo, attempt, recorded):
    secrets = [attempt().session_secret for _ in range(3)]
    with place.transaction(luowenbo) as tx:
        accounts.disable(tx, liumin.id)
        assert [sessions.session(tx, one) for one in secrets] == [None] * 3
    assert recorded()[-2:] == ["account.disabled", "session.ended"]


def test_enabling_lets_the_person_in_again(place, liumin, luowenbo, attempt):
    with place.transaction(luowenbo) as tx:
        accounts.disable(tx, liumin.id)
        accounts.enable(tx, liumin.id)
    assert isinstance(attempt(), Signed)


def test_an_account_that_does_not_exist_cannot_be_enabled(place, cast, luowenbo):
    with place.transaction(luowenbo) as tx, pytest.raises(NotFound):
        accounts.enable(tx, cast["hanlei"].id)


def test_nobody_but_an_administrator_touches_accounts(place, cast, liumin):
    with place.transaction(cast.actor("liumin")) as tx:
        for act in (accounts.disable, accounts.enable, codes.issue_code):
            with pytest.raises(Forbidden, match="管理员"):
                act(tx, cast["hanlei"].id)


def test_a_person_who_leaves_is_out_the_day_after(place, liumin, attempt, clock):
    signed = attempt()
    with place.transaction(SYSTEM) as tx:
        Statement("UPDATE person SET left_on = '2026-11-23' WHERE id = :id").run(tx, id=liumin.id)
        assert sessions.session(tx, signed.session_secret) is not None
    clock.advance(timedelta(hours=14, minutes=30))  # midnight in China
    with place.reading(SYSTEM) as tx:
        assert sessions.session(tx, signed.session_secret) is None
    assert attempt() == NotSigned(accounts.REFUSED)
