"""The house rules as functions: each takes the root of a tree and returns what breaks the rule there.

They read text and syntax only; nothing of the tree is imported or run, so planted trees can be checked too.
"""

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PRODUCT = ("flows", "notifications", "states", "svcqa")
CODE = (*PRODUCT, "benchmarks", "tests")
LARGEST_FILE, LARGEST_FUNCTION, LONGEST_LINE = 300, 40, 120
MEDIAN_FILE, MEDIAN_FUNCTION = 120, 10
LONGEST_OPENING = 4
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "handler", "base"}
CHINESE = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]")
QUOTE = re.compile("`[^`]*`")
CHINESE_SENTENCE = re.compile("[\uff0c\u3002\uff1b\uff1a\uff1f\uff01]")
WORKPLACE = re.compile(r"(?<!\w)/(?:work|root)/|\.\./\.library")
PASSING_FOLDERS = {"var", "build", "dist", "__pycache__", "node_modules"}
TEXT_SUFFIXES = {
    "",
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
    ".ini",
    ".html",
    ".css",
    ".js",
    ".mako",
    ".sh",
}
TIME_ZONE_PLACES = {"svcqa/kernel/calendar.py", "notifications/rendering.py"}
SHANGHAI = "Asia/Shanghai"


def files(root: Path) -> Iterator[Path]:
    """Yield the text files of a tree, without what a build or a run leaves behind."""
    for path in sorted(root.iterdir()):
        hidden = path.name.startswith(".") and path.name not in {".ci", ".gitignore", ".editorconfig"}
        if hidden or path.name in PASSING_FOLDERS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix in TEXT_SUFFIXES:
            yield path


def modules(root: Path, folders: tuple[str, ...] = CODE) -> Iterator[tuple[str, str]]:
    """Yield name and text of each Python file below the folders that exist."""
    for folder in folders:
        if (root / folder).is_dir():
            for path in files(root / folder):
                if path.suffix == ".py":
                    yield path.relative_to(root).as_posix(), path.read_text("utf-8")


def functions(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, line and length of each function in a source."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def oversized(root: Path) -> list[str]:
    """Find files, lines and functions above the house's limits; migrations are written by Alembic."""
    found = []
    for name, text in modules(root):
        if "/migrations/" in name:
            continue
        lines = text.splitlines()
        if len(lines) > LARGEST_FILE:
            found.append(f"{name}: {len(lines)} lines, the house allows {LARGEST_FILE}")
        wide = [str(number) for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE]
        if wide:
            found.append(f"{name}: above {LONGEST_LINE} characters in line {', '.join(wide)}")
        found += [
            f"{name}:{line}: {function} has {length} lines, the house allows {LARGEST_FUNCTION}"
            for function, line, length in functions(text)
            if length > LARGEST_FUNCTION
        ]
    return found


def heavy_medians(root: Path) -> list[str]:
    """Find a product whose ordinary file or function has grown too long."""
    texts = [text for name, text in modules(root, PRODUCT) if text and "/migrations/" not in name]
    if not texts:
        return []
    file_median = median(len(text.splitlines()) for text in texts)
    lengths = [length for text in texts for _, _, length in functions(text)]
    function_median = median(lengths) if lengths else 0
    found = []
    if file_median > MEDIAN_FILE:
        found.append(f"the median file has {file_median:g} lines, the house allows {MEDIAN_FILE}")
    if function_median > MEDIAN_FUNCTION:
        found.append(f"the median function has {function_median:g} lines, the house allows {MEDIAN_FUNCTION}")
    return found


def missing_openings(root: Path) -> list[str]:
    """Find modules that do not open with one to four lines on what stands there."""
    found = []
    for name, text in modules(root):
        opening = ast.get_docstring(ast.parse(text)) or ""
        lines = len([line for line in opening.splitlines() if line.strip()])
        if text.strip() and not 1 <= lines <= LONGEST_OPENING:
            found.append(f"{name}: opens with {lines} lines, the house wants 1 to {LONGEST_OPENING}")
    return found


def empty_names(root: Path) -> list[str]:
    """Find modules and folders named by a word that says nothing."""
    return [
        f"{name}: {word} is no domain word"
        for name, _ in modules(root)
        for part in name.removesuffix(".py").split("/")
        for word in sorted(EMPTY_WORDS & set(part.lower().split("_")))
    ]


def chinese_in_code(root: Path) -> list[str]:
    """Find Chinese in names and comments and Chinese sentences in docstrings, beyond what backticks quote."""
    found = []
    for name, text in modules(root):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in {tokenize.NAME, tokenize.COMMENT} and CHINESE.search(
                QUOTE.sub("", token.string)
            ):
                found.append(f"{name}:{token.start[0]}: Chinese in {token.string}")
        for owner, docstring in docstrings(text):
            if CHINESE_SENTENCE.search(QUOTE.sub("", docstring)):
                found.append(f"{name}: a Chinese sentence in the docstring of {owner}")
    return found


def docstrings(text: str) -> Iterator[tuple[str, str]]:
    """Yield owner and text of each docstring in a source."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "name", "the module"), ast.get_docstring(node) or ""


def workplace_paths(root: Path) -> list[str]:
    """Find paths of the machine the product was written on."""
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in files(root)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if WORKPLACE.search(line)
    ]


def scattered_time_zones(root: Path) -> list[str]:
    """Find product files beyond the calendar and the mail filter that name the local time zone."""
    return [
        name for name, text in modules(root, PRODUCT) if SHANGHAI in text and name not in TIME_ZONE_PLACES
    ]


def unplaced_rooms(root: Path) -> list[str]:
    """Find packages without a floor: outside the import graph, or a room of svcqa no layer names."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    floors = next(contract for contract in settings["contracts"] if contract["id"] == "floors")
    placed = {room.strip(" ()") for layer in floors["layers"] for room in layer.split("|")}
    packages = [name for name in PRODUCT if (root / name).is_dir()]
    found = [f"{name}: not in root_packages" for name in packages if name not in settings["root_packages"]]
    rooms = [
        path for path in (root / "svcqa").glob("*") if path.suffix == ".py" or (path / "__init__.py").exists()
    ]
    names = {f"svcqa.{path.stem}" for path in rooms if path.stem not in {"__init__", "__main__"}}
    return found + [f"{name}: on no floor" for name in sorted(names - placed)]


def loose_requirements(root: Path) -> list[str]:
    """Find lock files that name an index, lack a hash, or no longer hold what the project asks for."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    asked = project["project"]["dependencies"]
    found = []
    for name, wanted in {
        "requirements.txt": asked,
        "requirements-dev.txt": asked + project["dependency-groups"]["dev"],
    }.items():
        text = (root / name).read_text("utf-8")
        found += [
            f"{name}: {line}" for line in text.splitlines() if re.search(r"://|^\s*--?(?!hash=)\w", line)
        ]
        blocks = re.findall(
            r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)((?:.*\\\n)*.*)", text, re.MULTILINE
        )
        found += [
            f"{name}: {package} has no hash" for package, _, rest in blocks if "--hash=sha256:" not in rest
        ]
        pins = {canonicalize_name(package): version for package, version, _ in blocks}
        for requirement in map(Requirement, wanted):
            pin = pins.get(canonicalize_name(requirement.name))
            if pin is None or not requirement.specifier.contains(pin, prereleases=True):
                found.append(
                    f"{name}: {requirement.name} is locked to {pin}, asked for {requirement.specifier}"
                )
    return found
