"""What can be read from stylesheets and templates without a browser: rules, tokens, classes, contrast."""

import re
from collections.abc import Iterator

AGE = ("light-dark(", "color-mix(", "popover", "anchor-name", "@scope", "@starting-style", "@layer", "&")
COMMENT, STRING = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\"[^\"]*\"|'[^']*'")
TEMPLATE_COMMENT, EXPRESSION = re.compile(r"{#.*?#}", re.DOTALL), re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
CLASS = re.compile(r'\bclass="((?:{{.*?}}|{%.*?%}|[^"])*)"', re.DOTALL)
TAG = re.compile(r"<([a-z][a-z0-9]*)\b((?:[^<>\"]|\"[^\"]*\")*)>")
HOLE = "\0"


def plain(css: str) -> str:
    """Return a stylesheet without comments and the contents of strings."""
    return STRING.sub('""', COMMENT.sub("", css))


def nested(css: str) -> list[str]:
    """Find style rules inside style rules; at-rules may hold rules."""
    found, opened, word = [], list[str](), ""
    for char in plain(css):
        if char == "{":
            if opened and not opened[-1].startswith("@"):
                found.append(f"{opened[-1]} {{ {word.strip()}")
            opened.append(word.strip())
            word = ""
        elif char == "}":
            opened.pop()
            word = ""
        else:
            word = "" if char == ";" else word + char
    return found


def too_new(css: str) -> list[str]:
    """Find what Chromium 109 does not know."""
    return [word for word in AGE if word in plain(css)]


def css_classes(css: str) -> set[str]:
    """Return the classes that selectors name."""
    selectors = re.findall(r"([^{};]+){", plain(css))
    return {
        name
        for selector in selectors
        if "@" not in selector
        for name in re.findall(r"\.([a-z][\w-]*)", selector)
    }


def tokens(css: str, opening: str) -> dict[str, str]:
    """Return the custom properties of the rule that opens so."""
    body = plain(css).split(opening, 1)[1].split("}", 1)[0]
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+):([^;]+);", body)}


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast of two #rrggbb colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def template_classes(template: str) -> Iterator[str]:
    """Yield the classes a template names; `state-{{ key }}` comes as the prefix `state-`."""
    for value in CLASS.findall(TEMPLATE_COMMENT.sub("", template)):
        for expression in re.findall(r"{{.*?}}", value):
            yield from (word for text in re.findall(r"'([^']*)'", expression) for word in text.split())
        for word in EXPRESSION.sub(lambda match: HOLE if match[0].startswith("{{") else " ", value).split():
            if name := word.split(HOLE)[0]:
                yield name


def inline_code(template: str) -> list[str]:
    """Find styles, handlers and scripts that the content security policy would refuse, and text let through raw."""
    text = EXPRESSION.sub("", TEMPLATE_COMMENT.sub("", template))
    found = []
    for name, attributes in TAG.findall(text):
        found += [
            f"<{name} {word}" for word in re.findall(r"\b(?:style|on[a-z]+)(?==)", STRING.sub("", attributes))
        ]
        if name == "style" or (name == "script" and "src=" not in attributes):
            found.append(f"<{name}>")
    found += re.findall(
        r"\|\s*safe\b|javascript:|{%-?\s*autoescape\s+false", TEMPLATE_COMMENT.sub("", template)
    )
    return found


def icons(template: str) -> set[str]:
    """Return the icons a template asks for by name."""
    return set(re.findall(r"(?:icon|evidence_item)\('([a-z]+)'", template))
