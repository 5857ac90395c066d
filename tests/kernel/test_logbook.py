"""A process's log: one line an event, whole JSON whatever was said, and no person, address or secret in it."""

import json
import logging
import os
import subprocess
import sys

import pytest
from sqlalchemy.exc import IntegrityError

from svcqa.kernel import logbook
from svcqa.kernel.errors import Invalid
from svcqa.kernel.logbook import REQUEST, JsonLines, TextLines, Voice
from svcqa.kernel.settings import Settings

ODD = "a\nb\r\x1b[31m\u2028\u0085\x00“”\ud83d\ude00".encode("utf-8", "surrogatepass").decode(
    "utf-8", "replace"
)


def record(message="said", *values, error=None, **extra):
    made = logging.LogRecord("svcqa.test", logging.INFO, __file__, 1, message, values, None)
    made.__dict__.update(extra)
    made.exc_info = (type(error), error, error.__traceback__) if error else None
    return made


def raised(error):
    try:
        raise error
    except type(error) as caught:
        return caught


def line_of(made):
    return json.loads(JsonLines(whole_errors=False).format(made))


def test_a_line_says_when_how_bad_who_and_what():
    line = line_of(record("%s mails", 3))
    assert line.pop("at").endswith("Z")
    assert line == {"level": "info", "logger": "svcqa.test", "message": "3 mails"}


def test_a_line_carries_the_request_it_belongs_to_and_the_listed_fields_only():
    token = REQUEST.set("abcdef0123456789")
    try:
        line = line_of(record(status=200, actor="01", password="hunter2"))
    finally:
        REQUEST.reset(token)
    assert line["request"] == "abcdef0123456789"
    assert (line["status"], line["actor"]) == (200, "01")
    assert "hunter2" not in str(line)


@pytest.mark.parametrize("form", [JsonLines, TextLines])
def test_whatever_is_said_stays_on_one_line_without_control_signs(form):
    line = form(whole_errors=False).format(record("%s", ODD))
    assert line.splitlines() == [line]
    assert line.isprintable()


def test_what_is_said_comes_back_whole_from_json():
    assert line_of(record("%s", ODD))["message"] == ODD


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("550 5.1.1 <lin@example.com>: no such user", "lin@example.com"),
        ("opened /a/eyJhbGciOi.J9x-x_y once", "eyJhbGciOi"),
        ("opened /s/7k2m9 once", "7k2m9"),
        ("called 13800138000 back", "13800138000"),
        ("called 0571-8888 6666 back", "8888 6666"),
        ("card 110101199003077715", "110101199003077715"),
        ("Bearer svcqa_Zk3x9TgQ0aVb7LmN2pRs5uWy8zC1dE4f", "Zk3x9TgQ0aVb7LmN2pRs5uWy8zC1dE4f"),
    ],
)
def test_what_looks_like_an_address_a_number_or_a_key_is_masked(said, hidden):
    line = line_of(record(said))
    assert hidden not in str(line)
    assert "…" in line["message"]


@pytest.mark.parametrize("said", ["TS-202611-0042", "0198f2c4b3a17e2f9c1d2e3f4a5b6c7d", "12 of 400 rows"])
def test_numbers_of_the_house_are_not_masked(said):
    assert line_of(record(said))["message"] == said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Invalid("name", "张三已经离职。"), ""),
        (KeyError("张三"), ""),
        (FileNotFoundError(2, "No such file or directory", "/home/张三"), "No such file or directory"),
        (
            AttributeError("'NoneType' object has no attribute 'id'"),
            "'NoneType' object has no attribute 'id'",
        ),
        (IntegrityError("INSERT … 张三", {"name": "张三"}, OSError(28, "No space left")), "No space left"),
    ],
)
def test_an_error_says_what_the_machine_says_and_never_what_a_person_is_called(error, words):
    (told,) = line_of(record(error=raised(error)))["error"][:1]
    assert told["words"] == words
    assert told["kind"].endswith(type(error).__name__)
    assert "test_logbook.py" in told["places"][0]
    assert "张三" not in str(told)


def test_an_error_tells_what_it_came_from():
    outer = RuntimeError("the insides")
    outer.__cause__ = raised(OSError(5, "Input/output error"))
    told = line_of(record(error=raised(outer)))["error"]
    assert [one["words"] for one in told] == ["", "Input/output error"]


def test_an_error_of_several_tasks_tells_each():
    group = ExceptionGroup("the insides", [raised(OSError(5, "Input/output error")), raised(KeyError("x"))])
    told = line_of(record(error=raised(group)))["error"]
    assert [(one["kind"], one["words"]) for one in told] == [
        ("ExceptionGroup", ""),
        ("OSError", "Input/output error"),
        ("KeyError", ""),
    ]


def test_in_development_the_whole_traceback_is_shown():
    shown = TextLines(whole_errors=True).format(record(error=raised(RuntimeError("the insides"))))
    assert "Traceback" in shown
    assert shown.endswith("RuntimeError: the insides")


def test_an_error_is_written_once_whoever_else_meets_it(capsys):
    voice, error = Voice(), raised(RuntimeError())
    voice.setFormatter(JsonLines(whole_errors=False))
    for words in ("first", "second"):
        voice.handle(record(words, error=error))
    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == ["first"]


@pytest.mark.parametrize(
    ("told", "terminal", "json_wanted"),
    [
        ({"log_format": "json", "development": True}, True, True),
        ({"log_format": "text"}, False, False),
        ({}, False, True),
        ({}, True, False),
        ({"development": True}, False, False),
    ],
)
def test_the_form_is_the_one_set_else_what_the_reader_needs(monkeypatch, told, terminal, json_wanted):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    assert logbook.as_json(Settings(_env_file=None, **told)) is json_wanted


PROGRAM = """
import logging, warnings
from svcqa.kernel import logbook
from svcqa.kernel.settings import Settings
logbook.set_up(Settings(_env_file=None))
logging.getLogger("svcqa.test").info("heard")
logging.getLogger("svcqa.test").debug("not heard")
logging.getLogger("elsewhere").info("not heard")
warnings.warn("careful")
raise ValueError("lin@example.com")
"""


def test_a_process_writes_its_lines_its_warnings_and_its_last_words():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SVCQA_")}
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=False, capture_output=True, text=True, env=environment
    )
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [(line["level"], line["logger"]) for line in lines] == [
        ("info", "svcqa.test"),
        ("warning", "py.warnings"),
        ("critical", "svcqa"),
    ]
    assert lines[-1]["error"][0]["kind"] == "ValueError"
    assert "lin@" not in ended.stderr
    assert ended.returncode == 1
