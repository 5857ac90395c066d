"""The way to the relay, over real sockets: what each answer means, and that nothing leaves in clear."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from notifications.delivery import LEASE
from notifications.transport import DeliveryFailed, Reply, Transport
from tests.notifications.relay import CUT, SILENCE, Relay

SENDER, WANG = "bounce+1.a1b2c3d4e5@corp.example", "wangjianguo@corp.example"
DATA = b"Subject: x\r\n\r\n.leading dot\r\nlast line\r\n"


def toward(relay: Relay, **settings) -> Transport:
    plain: dict[str, Any] = {"security": "none", "development": True}
    return Transport(host="127.0.0.1", port=relay.port, **(plain | settings))


async def send(relay: Relay, **settings) -> Reply:
    async with toward(relay, **settings).connection() as connection:
        return await connection.send(SENDER, WANG, DATA)


def outcome(settings=None, **script) -> tuple[DeliveryFailed, Relay]:
    async def attempt() -> tuple[DeliveryFailed, Relay]:
        async with Relay(**script) as relay:
            with pytest.raises(DeliveryFailed) as caught:
                await send(relay, **(settings or {}))
            return caught.value, relay

    return asyncio.run(attempt())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Give the file of a fresh certificate for 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay.corp.example")])
    start = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251 - TLS reads the real clock
    built = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "relay.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + built.public_bytes(Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def relay_tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_one_connection_carries_many_messages():
    async def scenario():
        async with Relay() as relay:
            async with toward(relay).connection() as connection:
                replies = [await connection.send(SENDER, WANG, DATA) for _ in range(5)]
            assert replies == [Reply(250, "queued")] * 5
            assert relay.connections == 1
            assert len(relay.arrived) == 5
            assert relay.verbs[-1] == "QUIT"
            assert relay.arrived[0][1] == b"Subject: x\r\n\r\n..leading dot\r\nlast line\r\n.\r\n"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("verb", "answer", "permanent", "queue_wide"),
    [
        ("RCPT", "450 greylisted", False, False),
        ("RCPT", "451 try later", False, False),
        ("RCPT", "452 mailbox full", False, False),
        ("RCPT", "421 closing", False, False),
        ("RCPT", "550 no such user", True, False),
        ("RCPT", "553 bad name", True, False),
        ("DATA", "451 try later", False, False),
        ("DATA", "554 no valid recipients", True, False),
        ("DOT", "451 try later", False, False),
        ("DOT", "421 closing", False, False),
        ("DOT", "552 too big", True, False),
        ("DOT", "550 content refused", True, False),
        ("MAIL", "451 try later", False, False),
        ("MAIL", "550 sender refused", True, True),
        ("GREETING", "421 busy", False, True),
        ("GREETING", "554 no service", True, True),
    ],
)
def test_the_code_decides_between_later_never_and_the_whole_queue(verb, answer, permanent, queue_wide):
    failure, relay = outcome(**{verb: [answer]})
    assert (failure.permanent, failure.queue_wide, failure.in_doubt) == (permanent, queue_wide, False)
    assert failure.reply.code == int(answer[:3])
    assert bool(relay.arrived) is (verb == "DOT")


@pytest.mark.parametrize("answer", [CUT, SILENCE, "what?", "299 odd"])
def test_an_unclear_end_after_the_last_dot_leaves_doubt(answer):
    failure, relay = outcome({"final_reply_timeout": 0.1}, DOT=[answer])
    assert failure.in_doubt
    assert not failure.permanent
    assert len(relay.arrived) == 1


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("answer", [CUT, SILENCE])
def test_an_end_before_the_content_leaves_no_doubt(verb, answer):
    failure, relay = outcome({"command_timeout": 0.1}, **{verb: [answer]})
    assert (failure.permanent, failure.queue_wide, failure.in_doubt) == (False, False, False)
    assert relay.arrived == []


def test_a_refused_recipient_leaves_the_connection_usable():
    async def scenario():
        async with Relay(RCPT=["550 no such user"]) as relay, toward(relay).connection() as connection:
            with pytest.raises(DeliveryFailed):
                await connection.send(SENDER, "nobody@corp.example", DATA)
            assert connection.usable
            assert (await connection.send(SENDER, WANG, DATA)).code == 250
            assert relay.connections == 1

    asyncio.run(scenario())


def test_a_closing_relay_makes_the_connection_unusable():
    async def scenario():
        async with Relay(RCPT=["421 closing"]) as relay, toward(relay).connection() as connection:
            with pytest.raises(DeliveryFailed):
                await connection.send(SENDER, WANG, DATA)
            assert not connection.usable

    asyncio.run(scenario())


def test_a_relay_that_cannot_be_reached_hinders_the_queue_for_a_while():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]

        async def scenario():
            async with Transport(host="127.0.0.1", port=port, security="none", development=True).connection():
                pytest.fail("nobody listens there")

        with pytest.raises(DeliveryFailed) as caught:
            asyncio.run(scenario())
    assert caught.value.queue_wide
    assert not caught.value.permanent


@pytest.mark.parametrize(("answer", "permanent"), [("535 wrong password", True), ("454 try later", False)])
def test_a_refused_sign_in_concerns_the_whole_queue(answer, permanent):
    account = {"username": "svcqa", "password": "invented"}
    failure, _ = outcome(account, extensions=("AUTH PLAIN",), AUTH=[answer])
    assert (failure.permanent, failure.queue_wide) == (permanent, True)


def test_the_password_is_never_shown():
    transport = Transport(host="relay", port=587, username="svcqa", password="invented")
    assert "invented" not in repr(transport)


@pytest.mark.parametrize("account", [{}, {"username": "svcqa", "password": "invented"}])
def test_without_starttls_nothing_is_sent_in_clear(account):
    failure, relay = outcome({"security": "starttls"} | account, extensions=("AUTH PLAIN LOGIN",))
    assert (failure.permanent, failure.queue_wide) == (True, True)
    assert "STARTTLS" in failure.reply.text
    assert set(relay.verbs) <= {"EHLO", "QUIT"}
    assert relay.arrived == []


def test_an_unknown_certificate_is_refused(relay_tls):
    settings = {"security": "starttls", "connect_timeout": 2.0}
    failure, relay = outcome(settings, extensions=("STARTTLS",), tls=relay_tls)
    assert (failure.permanent, failure.queue_wide) == (True, True)
    assert relay.arrived == []


def test_with_starttls_the_message_travels_encrypted(certificate, relay_tls):
    async def scenario():
        trusted = ssl.create_default_context(cafile=str(certificate))
        async with Relay(extensions=("STARTTLS",), tls=relay_tls) as relay:
            reply = await send(relay, security="starttls", tls_context=trusted)
            assert reply.code == 250
            assert len(relay.arrived) == 1
            assert WANG.encode() not in relay.plaintext

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "address", ["王建国@corp.example", "wang@corp.example> SIZE=1", "wang\r\nRCPT TO:<eve@evil.example>"]
)
def test_an_unsafe_envelope_is_refused_before_a_word_is_said(address):
    async def scenario():
        async with Relay() as relay, toward(relay).connection() as connection:
            for sender, recipient in ((SENDER, address), (address, WANG)):
                with pytest.raises(DeliveryFailed) as caught:
                    await connection.offer(sender, recipient)
                assert caught.value.permanent
                assert not caught.value.queue_wide
            assert not {"MAIL", "RCPT"} & set(relay.verbs)

    asyncio.run(scenario())


def test_clear_text_is_for_development_only():
    with pytest.raises(ValueError, match="正式环境"):
        Transport(host="relay", port=25, security="none")


def test_what_a_relay_babbles_is_kept_as_one_short_printable_line():
    failure, _ = outcome(RCPT=["550-first\r\n550 \x1b[2J\xff" + "x" * 900])
    assert failure.reply.text.isprintable()
    assert len(failure.reply.text) <= 500


def test_the_lease_outlasts_the_longest_wait_for_an_answer():
    assert timedelta(seconds=2 * Transport(host="relay", port=587).final_reply_timeout) < LEASE
