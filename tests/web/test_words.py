"""The pages have a word, a dot and a next step for everything in the law of a complaint."""

from types import SimpleNamespace
from typing import Any

import pytest

from states.complaint import LAW, STATES
from svcqa.casework.forms import FORMS
from svcqa.web.app import HERE, templates
from svcqa.web.case_view import FIRST, _stage
from svcqa.web.labels import TEXT_OF

WORDS = templates().get_template("_words.html").module
CSS = (HERE / "static" / "app.css").read_text("utf-8")


def words(name):
    """Return one of the lists of words that templates read."""
    return getattr(WORDS, name)


def test_every_move_has_the_word_of_its_button():
    assert set(words("verbs")) == set(FORMS)


def test_every_form_with_a_text_says_what_to_write():
    assert set(TEXT_OF) == {move for move, form in FORMS.items() if "text" in form.model_fields}


def test_every_state_has_its_word_its_dot_and_what_usually_comes_next():
    assert {name: label for name, label in words("states").items() if name != LAW.birth} == {
        state.name: state.label for state in STATES
    }
    assert [state.name for state in STATES if f".state-{state.name} " not in CSS] == []
    assert set(FIRST) == {state.name for state in STATES}


def test_what_usually_comes_next_can_be_done_there():
    for state, moves in FIRST.items():
        assert [move for move in moves if state not in LAW.move(move).sources] == []


@pytest.mark.parametrize(("state", "stage"), [("classified", "classified"), ("beside", "verified")])
def test_a_state_beside_the_path_stands_at_the_stage_it_was_entered_from(state, stage):
    newest_first = [SimpleNamespace(state=name) for name in ("beside", "", "verified", "received")]
    file: Any = SimpleNamespace(case=SimpleNamespace(state=state), events=newest_first)
    assert _stage(file) == stage
