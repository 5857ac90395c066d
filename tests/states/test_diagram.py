"""The page of the laws is drawn from the laws and kept current."""

from pathlib import Path

import pytest

from states.diagram import LAWS, mermaid, redrawn, table

PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def test_the_page_shows_the_laws_as_they_are():
    page = PAGE.read_text("utf-8")
    assert page == redrawn(page), "docs/states.md is behind the laws: run make diagrams"


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_every_state_and_every_move_is_drawn_with_its_label(law):
    drawn = mermaid(law)
    assert drawn.startswith("stateDiagram-v2\n")
    assert all(f'state "{state.label}" as {state.name}' in drawn for state in law.states)
    assert all(move.label in drawn and f"| {move.name} | {move.label} |" in table(law) for move in law.moves)


def test_a_page_behind_the_laws_is_drawn_anew_and_its_prose_kept():
    page = PAGE.read_text("utf-8")
    stale = page.replace("received --> verified: 核实", "received --> closed: 核实")
    assert stale != page
    assert redrawn(stale) == page
    assert redrawn(page.replace("# The laws", "# Our laws")).startswith("# Our laws")
