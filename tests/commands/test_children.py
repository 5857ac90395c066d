"""What `svcqa up` asks of the machine: which port is free, who answers, which logs are kept."""

import socket

from svcqa.commands.children import accepts, answers, is_free, turn_logs
from tests.commands.conftest import free_port


def test_a_port_somebody_listens_on_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert accepts(port)()
        assert not answers(f"http://127.0.0.1:{port}/healthz")()
    assert is_free("127.0.0.1", port)
    assert not accepts(port)()


def test_nobody_answers_where_nobody_listens():
    assert not answers(f"http://127.0.0.1:{free_port()}/healthz")()


def test_the_logs_of_three_earlier_starts_are_kept(tmp_path):
    for start in range(5):
        turn_logs(tmp_path, "web").write_text(f"start {start}")
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == {
        "web.log": "start 4",
        "web.log.1": "start 3",
        "web.log.2": "start 2",
        "web.log.3": "start 1",
    }
