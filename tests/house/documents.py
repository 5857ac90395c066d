"""The rules for documents and build files, as functions of a tree's root like those in checks.py."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.checks import CHINESE, CHINESE_SENTENCE, CODE, files

BILINGUAL = {"README.md", "docs/glossary.md"}
NAMED_FILE = re.compile(r"[\w.-]+\.(?:py|md|toml|txt|yaml|html|css|js|sh)")
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
