"""The bytes of a message: read back by the standard library, and closed against injection."""

import re
from base64 import b64decode
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifications import notices
from notifications.encoded_words import encode_words
from notifications.message import Mailbox, UnsafeAddress, UnsafeMessage, compose, has_banned
from notifications.rendering import Rendered, render

DEPARTMENT = Mailbox("客服部 服务质量考核", "svcqa@corp.example")
WANG = Mailbox("王建国", "wangjianguo@corp.example")
LIU = Mailbox("刘敏", "liumin@corp.example")
SENT_AT = datetime(2026, 11, 23, 7, 42, 30, tzinfo=UTC)
ID = "<0199f3c0a1b27c33@corp.example>"
WORD = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/=]*)\?=")
FIELDS = {
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "Content-Language", "Content-Type"),
}

marks = st.one_of(
    st.sampled_from("客服部质量考核申诉截止，。【】 aZ9?=_<>@\"',;()😀𠮷é"), st.characters(codec="utf-8")
)
lines = (
    st.text(marks, min_size=1, max_size=100).map(str.strip).filter(lambda text: text and not has_banned(text))
)


def written(subject="【考核通知】请查阅", text="正文\n", html="<p>正文</p>\n", **changes) -> bytes:
    parts: dict[str, Any] = {
        "sender": DEPARTMENT,
        "recipient": WANG,
        "message_id": ID,
        "date": SENT_AT,
        "reply_to": LIU,
    }
    return compose(Rendered(subject, text, html), **(parts | changes))


def head(data: bytes) -> list[str]:
    return data.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")


@pytest.mark.parametrize("kind", notices.EVERY, ids=lambda kind: kind.slug)
def test_every_notice_comes_back_as_it_was_written(kind):
    mail = render(kind.sample())
    data = written(mail.subject, mail.text, mail.html)
    message = message_from_bytes(data, policy=policy.default)
    assert message["Subject"] == mail.subject
    text, html = (part.get_content() for part in message.iter_parts())
    assert text.replace("\r\n", "\n") == mail.text
    assert html.replace("\r\n", "\n") == mail.html
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects


def test_the_head_holds_exactly_the_fields_of_an_automatic_mail():
    message = message_from_bytes(written(), policy=policy.default)
    assert set(message.keys()) == FIELDS
    assert len(message.keys()) == len(FIELDS)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "zh-CN"
    assert message["Message-ID"] == ID
    assert parsedate_to_datetime(message["Date"]) == SENT_AT
    assert [str(address) for address in message["To"].addresses] == ["王建国 <wangjianguo@corp.example>"]


def test_without_a_person_to_answer_to_there_is_no_reply_field():
    assert "Reply-To" not in message_from_bytes(written(reply_to=None))


def test_a_message_is_pure_ascii_in_short_crlf_lines():
    mail = render(notices.PenaltyNotice.sample())
    data = written(mail.subject, mail.text, mail.html)
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 78


def test_the_same_input_gives_the_same_bytes():
    assert written() == written()


@given(subject=lines, name=lines.filter(lambda text: "=?" not in text))
@example(subject="plain", name="Wang Jianguo")
@example(subject="=?utf-8?q?a=0ABcc?=", name='"Wang", Jianguo <eve@evil.example>')
@example(subject="a" * 250, name="b" * 100)
def test_any_subject_and_any_name_come_back(subject, name):
    data = written(subject, recipient=Mailbox(name, "wangjianguo@corp.example"))
    message = message_from_bytes(data)
    assert str(make_header(decode_header(message["Subject"]))) == subject
    shown, _, address = message["To"].rpartition("<")
    assert str(make_header(decode_header(shown.strip()))) == name
    assert address == "wangjianguo@corp.example>"
    assert set(message.keys()) == FIELDS
    for line in head(data):
        assert len(line) <= 76
    for word in WORD.findall(data.partition(b"\r\n\r\n")[0].decode("ascii")):
        b64decode(word, validate=True).decode("utf-8")


def test_two_thousand_chinese_subjects_are_never_split_inside_a_character():
    draw = Random(20261123)
    for _ in range(2000):
        subject = "".join(chr(draw.randrange(0x4E00, 0x9FFF)) for _ in range(draw.randrange(1, 80)))
        words = encode_words(subject, 67).split("\r\n ")
        assert max(map(len, words)) <= 75
        assert "".join(b64decode(payload).decode() for payload in WORD.findall(" ".join(words))) == subject


@pytest.mark.parametrize(
    "name",
    [
        "王\r\nBcc: eve@evil.example",
        "王\nBcc: eve@evil.example",
        "王\rBcc: eve@evil.example",
        "王\x00",
        "王\x1b[2J",
        "王\x7f",
        "王\x85Bcc: eve@evil.example",
        "王\u2028Bcc: eve@evil.example",
        "王\u2029",
        "王\u202enimda",
        "王\ud800",
        "=?utf-8?q?a=0A?=Bcc: eve@evil.example",
        "王" * 101,
    ],
)
def test_a_name_that_could_end_a_line_or_hide_is_refused(name):
    with pytest.raises(UnsafeAddress, match="请改正"):
        Mailbox(name, "wangjianguo@corp.example")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "wang",
        "@corp.example",
        "wang@",
        "王建国@corp.example",
        "wang@公司.example",
        "wang@corp.example\r\nBcc: eve@evil.example",
        "wang@corp.example\n",
        "wang@corp.example,eve@evil.example",
        "wang@corp.example> SIZE=1",
        "<wang@corp.example>",
        "wang jianguo@corp.example",
        '"wang jianguo"@corp.example',
        "wang..jianguo@corp.example",
        "wang@-corp.example",
        "wang@corp..example",
        "wang@[127.0.0.1]",
        "=?utf-8?q?eve?=@corp.example",
        "w" * 65 + "@corp.example",
        "wang@" + "c" * 250 + ".example",
    ],
)
def test_an_address_that_is_not_plain_is_refused(address):
    with pytest.raises(UnsafeAddress, match="请改正"):
        Mailbox("王建国", address)


@pytest.mark.parametrize(
    "address", ["bounce+0199f3c0.a1b2c3d4e5@corp.example", "o'hara@mail.corp.example", "root@localhost"]
)
def test_ordinary_addresses_pass(address):
    assert Mailbox("", address).address == address


@pytest.mark.parametrize(
    "subject", ["", "  ", "请查阅\r\nBcc: eve@evil.example", "请查阅\n", "请\u2028查阅", "查" * 251]
)
def test_a_subject_that_is_not_one_line_is_refused(subject):
    with pytest.raises(UnsafeMessage, match="邮件主题"):
        written(subject)


@pytest.mark.parametrize(
    "message_id", ["", "0199@corp.example", "<0199>", "<0199@corp.example>\r\nBcc: e@x", "<王@corp.example>"]
)
def test_a_message_id_of_another_form_is_refused(message_id):
    with pytest.raises(UnsafeMessage, match="邮件编号"):
        written(message_id=message_id)


def test_a_date_without_a_zone_is_refused():
    with pytest.raises(UnsafeMessage, match="时区"):
        written(date=datetime(2026, 11, 23, 15, 42))  # noqa: DTZ001 - the very thing that must not pass


@pytest.mark.parametrize(
    "planted",
    [
        "wang@corp.example>\r\nBcc: <eve@evil.example",
        "wang@corp.example\nX-Eve: 1",
        "wang@corp.example\r\n\r\n<p>Eve",
    ],
)
def test_what_slips_past_the_first_check_is_stopped_by_the_second(planted):
    mailbox = Mailbox("王建国", "wangjianguo@corp.example")
    object.__setattr__(mailbox, "address", planted)
    with pytest.raises(UnsafeMessage, match="邮件头与预期不符"):
        written(recipient=mailbox)
