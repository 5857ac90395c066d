"""Styles go into the elements of a template once, when it is loaded: mail clients drop what stands in the head.

Jinja's marks travel through the inliner as comments, which may stand anywhere in a table. Nothing is ever fetched.
"""

import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader

_FRAME = "_frame.html"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_MARK = r"\{\{.*?\}\}|\{%.*?%\}"
_OPEN = re.compile(_MARK, re.DOTALL)
# In a title or an attribute a comment is text, and comes back escaped.
_HIDDEN = re.compile(rf"(?:<|&lt;)!--({_MARK})--(?:>|&gt;)", re.DOTALL)


class StyledLoader(FileSystemLoader):
    """Loads templates; those in HTML carry the frame's styles in each element."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Read a template as Jinja wants it."""
        source, path, fresh = super().get_source(environment, template)
        if template.endswith(".html"):
            source = self._styled(_OPEN.sub(r"<!--\g<0>-->", source), whole=template == _FRAME)
            source = _HIDDEN.sub(r"\1", source)
        return source, path, fresh

    def _styled(self, html: str, *, whole: bool) -> str:
        # Rules that cannot be inlined (phone width, dark mode) stay in the head of the frame.
        inliner = css_inline.CSSInliner(
            keep_style_tags=False, keep_at_rules=whole, load_remote_stylesheets=False
        )
        return inliner.inline(html) if whole else inliner.inline_fragment(html, self._styles)

    @cached_property
    def _styles(self) -> str:
        return "".join(_STYLE.findall((self._folder / _FRAME).read_text("utf-8")))
