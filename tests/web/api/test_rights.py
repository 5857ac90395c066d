"""A move over the API belongs to the roles of the law, for every move and every role."""

import pytest

from states.complaint import LAW
from svcqa.casework.forms import FORMS
from tests.web import matrix

LEAST = {
    "verify": {"finding": "responsible", "text": "x"},
    "merge": {"lead": "TS-202611-0009"},
    "hear": {"respondent": "x", "text": "x"},
    "classify": {"charges": [], "text": "x"},
    "penalize": {"penalties": [], "text": "x"},
    "serve": {"penalty": "x", "how": "paper"},
    "reduce": {"penalty": "x", "text": "x", "points": "1", "yuan": "1"},
    "assign": {"officer": "10207"},
    **{
        move: {"penalty": "x", "text": "x"}
        for move in ("rescind", "appeal", "retract", "uphold", "revoke", "remand")
    },
}
"""The least that each form takes, so that only the right to the move decides."""


@pytest.mark.parametrize("who", matrix.PROGRAMS)
def test_a_move_belongs_to_the_roles_of_the_law(program, cases, cast, who):
    number = cases.penalized(unit="cd1")
    name = matrix.PROGRAMS[who]
    caller, roles = program(name), cast.actor(name).roles
    concerned = caller.get(f"/{number}").status_code == 200 or who == "employee"
    for move in FORMS:
        status = caller.post(f"/{number}/{move}", LEAST.get(move, {"text": ""})).status_code
        if not concerned:
            assert status == 404, move
        elif roles & LAW.move(move).roles:
            assert status in (200, 404, 409, 422), f"{move}: allowed, and then judged by the case"
        else:
            assert status == 403, move
