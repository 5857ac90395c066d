"""`svcqa web` hands its settings to the server; the address of a visitor is believed from a named proxy only."""

import asyncio

import pytest
import uvicorn


@pytest.fixture
def given(installed, monkeypatch):
    """Return a function that runs the command with trusted proxies and returns what the server would get."""

    def run(proxies):
        monkeypatch.setenv("SVCQA_TRUSTED_PROXIES", proxies)
        asked = {}
        monkeypatch.setattr(uvicorn, "run", lambda _app, **options: asked.update(options))
        assert installed("web").exit_code == 0
        return asked

    return run


def address_seen(options, peer):
    """Return the address that the pages see when a peer sends a header naming 203.0.113.9."""
    seen = []

    async def pages(scope, _receive, _send):
        seen.append(scope["client"][0])

    config = uvicorn.Config(
        pages,
        interface="asgi3",
        log_config=None,
        ws="none",
        proxy_headers=options["proxy_headers"],
        forwarded_allow_ips=options["forwarded_allow_ips"],
    )
    config.load()
    headers = [(b"x-forwarded-for", b"203.0.113.9")]
    asyncio.run(config.loaded_app({"type": "http", "client": (peer, 1), "headers": headers}, None, None))
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "peer", "address"),
    [
        ("", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1, 10.0.0.0/8", "127.0.0.1", "203.0.113.9"),
        ("127.0.0.1, 10.0.0.0/8", "10.1.2.3", "203.0.113.9"),
        ("127.0.0.1, 10.0.0.0/8", "192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_visitors_address_is_believed_from_a_named_proxy_only(given, proxies, peer, address):
    assert address_seen(given(proxies), peer) == address
