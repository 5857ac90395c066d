"""A folder of YAML files into a Regulation, a Scheme or both, or an error that names file, line and remedy."""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from svcqa.rulebook.model import CASEWORK, DOCUMENT, Casework, Document, Frozen, Regulation, Sourced
from svcqa.rulebook.reading import Page, RulebookError, line_of, read
from svcqa.rulebook.scheme import SCHEME, Rules, Scheme

SHIPPED = Path(__file__).parent / "documents"
KNOWN_FILES = (DOCUMENT, CASEWORK, SCHEME)

Model = TypeVar("Model", bound=Frozen)
Whole = TypeVar("Whole", bound=Sourced)

SENTENCES = {
    "missing": "这里缺少字段 {name}。请补上。",
    "model_type": "{name} 应是一组字段（字段名: 值），不是“{input}”。请检查缩进。",
    "tuple_type": "{name} 应是列表，每项以短横线开头，不是“{input}”。请检查缩进和短横线。",
    "dict_type": "{name} 应是一组“原词: 编码”，不是“{input}”。请检查缩进和冒号。",
    "string_type": "{name} 要写一段文字，不能空着，也不能是列表或一组字段。请补上。",
    "string_too_short": "{name} 不能为空。请补上。",
    "literal_error": "{name} 不能是“{input}”。请改为 {expected} 之一。",
}


def load_folder(path: Path) -> Regulation:
    """Load the regulation of one folder; raises RulebookError."""
    return parse(read_folder(path))


def read_folder(path: Path) -> dict[str, str]:
    """Read the YAML files of a folder as text, by name; raises RulebookError."""
    if not path.is_dir():
        raise RulebookError(str(path), 1, "没有这个文件夹。请检查路径。")
    return {file.name: _text(file) for file in sorted(path.glob("*.yaml"))}


def folder_hash(files: Mapping[str, str]) -> str:
    """Return the SHA-256 over names and bytes of all files, sorted by name; lengths keep them apart."""
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        content = text.encode()
        digest.update(f"{len(name.encode())}:{name}{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


@dataclass(frozen=True)
class Parts:
    """What a folder holds: rules for cases, a scheme for assessments, or both."""

    regulation: Regulation | None
    scheme: Scheme | None

    @property
    def sourced(self) -> Sourced:
        """Return one of the parts, for what both carry."""
        return cast("Sourced", self.regulation or self.scheme)  # `parts` lets no empty folder through


def parts(files: Mapping[str, str]) -> Parts:
    """Build all parts that the files describe; raises RulebookError for the first thing wrong."""
    if SCHEME not in files:
        return Parts(parse(files), None)
    return Parts(parse(files) if CASEWORK in files else None, parse_scheme(files))


def parse(files: Mapping[str, str]) -> Regulation:
    """Build the regulation that the files describe; raises RulebookError for the first thing wrong."""
    return _part(files, CASEWORK, Casework, Regulation)


def parse_scheme(files: Mapping[str, str]) -> Scheme:
    """Build the assessment scheme that the files describe; raises RulebookError for the first thing wrong."""
    return _part(files, SCHEME, Rules, Scheme)


def _part(files: Mapping[str, str], name: str, rules: type[Frozen], whole: type[Whole]) -> Whole:
    for expected in (DOCUMENT, name):
        if expected not in files:
            raise RulebookError(expected, 1, "缺少这个文件。请放入制度文件夹后再载入。")
    for foreign in sorted(set(files) - set(KNOWN_FILES)):
        sentence = f"不认识这个文件。制度文件夹只放 {'、'.join(KNOWN_FILES)}，请移走或改名。"
        raise RulebookError(foreign, 1, sentence)
    pages = {each: read(each, files[each]) for each in (DOCUMENT, name)}
    document = build(Document, pages[DOCUMENT])
    # Both files are validated; their values are taken over as they stand.
    said = dict(build(rules, pages[name]))
    lines = {each: page.lines for each, page in pages.items()}
    return cast(
        "Whole", whole.model_construct(**said, document=document, hash=folder_hash(files), lines=lines)
    )


def _text(file: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RulebookError(file.name, line, "不是 UTF-8 编码。请另存为 UTF-8 后再载入。") from error


def build(model: type[Model], page: Page) -> Model:
    """Make frozen values of a page; raises RulebookError for the first thing wrong in it."""
    try:
        return model.model_validate(page.tree)
    except ValidationError as error:
        details = error.errors(include_url=False)
        # A misspelt field is also a missing one: point at the misspelling.
        first = min(details, key=lambda each: (each["type"] == "missing", line_of(page.lines, each["loc"])))
        line = line_of(page.lines, first["loc"])
        raise RulebookError(page.file, line, _sentence(first, details)) from error


def _sentence(detail: ErrorDetails, details: list[ErrorDetails]) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return f"{_name(detail)}：{context['error']}"
    if detail["type"] == "extra_forbidden":
        return f"不认识字段 {_name(detail)}{_guess(detail, details)}。请改正字段名或删去它。"
    expected = str(context.get("expected", "")).replace(" or ", "、").replace(", ", "、").replace("'", "")
    pattern = SENTENCES[detail["type"]]
    return pattern.format(name=_name(detail), input=str(detail["input"])[:40], expected=expected)


def _guess(detail: ErrorDetails, details: list[ErrorDetails]) -> str:
    around = detail["loc"][:-1]
    missing = [_name(d) for d in details if d["type"] == "missing" and d["loc"][:-1] == around]
    close = difflib.get_close_matches(_name(detail), missing, n=1)
    return f"（是否应为 {close[0]}？）" if close else ""


def _name(detail: ErrorDetails) -> str:
    """Name the field, or for an item of a list the field with its number as people count."""
    place = detail["loc"]
    if not place:
        return "文件"
    last = place[-1]
    return f"{place[-2]} 的第 {last + 1} 项" if isinstance(last, int) else last
