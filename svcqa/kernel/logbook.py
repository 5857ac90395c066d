"""What a long-running process says of itself: one line an event on standard error, as JSON or as text.

No person, address or secret stands in a line. What an error says is kept only where it speaks of the machine;
outside development its traceback shrinks to places in the code, and what looks like an address or a key is masked.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from svcqa.kernel.settings import Settings

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The number of the request that is being answered, empty outside of one."""
FIELDS = ("method", "route", "status", "milliseconds", "actor")
"""All that a line may carry beside its message; `extra` of any other name is left out."""
SPEAKS_OF_THE_MACHINE = (OSError, ImportError, NameError, AttributeError)
DRIVERS = frozenset({"sqlite3", "pysqlite3", "psycopg"})
LONGEST = 2_000
MASKED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"/([as])/[^\s/?#]+"), r"/\1/…"),  # mailed links
    (re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+"), "…@…"),
    (re.compile(r"(?<![\w-])\+?\d[\d -]{9,}\d(?![\w-])"), "…"),  # telephone and identity numbers
    (
        re.compile(r"(?<![\w/.-])(?=[A-Za-z0-9_-]*[G-Zg-z_-])(?=\S*\d)[A-Za-z0-9_-]{32,}"),
        "…",
    ),  # keys and tokens
)

log = logging.getLogger("svcqa")


class JsonLines(logging.Formatter):
    """One JSON object a line, whatever was said."""

    def __init__(self, *, whole_errors: bool) -> None:
        super().__init__()
        self.whole_errors = whole_errors

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = json.dumps(event_of(record, whole_errors=self.whole_errors), ensure_ascii=False)
        return "".join(mark if mark.isprintable() else f"\\u{ord(mark):04x}" for mark in line)


class TextLines(logging.Formatter):
    """The same for a person at a terminal; only an error's traceback has more than one line."""

    def __init__(self, *, whole_errors: bool) -> None:
        super().__init__()
        self.whole_errors = whole_errors

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        event = event_of(record, whole_errors=self.whole_errors)
        fields = " ".join(f"{name}={event[name]}" for name in ("request", *FIELDS) if name in event)
        words = f"{event['at']} {event['level']:<7} {event['logger']} {event['message']} {fields}".rstrip()
        line = "".join(mark if mark.isprintable() else f"\\x{ord(mark):02x}" for mark in words)
        return "\n".join((line, *_shown(event.get("error"))))


class Voice(logging.Handler):
    """Writes to whatever standard error is now. The same error is written once, by who meets it first."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record in one piece, unless its error was written before."""
        error = record.exc_info[1] if record.exc_info else None
        if getattr(error, "written_to_log", False):
            return
        if error is not None:
            with suppress(AttributeError):  # a kind of error may have room for its own fields only
                error.written_to_log = True  # type: ignore[attr-defined]  # put there by us
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            self.handleError(record)


def set_up(settings: Settings) -> None:
    """Let this process write its log as the settings say; warnings and unforeseen ends go there too."""
    whole = settings.development
    form = JsonLines(whole_errors=whole) if as_json(settings) else TextLines(whole_errors=whole)
    voice = Voice()
    voice.setFormatter(form)
    root = logging.getLogger()
    root.handlers = [*(one for one in root.handlers if not isinstance(one, Voice)), voice]
    root.setLevel(logging.WARNING)
    log.setLevel(settings.log_level.upper())
    logging.captureWarnings(capture=True)
    sys.excepthook = _last_words


def as_json(settings: Settings) -> bool:
    """Tell which form is wanted: the one set, else text in development and at a terminal."""
    if settings.log_format:
        return settings.log_format == "json"
    return not settings.development and not sys.stderr.isatty()


def event_of(record: logging.LogRecord, *, whole_errors: bool = False) -> dict[str, Any]:
    """Return what is written of a record, by name."""
    event: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": masked(record.getMessage())[:LONGEST],
        "request": REQUEST.get(),
    }
    event |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        event["error"] = _whole(error) if whole_errors else list(_places(error))
    return {name: value for name, value in event.items() if value != ""}


def masked(text: str) -> str:
    """Return a text without what looks like an address, a number of a person, a mailed link or a key."""
    for pattern, instead in MASKED:
        text = pattern.sub(instead, text)
    return text


def words_of(error: BaseException) -> str:
    """Return what an error says where that speaks of the machine; else nothing, it might name a person."""
    told = getattr(error, "orig", None) or error  # SQLAlchemy adds the statement and its values
    if isinstance(told, OSError):
        return masked(told.strerror or "")
    of_machine = isinstance(told, SPEAKS_OF_THE_MACHINE) or type(told).__module__.split(".")[0] in DRIVERS
    lines = str(told).splitlines() if of_machine else []  # PostgreSQL's second line shows the row
    return masked(lines[0])[:LONGEST] if lines else ""


def _places(error: BaseException) -> Iterator[dict[str, Any]]:
    """Yield an error and what it came from, each with its kind and the places it passed in the code."""
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)
        yield {
            "kind": f"{type(seen).__module__}.{type(seen).__qualname__}".removeprefix("builtins."),
            "words": words_of(seen),
            "places": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        if isinstance(seen, BaseExceptionGroup):  # what several tasks ended with
            for one in seen.exceptions:
                yield from _places(one)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _whole(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).rstrip()


def _shown(error: str | list[Mapping[str, Any]] | None) -> Iterator[str]:
    """Yield an error as lines for a terminal."""
    if isinstance(error, str):
        yield error
        return
    for one in error or ():
        yield f"  {one['kind']} {one['words']}".rstrip()
        yield from (f"    {place}" for place in one["places"])


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("ended by an unforeseen error", exc_info=(kind, error, trace))
