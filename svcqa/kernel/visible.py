"""What people typed without what nobody can see: marks that turn the reading direction, zero widths, controls.

A name or a subject with one of them would read other than it is stored. They are dropped at every door.
"""

import re
from typing import Any

from pydantic import BeforeValidator

INVISIBLE = (
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls but tab and line ends
    "\u00ad\u061c\u180e"  # soft hyphen, Arabic and Mongolian marks
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # zero widths, separators, directions, isolates
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # annotations and tags
    "]"
)
"""A class of characters, for Python's and Polars' regular expressions."""
_DROPPED = re.compile(INVISIBLE)


def visible(text: str) -> str:
    """Return a text without its invisible characters."""
    return _DROPPED.sub("", text)


def _seen(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


Seen = BeforeValidator(_seen)
"""Stands last among what is asked of a text in a form or a file, so that the rest is asked of what is left."""
