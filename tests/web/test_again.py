"""What the database undid for the sake of another request is done again, and nobody notices."""

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from svcqa.kernel import attempts
from svcqa.kernel.errors import Busy
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM, Transaction
from svcqa.web import again

EVENTS = Statement("SELECT count(*) FROM audit_event")
COUNT = Statement("SELECT count(*) FROM complaint")
FILES = Statement("SELECT count(*) FROM evidence")
DEADLOCK = psycopg.errors.DeadlockDetected
REGISTER = {
    "channel": "hotline",
    "subject": "宽带报修三天无人上门",
    "unit": "cd1",
    "occurred_at": "2026-11-20T10:00",
}


def count(place, statement):
    with place.reading(SYSTEM) as tx:
        return statement.one(tx)[0]


@pytest.fixture
def losing(monkeypatch):
    """Return a function that lets the next so many commits of people lose their race; the list of them grows."""

    def lose(times, code=DEADLOCK):
        lost: list[str] = []
        commit = Transaction.commit

        def contested(tx):
            if tx.actor.person_id and len(lost) < times:
                lost.append(tx.actor.name)
                raise OperationalError("COMMIT", {}, code("lost"))
            commit(tx)

        monkeypatch.setattr(Transaction, "commit", contested)
        return lost

    return lose


@pytest.mark.parametrize("code", [DEADLOCK, psycopg.errors.SerializationFailure])
def test_a_form_that_lost_its_race_is_done_again_once(desk, place, losing, code):
    officer = desk("xuwenjing")
    before, lost = count(place, COUNT), losing(3, code)
    answer = officer.post("/complaints", REGISTER)
    assert answer.status_code == 303, answer.text
    assert (len(lost), count(place, COUNT)) == (3, before + 1)


def test_a_form_that_never_wins_is_told_so_with_what_was_typed(desk, place, losing):
    officer = desk("xuwenjing")
    before, lost = count(place, COUNT), losing(9)
    answer = officer.post("/complaints", REGISTER)
    assert answer.status_code == 503
    assert Busy().sentence in answer.text
    assert REGISTER["subject"] in answer.text
    assert (len(lost), count(place, COUNT)) == (attempts.TRIES, before)


def test_a_lock_that_was_waited_for_is_not_waited_for_again(desk, losing):
    officer = desk("xuwenjing")
    lost = losing(9, psycopg.errors.LockNotAvailable)
    assert officer.post("/complaints", REGISTER).status_code == 503
    assert len(lost) == 1


def test_a_file_is_received_once_more(desk, cases, place, losing):
    officer, number = desk("xuwenjing"), cases.registered()
    lost = losing(1)
    sent = {"file": ("note.txt", b"what the customer wrote", "text/plain")}
    answer = officer.post(f"/complaints/{number}/evidence", {"kind": "document"}, files=sent)
    assert answer.status_code == 303, answer.text
    assert (len(lost), count(place, FILES)) == (1, 1)


def test_what_is_too_long_to_keep_is_tried_once(desk, monkeypatch, losing):
    monkeypatch.setattr(again, "LARGEST", 100)
    officer, lost = desk("xuwenjing"), losing(9)
    assert officer.post("/complaints", REGISTER | {"narrative": "长" * 200}).status_code == 503
    assert len(lost) == 1


def test_what_the_database_cannot_hold_is_refused_with_a_sentence(desk, place):
    before = count(place, EVENTS)
    answer = desk("xuwenjing").get("/complaints/%00")
    assert answer.status_code in {404, 422}
    assert "系统出错" not in answer.text
    assert count(place, EVENTS) == before
