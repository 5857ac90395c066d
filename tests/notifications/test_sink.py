"""The local mailbox: what is sent there can be listed and read, and no other file can."""

import asyncio
from datetime import UTC, datetime

import pytest

from notifications import notices
from notifications.message import Mailbox, compose
from notifications.rendering import render
from notifications.sink import list_messages, listening, read_message, serve
from notifications.transport import Transport

SENT_AT = datetime(2026, 11, 23, 7, 42, 30, tzinfo=UTC)


def message(kind, number: int) -> bytes:
    return compose(
        render(kind.sample()),
        sender=Mailbox("客服部", "svcqa@corp.example"),
        recipient=Mailbox("王建国", "wangjianguo@corp.example"),
        message_id=f"<{number}@corp.example>",
        date=SENT_AT,
    )


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory):
    """Give a folder into which two notices were sent through the sink."""
    folder = tmp_path_factory.mktemp("mail") / "box"

    async def fill():
        async with listening(folder, 0, lambda: SENT_AT) as port:
            transport = Transport(host="127.0.0.1", port=port, security="none", development=True)
            async with transport.connection() as connection:
                for number, kind in enumerate((notices.PenaltyNotice, notices.CustomerReply)):
                    data = message(kind, number)
                    await connection.send("bounce@corp.example", "wangjianguo@corp.example", data)

    asyncio.run(fill())
    return folder


def test_messages_are_listed_newest_first(mailbox):
    newer, older = list_messages(mailbox)
    assert newer.subject == render(notices.CustomerReply.sample()).subject
    assert older.subject == render(notices.PenaltyNotice.sample()).subject
    assert (older.name, newer.name) == (
        "20261123T074230000000-000001.eml",
        "20261123T074230000000-000002.eml",
    )
    assert older.recipient == "王建国 <wangjianguo@corp.example>"
    assert older.date == SENT_AT


def test_a_message_is_kept_byte_for_byte(mailbox):
    assert (mailbox / list_messages(mailbox)[1].name).read_bytes() == message(notices.PenaltyNotice, 0)


def test_a_message_is_read_with_both_bodies(mailbox):
    entry = list_messages(mailbox)[1]
    received = read_message(mailbox, entry.name)
    mail = render(notices.PenaltyNotice.sample())
    assert received.entry == entry
    assert received.text.replace("\r\n", "\n") == mail.text
    assert received.html.replace("\r\n", "\n") == mail.html
    assert "Auto-Submitted: auto-generated" in received.source


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../secret.eml",
        "/etc/passwd",
        "secret.eml",
        ".20261123T074230000000-000001.eml",
        "20261123T074230000000-000009.eml",
    ],
)
def test_no_other_file_can_be_read(mailbox, name):
    (mailbox.parent / "secret.eml").write_text("secret")
    (mailbox / "secret.eml").write_text("secret")
    with pytest.raises(FileNotFoundError):
        read_message(mailbox, name)
    assert len(list_messages(mailbox)) == 2


def test_half_a_file_and_a_message_without_date_do_no_harm(tmp_path):
    (tmp_path / ".20261123T074230000000-000001.eml").write_bytes(b"Subject: half")
    (tmp_path / "20261123T074230000000-000002.eml").write_bytes(b"Subject: bare\r\n\r\nhello\r\n")
    (entry,) = list_messages(tmp_path)
    assert (entry.subject, entry.sender, entry.date) == ("bare", "", None)
    received = read_message(tmp_path, entry.name)
    assert received.text.strip() == "hello"
    assert received.html == ""


def test_the_sink_serves_on_loopback_until_stopped(tmp_path):
    async def scenario():
        stop = asyncio.Event()
        work = asyncio.create_task(serve(tmp_path / "box", 0, stop, clock=lambda: SENT_AT))
        await asyncio.sleep(0.02)
        assert not work.done()
        stop.set()
        await asyncio.wait_for(work, 2)

    asyncio.run(scenario())
    assert list_messages(tmp_path / "box") == []
