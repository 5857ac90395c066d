"""Where the styles of a mail stand: in its elements, because clients drop what stands in the head."""

import re

import pytest

from notifications import notices
from notifications.rendering import TEMPLATES, render

STYLED = re.compile(r"<(?:p|td|h1|a)\b[^>]*>")
everyone = pytest.mark.parametrize("kind", notices.EVERY, ids=lambda kind: kind.slug)


@everyone
def test_every_element_the_frame_has_a_rule_for_carries_its_style(kind):
    elements = STYLED.findall(re.sub(r"<!--.*?-->", "", render(kind.sample()).html))
    assert len(elements) > 5
    assert [element for element in elements if ' style="' not in element] == []


@everyone
def test_only_rules_for_phones_and_dark_screens_stay_in_the_head(kind):
    (kept,) = re.findall(r"<style>(.*?)</style>", render(kind.sample()).html, re.DOTALL)
    assert re.fullmatch(r"\s*(@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}\s*)+", kept)


@everyone
def test_loading_leaves_no_mark_hidden_and_adds_no_comment(kind):
    comments = re.findall(r"<!--.*?-->", render(kind.sample()).html)
    assert all(comment.startswith("<!--[if mso]>") or comment == "<!--<![endif]-->" for comment in comments)
    assert "&lt;!--" not in render(kind.sample()).html


def test_what_a_parser_would_add_stands_in_the_templates():
    for page in TEMPLATES.rglob("*.html"):
        for row in re.findall(r"<table[^>]*>\s*\{% for", page.read_text("utf-8")):
            pytest.fail(f"{page}: write <tbody> before the loop, it would be put inside: {row}")
