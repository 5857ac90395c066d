"""A mail sink fast enough not to be what is measured: answers SMTP and keeps nothing. Run as its own process.

With a delay it takes each letter as late as a relay that looks into it does; other connections do not wait for it.
"""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator


class Session(asyncio.Protocol):
    """One connection: says yes to everything."""

    def __init__(self, delay: float) -> None:
        self.delay = delay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self.transport, self.waiting, self.in_data = transport, b"", False
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command and each end of data."""
        self.waiting += data
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            line, found, rest = self.waiting.partition(end)
            if not found:
                return
            self.waiting = rest
            self._answer(line)

    def _answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if self.in_data:
            self.in_data = False
            asyncio.get_running_loop().call_later(self.delay, self._say, b"250 kept\r\n")
        elif verb == b"DATA":
            self.in_data = True
            self._say(b"354 go\r\n")
        elif verb == b"QUIT":
            self._say(b"221 bye\r\n")
        else:
            self._say(b"250 ok\r\n")

    def _say(self, text: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(text)  # type: ignore[attr-defined]  # a TCP transport writes


async def _serve(port: int, delay: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Session(delay), "127.0.0.1", port)
    await server.serve_forever()


@contextlib.contextmanager
def running(delay: float = 0) -> Iterator[int]:
    """Run the sink in a process of its own and give its port; it takes `delay` seconds for each letter."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.sink", str(port), str(delay)])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
