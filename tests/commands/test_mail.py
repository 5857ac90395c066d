"""The outbox on the terminal: listed, paused, resumed; only what is stuck is sent again."""

import json

import pytest

from notifications.delivery import LEASE
from notifications.mailbag import Mark
from notifications.transport import Reply
from svcqa.kernel.mailbag import Outbox


@pytest.fixture
def held(office, complaint):
    """Return the id of a letter that a person must decide about."""
    outbox = Outbox(office)
    [letter] = outbox.claim("test", 10, LEASE)
    outbox.record([Mark(letter, "held", Reply(None, "接收方没有答复"), doubted=True)])
    return letter.id


def test_letters_are_listed_with_state_and_the_last_reply(installed, held):
    shown = installed("mail", "list").stdout
    assert f"{held}  11-23 09:30  待人工处理  林女士" in shown
    assert "接收方没有答复" in shown
    assert installed("mail", "list", "--state", "sent").stdout == ""


def test_a_held_letter_is_sent_again_as_it_was(installed, office, held):
    assert installed("mail", "retry", held).exit_code == 0
    [letter] = Outbox(office).claim("test", 10, LEASE)
    assert (letter.id, letter.attempts, letter.doubts) == (held, 0, 0)


def test_a_held_letter_that_arrived_is_settled_once(installed, held):
    words = ("mail", "arrived", held, "--known-from", "answered by phone")
    assert installed(*words).exit_code == 0
    assert held in installed("mail", "list", "--state", "sent").stdout
    assert "已发出" in installed(*words).stderr


def test_a_letter_that_is_not_stuck_is_left_alone(installed, held):
    installed("mail", "retry", held)
    result = installed("mail", "retry", held)
    assert result.exit_code == 2
    assert "待发" in result.stderr


def test_an_unknown_letter_is_refused(installed):
    assert "没有编号为 nobody 的邮件" in installed("mail", "retry", "nobody").stderr


def test_a_paused_queue_gives_no_letter_until_it_is_resumed(installed, office, complaint):
    installed("mail", "pause", "--reason", "relay moves")
    assert "The queue is paused: relay moves" in installed("mail", "list").stdout
    assert Outbox(office).claim("test", 10, LEASE) == []
    installed("mail", "resume")
    assert len(Outbox(office).claim("test", 10, LEASE)) == 1


def test_programs_read_the_letters_and_whether_the_queue_is_paused(installed, held):
    told = json.loads(installed("mail", "list", "--json").stdout)
    [letter] = told["letters"]
    assert (told["paused"], letter["id"], letter["state"]) == (None, held, "held")
    assert letter["reply"] == "接收方没有答复"
    assert "lin@example.com" not in json.dumps(told)
    installed("mail", "pause", "--reason", "relay moves")
    paused = json.loads(installed("mail", "list", "--state", "sent", "--json").stdout)
    assert paused == {"paused": "relay moves", "letters": []}
