"""The published schema is kept: whatever is sent, the status and the kind of answer are among those declared."""

import json
from typing import Any, get_args

import pytest

from states.complaint import LAW, STATES
from svcqa.casework.forms import FORMS
from svcqa.web.api.complaints import AState

NASTY: list[Any] = [
    None,
    [],
    {},
    "",
    0,
    {"text": None},
    {"text": "x" * 4001},
    {"text": "\x00"},
    {"text": "\ud800"},
    {"version": 2**70},
    {"version": -1},
    {"version": "1"},
    {"charges": [{"respondent": "x", "clause": "x", "share": 101}]},
    {"charges": [{"respondent": "x", "clause": "x", "share": 1}], "text": "x"},
    {"penalties": [{"charge": "x", "points": 1e300}], "text": "x"},
    {"penalties": [{"charge": "x", "points": "1", "yuan": "1"}], "text": "x"},
    {"penalty": "x", "text": "一段足够长的理由文字", "points": "1", "yuan": "1"},
    {"penalty": "x", "text": "一段足够长的理由文字"},
    {"penalty": "x", "how": "visit", "served_at": "9999-12-31T23:59:59-23:59"},
    {"respondent": "x", "text": "x"},
    {"officer": "\U0001f600"},
    {"lead": "' OR 1=1 --"},
    {"finding": "responsible", "text": "x", "respondents": ["\u202e"]},
]


@pytest.fixture
def schema(client):
    return client.get("/api/openapi.json").json()


def keeps(schema, path, method, answer):
    declared = schema["paths"][path][method]["responses"]
    status = str(answer.status_code)
    assert status in declared, f"{method} {path} answered {status}: {answer.text}"
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in declared[status]["content"], f"{status} came as {kind}"
    required = {"title", "status", "detail"} if kind.endswith("problem+json") else set()
    assert required <= answer.json().keys()


@pytest.mark.parametrize("name", ["xuwenjing", "liumin", "zhouhuimin", "wangjianguo"])
def test_whatever_is_sent_to_a_move_the_answer_is_one_of_those_declared(program, cases, schema, cast, name):
    number, caller = cases.penalized(), program(name)
    for move in FORMS:
        if LAW.move(move).roles & cast.actor(name).roles:
            for body in NASTY:
                keeps(
                    schema,
                    f"/api/v1/complaints/{{number}}/{move}",
                    "post",
                    caller.post(f"/{number}/{move}", body),
                )


@pytest.mark.parametrize("path", ["", "/batch"])
def test_whatever_is_sent_to_be_registered_the_answer_is_one_of_those_declared(program, schema, path):
    caller = program("API-10050")
    good = {
        "subject": "宽带报修三天无人上门",
        "channel": "hotline",
        "occurred_at": "2026-11-20T09:30:00+08:00",
    }
    more = [
        {**good, "circumstances": ["x"] * 500},
        {**good, "phone": "\x00"},
        {**good, "email": "a\r\nBcc: b@c.d"},
    ]
    for place, body in enumerate([*NASTY, *more, *({"complaints": [one]} for one in more)]):
        keeps(schema, f"/api/v1/complaints{path}", "post", caller.post(path, body, key=f"k{place}"))


@pytest.mark.parametrize("number", ["x", "TS-202611-0001", "%00", "%F0%9F%98%80", "a" * 5000, "..%2F.."])
def test_whatever_number_is_asked_for_the_answer_is_one_of_those_declared(program, schema, number):
    answer = program("xuwenjing").get(f"/{number}")
    keeps(schema, "/api/v1/complaints/{number}", "get", answer)


def test_the_schema_holds_the_api_only_and_describes_every_error(schema):
    assert all(path.startswith("/api/v1/") for path in schema["paths"])
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["operationId"]
            assert operation["security"], f"{method} {path}"
            wrong = {code for code in operation["responses"] if code >= "400"}
            assert {"401", "422", "503"} - wrong <= {"422"}
    assert "HTTPValidationError" not in json.dumps(schema)


def test_the_states_of_the_list_are_those_of_the_law():
    assert get_args(AState) == tuple(state.name for state in STATES)
