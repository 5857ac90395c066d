"""The rules for documents and build files, as functions of a tree's root like those in checks.py."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.house.checks import CHINESE, CHINESE_SENTENCE, CODE, PRODUCT, files, modules

BILINGUAL = {"README.md", "docs/glossary.md"}
NAMED_FILE = re.compile(r"[\w.-]+\.(?:py|md|toml|txt|yaml|html|css|js|sh)")
DATA_FILE = re.compile(r"[\w.-]+\.(?:db|key|pub)")
NAMED_PATH = re.compile(r"\.?[\w.-]+(?:/[\w.-]+)*/?")
TOP_LEVEL = (*CODE, "docs", ".ci")


def documents(root: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of README, CONTRIBUTING and everything in docs/."""
    for path in files(root):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".md" and (name.startswith("docs/") or "/" not in name):
            yield name, path.read_text("utf-8")


def prose(text: str) -> str:
    """Return a document without its fenced and inline code."""
    return re.sub(r"`[^`\n]+`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def quoted(text: str) -> list[str]:
    """Return what a document puts in backticks, without its fenced blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def chinese_in_frame(root: Path) -> list[str]:
    """Find Chinese in build files, and Chinese sentences in the documents that are English."""
    found = []
    for path in files(root):
        if path.suffix in {"", ".toml", ".sh"} and CHINESE.search(path.read_text("utf-8")):
            found.append(f"{path.relative_to(root)}: Chinese in a build file")
    for name, text in documents(root):
        if name not in BILINGUAL and CHINESE_SENTENCE.search(prose(text)):
            found.append(f"{name}: a Chinese sentence in an English document")
    return found


def missing_paths(root: Path) -> list[str]:
    """Find repository paths and relative links that documents name and the tree does not have."""
    present = {path.name for path in files(root)}
    found = []
    for name, text in documents(root):
        for quote in quoted(text):
            if "/" in quote and NAMED_PATH.fullmatch(quote):
                ours = quote.split("/")[0] in TOP_LEVEL or NAMED_FILE.fullmatch(quote.rsplit("/", 1)[-1])
                if ours and not (root / quote).exists():
                    found.append(f"{name}: {quote} does not exist")
            elif NAMED_FILE.fullmatch(quote) and quote not in present:
                found.append(f"{name}: no file is called {quote}")
        for link in re.findall(r"\]\(([^)#:\s]+)[^):]*\)", text):
            if not ((root / name).parent / link).exists():
                found.append(f"{name}: the link {link} leads nowhere")
    return found


def missing_targets(root: Path) -> list[str]:
    """Find `make` targets that documents name and the Makefile does not have."""
    targets = set(re.findall(r"^([\w.-]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    return [
        f"{name}: make {target} does not exist"
        for name, text in documents(root)
        for target in re.findall(r"(?:`|^\s*)make ([\w-]+)", text, re.MULTILINE)
        if target not in targets
    ]


def missing_names(root: Path) -> list[str]:
    """Find what documents quote as `module.name` where no module of that name has it; events look the same."""
    texts = dict(modules(root, PRODUCT))
    have: dict[str, set[str]] = {}
    for name, text in texts.items():
        path = Path(name)
        package, module = path.parent.name, path.stem
        have.setdefault(package, set()).add(module)
        have.setdefault(package if module == "__init__" else module, set()).update(defined(text))
    said = "\n".join(texts.values())
    return [
        f"{name}: {match[1]} has no {match[2]}"
        for name, text in documents(root)
        for quote in quoted(text)
        if (match := re.fullmatch(r"([a-z_]+)\.([A-Za-z_]\w*)", quote))
        and match[2] not in have.get(match[1], {match[2]})
        and not (NAMED_FILE.fullmatch(quote) or DATA_FILE.fullmatch(quote))
        and f'"{quote}"' not in said
    ]


def defined(text: str) -> set[str]:
    """Return the names that stand at the top of a module."""
    names: set[str] = set()
    for node in ast.parse(text).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update(alias.asname or alias.name for alias in aliases)
    return names


def missing_tests(root: Path) -> list[str]:
    """Find tests that documents let a reader run and that no file has, nor an example of the same document adds."""
    found = []
    for name, text in documents(root):
        for command in re.findall(r"\.venv/bin/pytest ([^`\n]+)", text):
            words = shlex.split(command)
            paths = [word for word in words if word.startswith("tests/")]
            found += [f"{name}: {path} does not exist" for path in paths if not (root / path).exists()]
            there = [(root / path).read_text("utf-8") for path in paths if (root / path).is_file()]
            wanted = words[words.index("-k") + 1].split(" or ") if "-k" in words else []
            tests = " ".join(re.findall(r"def test_(\w+)", "\n".join((text, *there))))
            routes = " ".join(re.findall(r"/(\w+)", text))
            found += [
                f"{name}: no test is called {word}" for word in wanted if word not in f"{tests} {routes}"
            ]
    return found


def named_commands(root: Path) -> list[tuple[str, list[str]]]:
    """Return each `svcqa …` command documents name, as (document, words)."""
    return [
        (name, command.split())
        for name, text in documents(root)
        for command in re.findall(r"(?:`|^\s*(?:\.venv/bin/)?)svcqa ([a-z][^`\n]*)", text, re.MULTILINE)
    ]


def undocumented_settings(root: Path) -> list[str]:
    """Find settings without a line in docs/settings.md, and lines there without a setting."""
    tree = ast.parse((root / "svcqa/kernel/settings.py").read_text("utf-8"))
    fields = {
        f"SVCQA_{line.target.id.upper()}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }
    named = set(re.findall(r"`(SVCQA_[A-Z0-9_]+)`", (root / "docs/settings.md").read_text("utf-8")))
    return [f"{name}: not in docs/settings.md" for name in sorted(fields - named)] + [
        f"{name}: no such setting" for name in sorted(named - fields)
    ]
