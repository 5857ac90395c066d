"""The look, checked without a browser: old enough CSS, no inline code, readable colours, nothing missing."""

import re

import pytest

from tests.web import looks
from tests.web.conftest import WEB

SHEETS = {path.name: path.read_text("utf-8") for path in sorted((WEB / "static").glob("*.css"))}
TEMPLATES = {
    path.relative_to(WEB / "templates").as_posix(): path.read_text("utf-8")
    for path in (WEB / "templates").rglob("*.html")
}
SCRIPTS = {path.name: path.read_text("utf-8") for path in (WEB / "static").glob("*.js")}
CSS = "\n".join(SHEETS.values())
LIGHT = looks.tokens(SHEETS["app.css"], ":root {")
DARK = LIGHT | looks.tokens(SHEETS["app.css"], ":root[data-theme=dark] {")

TEXT_ON = {
    "--text": ("--bg", "--surface", "--surface-2", "--sunken", "--primary-weak", "--warn-weak"),
    "--text-2": ("--bg", "--surface", "--surface-2", "--sunken", "--warn-weak"),
    "--text-3": ("--bg", "--surface", "--surface-2", "--sunken", "--primary-weak"),
    "--primary": ("--bg", "--surface", "--surface-2", "--primary-weak"),
    "--danger": ("--bg", "--surface", "--surface-2", "--danger-weak", "--primary-weak"),
    "--warn": ("--bg", "--surface", "--surface-2", "--warn-weak"),
    "--ok": ("--bg", "--surface", "--surface-2", "--ok-weak"),
    "--on-solid": ("--primary-solid", "--primary-hover", "--grade-a"),
    "--on-grade": ("--grade-b", "--grade-c"),
    "--bg": ("--text",),
}
STATES = ("--received", "--verified", "--classified", "--penalized", "--appealed", "--closed")
SIZES = {
    "12px",
    "13px",
    "14px",
    "15px",
    "20px",
    "16px",
    "26px",
}  # 16: fields and thumbs on a phone; 26: sums of a decision

CHARTS = {
    word
    for path in (WEB.parent / "reporting").glob("*.py")
    for word in re.findall(r'"(?:.*class=")?(chart[a-z-]*)', path.read_text("utf-8"))
}
"""What charts call their strokes; `chart-` is completed by a tone."""

# Drawn for pages that are not written yet. A name that a page uses leaves this list.
AWAITED = {"bulk", "pick", "unread"}


@pytest.mark.parametrize("name", SHEETS)
def test_a_stylesheet_holds_nothing_that_chromium_109_does_not_know(name):
    assert looks.nested(SHEETS[name]) == []
    assert looks.too_new(SHEETS[name]) == []


def test_planted_new_css_is_caught():
    assert looks.nested(".a { color: red; .b { color: blue; } }")
    assert looks.nested("@media print { .a { .b { c: d; } } }")
    assert not looks.nested("@media print { .a { b: c; } } /* { { */ .d { content: '{'; }")
    assert looks.too_new(".a { color: light-dark(#000, #fff); }") == ["light-dark("]
    assert looks.too_new(".a { &:hover { b: c; } }") == ["&"]
    assert looks.too_new("/* popover */ .a { b: c; }") == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_no_inline_style_script_handler_or_raw_text(name):
    assert looks.inline_code(TEMPLATES[name]) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color:red">',
        '<b onclick="x()">',
        "<script>x()</script>",
        "<style>a{}</style>",
        "{{ x | safe }}",
        "{{ x|safe }}",
        '<a href="javascript:x()">',
        "{% autoescape false %}",
    ],
)
def test_planted_inline_code_is_caught(planted):
    assert looks.inline_code(planted)


def test_the_dark_tokens_are_the_same_by_wish_of_the_system_and_of_the_person():
    assert looks.tokens(SHEETS["app.css"], ":root:not([data-theme]) {") == looks.tokens(
        SHEETS["app.css"], ":root[data-theme=dark] {"
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_ground_it_stands_on(theme):
    pairs = [(text, ground) for text, grounds in TEXT_ON.items() for ground in grounds]
    assert [pair for pair in pairs if looks.contrast(theme[pair[0]], theme[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_state_dots_are_visible(theme):
    pairs = [(dot, ground) for dot in STATES for ground in ("--bg", "--surface", "--primary-weak")]
    assert [pair for pair in pairs if looks.contrast(theme[pair[0]], theme[pair[1]]) < 3] == []


def test_contrast_has_the_known_answers():
    assert looks.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert looks.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_token_used_is_defined_and_every_token_defined_is_used():
    used = set(re.findall(r"var\((--[\w-]+)\)", CSS))
    defined = set(re.findall(r"(--[\w-]+):", CSS))
    assert used == defined


def test_colours_stand_only_in_tokens():
    rules = "\n".join(line for line in CSS.splitlines() if not line.strip().startswith("--"))
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", looks.plain(rules)) == []


def test_type_keeps_to_its_sizes_and_two_weights():
    assert set(re.findall(r"font(?:-size)?: (?:\d+ )?(\d+px)", CSS)) <= SIZES
    assert set(re.findall(r"font-weight: (\w+)", CSS)) <= {"400", "600"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_class_of_a_template_is_drawn(name):
    drawn = looks.css_classes(CSS)
    wanted = set(looks.template_classes(TEMPLATES[name]))
    assert {
        word
        for word in wanted
        if word not in drawn and not (word.endswith("-") and any(known.startswith(word) for known in drawn))
    } == set()


def test_every_stroke_of_a_chart_is_coloured():
    drawn = looks.css_classes(CSS)
    assert {"chart-range", "chart-strong", "chart-track"} <= CHARTS
    assert {word for word in CHARTS if word not in drawn and not word.endswith("-")} == set()


def test_no_class_is_drawn_for_nothing():
    wanted = {word for text in TEMPLATES.values() for word in looks.template_classes(text)} | CHARTS
    prefixes = tuple(word for word in wanted if word.endswith("-"))
    unused = {word for word in looks.css_classes(CSS) if word not in wanted and not word.startswith(prefixes)}
    assert unused - AWAITED == set(), "drawn, but no template uses it"
    assert AWAITED - unused == set(), "a page uses these now: take them off AWAITED"


def test_every_icon_asked_for_is_drawn(pages):
    strokes = vars(pages.get_template("_blocks.html").module)["strokes"]
    views = (WEB / "views.py").read_text("utf-8")
    asked = {icon for text in (*TEMPLATES.values(), views) for icon in looks.icons(text)}
    assert asked - set(strokes) == set()


def test_a_page_loads_two_stylesheets_and_nothing_from_elsewhere():
    for name in ("base.html", "solo.html"):
        assert len(re.findall(r'rel="stylesheet"', TEMPLATES[name])) == 2
    for name, text in TEMPLATES.items():
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//', text) == [], name
        for asset in re.findall(r'"/static/([\w.-]+)"', text):
            assert (WEB / "static" / asset).is_file(), f"{name}: {asset}"


def test_the_script_stays_small_and_wordless():
    text = SCRIPTS["app.js"]
    bare = re.sub(r"(?m)(?:^|\s)//.*$|^\s+", "", text)
    small = re.sub(r"\s*([{}()\[\];,=<>+?:&|!\s])\s*", r"\1", bare)
    assert len(small.encode()) <= 5 * 1024
    assert (
        re.findall(r"innerHTML|\beval\b|new Function|\.style\b|\.on[a-z]+ =|document\.write|https?://", text)
        == []
    )
    assert re.findall("[\u4e00-\u9fff]", text) == []


def test_a_key_is_never_taken_from_someone_who_writes():
    keys = SCRIPTS["app.js"].split("addEventListener('keydown'", 1)[1]
    assert "event.isComposing || event.keyCode === 229" in keys
    assert "input, textarea, select" in keys
