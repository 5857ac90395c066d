"""A scripted mail relay on a real socket: it answers as told, and remembers what reached it."""

import asyncio
import ssl
from collections import defaultdict, deque
from types import TracebackType
from typing import Self

CUT = "cut"
SILENCE = "silence"


class Relay:
    """Answers each command with the next line of its script for that verb, or kindly.

    `DOT` is the moment after the content. CUT closes the connection there, SILENCE never answers.
    """

    def __init__(
        self, *, extensions: tuple[str, ...] = (), tls: ssl.SSLContext | None = None, **script
    ) -> None:
        self.extensions = extensions
        self.tls = tls
        self.script = defaultdict(deque, {verb: deque(lines) for verb, lines in script.items()})
        self.verbs: list[str] = []
        self.arrived: list[tuple[str, bytes]] = []
        self.copies: defaultdict[str, list[bytes]] = defaultdict(list)  # all but those it refused
        self.taken = asyncio.Semaphore(0)
        self.connections = 0
        self.plaintext = b""

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            return  # the other side has gone, or the test is over
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient, secured = "", False
        answer = await self._answer(writer, "GREETING", "220 relay")
        while answer not in {CUT, "221 bye"} and (line := await reader.readline()):
            self.plaintext += b"" if secured else line
            verb = line[:4].decode("ascii").strip().upper()
            self.verbs.append(verb)
            recipient = line.decode("ascii").strip() if verb == "RCPT" else recipient
            answer = await self._answer(writer, verb, self._kind_answer(verb))
            if verb == "STAR" and self.tls:
                await writer.start_tls(self.tls)
                secured = True
            if verb == "DATA" and answer.startswith("354"):
                answer = await self._take(reader, writer, recipient)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, recipient: str) -> str:
        content = await reader.readuntil(b"\r\n.\r\n")
        self.arrived.append((recipient, content))
        self.taken.release()
        refuses = self.script["DOT"] and self.script["DOT"][0][0] in "45"
        if not refuses:
            self.copies[recipient].append(content)
        return await self._answer(writer, "DOT", "250 queued")

    def _kind_answer(self, verb: str) -> str:
        if verb == "EHLO":
            return "\r\n".join(f"250-{name}" for name in ("relay", *self.extensions)) + "\r\n250 HELP"
        return {"DATA": "354 go on", "STAR": "220 ready", "QUIT": "221 bye"}.get(verb, "250 ok")

    async def _answer(self, writer: asyncio.StreamWriter, verb: str, kind: str) -> str:
        waiting = self.script[verb]
        answer = waiting.popleft() if waiting else kind
        if answer == SILENCE:
            await asyncio.sleep(30)
        if answer != CUT:
            writer.write(answer.encode("latin-1") + b"\r\n")
            await writer.drain()
        return answer
