"""`svcqa up` as a process of its own, with what it says and with every process that belongs to it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 180.0
UP = "everything runs"


class Started:
    """A running `svcqa` command whose data lies in one folder."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.said: list[str] = []
        self._lines: Queue[str | None] = Queue()
        ours = {"PYTHONPATH": str(REPOSITORY), "SVCQA_DATA_DIR": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "svcqa.cli", *words],
            cwd=folder.parent,
            env={**os.environ, **ours},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def hears(self, words: str) -> str:
        """Wait for a line with these words and return it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                line = self._lines.get(timeout=0.5)
            except Empty:
                continue
            if line is None:
                break
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"never said {words!r}: {self.said}")

    def ends(self, number: signal.Signals | None = None) -> int:
        """Send a signal, wait for the end and return the exit code."""
        if number is not None:
            self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def everyone(self) -> dict[int, str]:
        """Return the processes whose environment names the data folder, with their command lines."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.fsencode(f"SVCQA_DATA_DIR={self.folder}") in (entry / "environ").read_bytes():
                        command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                        found[int(entry.name)] = command
                except OSError:  # it ended meanwhile
                    continue
        return {pid: command for pid, command in found.items() if command}

    def one(self, name: str, *, but: int = 0) -> int:
        """Wait for the child that runs a command (another than `but`) and return its process id."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for pid, command in self.everyone().items():
                if f"svcqa.cli {name}" in command and pid != but:
                    return pid
            time.sleep(0.05)
        raise AssertionError(f"no {name} runs: {self.everyone()}")

    def nobody_left(self) -> bool:
        """Wait until no process of this start is left, and tell whether that came."""
        until = time.monotonic() + 20
        while self.everyone() and time.monotonic() < until:
            time.sleep(0.1)
        return not self.everyone()
