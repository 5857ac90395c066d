"""`svcqa web` hands its settings to the server."""

import uvicorn

from svcqa.commands import web


def test_the_server_gets_the_settings_and_believes_no_header_itself(installed, monkeypatch):
    monkeypatch.setenv("SVCQA_WEB_HOST", "127.0.0.2")
    monkeypatch.setenv("SVCQA_TRUSTED_PROXIES", "127.0.0.1")
    asked: list[uvicorn.Server] = []
    monkeypatch.setattr(web, "_run", asked.append)
    assert installed("web").exit_code == 0
    (server,) = asked
    assert isinstance(server, uvicorn.Server)
    assert server.config.host == "127.0.0.2"
    assert not server.config.proxy_headers
    assert not server.config.access_log
