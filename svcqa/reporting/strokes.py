"""The strokes charts are drawn with: text, bars, lines, and the frame with its words for who cannot see.

Classes and presentation attributes only, so that the page's policy lets them through and its themes colour them.
"""

from collections.abc import Iterable

from markupsafe import Markup

WIDE, NARROW = 520, 334
"""Drawn for a desk and for a phone: a chart that is scaled down has unreadable words."""
IDEOGRAPH, LETTER = 12, 7
"""How wide a character of the charts' size is drawn, about."""
MINUS = "\N{MINUS SIGN}"


def number(value: float) -> str:
    """Write a coordinate with one decimal, none where it is whole."""
    return f"{value:.1f}".removesuffix(".0")


def points(hundredths: int) -> str:
    """Write hundredths as points without idle zeros: 68.5."""
    whole, rest = divmod(abs(hundredths), 100)
    return (MINUS if hundredths < 0 else "") + f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def exact(hundredths: int, *, signed: bool = False) -> str:
    """Write hundredths with both decimals, as figures that add up are: 64.70; signed for a change: +2.50."""
    sign = MINUS if hundredths < 0 else "+" if signed and hundredths else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def width_of(text: str) -> int:
    """Return about how many pixels a text takes."""
    return sum(IDEOGRAPH if ord(char) > 0x2E7F else LETTER for char in text)


def fitted(text: str, width: float) -> str:
    """Cut a text to a width; two dots say that something is missing."""
    if width_of(text) <= width:
        return text
    while text and width_of(text) + 2 * LETTER > width:
        text = text[:-1]
    return f"{text}.."


def label(x: float, y: float, text: str, *, anchor: str = "start", look: str = "") -> Markup:
    """Draw a text; `look` is a class."""
    kind = Markup(' class="{}"').format(look) if look else ""
    return Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>').format(
        number(x), number(y), anchor, kind, text
    )


def bar(x: float, y: float, width: float, height: float, look: str, *, title: str = "") -> Markup:
    """Draw a rectangle with a title that shows when pointed at."""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="2" class="{}">{}</rect>').format(
        number(x), number(y), number(width), number(height), look, _title(title)
    )


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> Markup:
    """Draw a straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(
        number(x1), number(y1), number(x2), number(y2), look
    )


def path(places: Iterable[tuple[float, float]], look: str) -> Markup:
    """Draw a line through places."""
    text = " ".join(f"{number(x)},{number(y)}" for x, y in places)
    return Markup('<polyline points="{}" fill="none" class="{}"/>').format(text, look)


def dot(x: float, y: float, radius: float, look: str, *, title: str = "") -> Markup:
    """Draw a dot with a title that shows when pointed at."""
    return Markup('<circle cx="{}" cy="{}" r="{}" class="{}">{}</circle>').format(
        number(x), number(y), number(radius), look, _title(title)
    )


def framed(width: int, height: float, title: str, words: str, strokes: Iterable[Markup]) -> Markup:
    """Return the chart; `words` say all its figures, for readers who cannot see it."""
    return Markup(
        '<svg class="chart" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">'
        "<title>{2}</title><desc>{3}</desc>{4}</svg>"
    ).format(width, number(height), title, words, Markup().join(strokes))


def mark(width: int, height: int, strokes: Iterable[Markup]) -> Markup:
    """Return a small drawing beside a figure that says the same; it is silent."""
    return Markup(
        '<svg class="chart-mark" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true">{2}</svg>'
    ).format(width, height, Markup().join(strokes))


def _title(text: str) -> Markup:
    return Markup("<title>{}</title>").format(text) if text else Markup()
