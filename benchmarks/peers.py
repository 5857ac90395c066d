"""Other people's software, run by a Python of its own: `.bench-venv` (`make bench-peers`) or SVCQA_BENCH_DJANGO."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NAMES = ("Django", "django-fsm-2")
USUAL = HERE.parent / ".bench-venv" / "bin" / "python"


def python() -> str | None:
    """Return the interpreter that has the peers, or None where nobody installed them."""
    return os.environ.get("SVCQA_BENCH_DJANGO") or (str(USUAL) if USUAL.exists() else None)


def seconds(interpreter: str, program: str, asked: dict[str, Any]) -> float:
    """Run a peer's program of this folder and return the seconds it measured itself."""
    command = [interpreter, str(HERE / program)]
    done = subprocess.run(command, input=json.dumps(asked), text=True, check=True, stdout=subprocess.PIPE)
    return float(done.stdout)


def versions() -> str:
    """Say which versions are measured against."""
    interpreter = python()
    if interpreter is None:
        return "no peers installed"
    text = f"from importlib.metadata import version; print(*(f'{{n}} {{version(n)}}' for n in {NAMES}), sep=', ')"
    return subprocess.run(
        [interpreter, "-c", text], text=True, check=True, stdout=subprocess.PIPE
    ).stdout.strip()
