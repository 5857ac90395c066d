"""What the documents name exists: settings, paths, links, make targets, commands."""

import importlib
from types import SimpleNamespace

import pytest
import typer

from tests.house import documents

SETTINGS = "class Settings(BaseSettings):\n    web_port: int = 8400\n    base_url: str = ''\n"


def command_tree():
    module = importlib.import_module("svcqa.cli")
    app = next(value for value in vars(module).values() if isinstance(value, typer.Typer))
    return typer.main.get_command(app)


def unknown_words(command, words):
    for word in words:
        children = getattr(command, "commands", None)
        if not children:
            return []
        if word not in children:
            return [word]
        command = children[word]
    return []


def test_every_setting_is_documented(root):
    assert documents.undocumented_settings(root) == []


def test_every_path_and_link_in_the_documents_exists(root):
    assert documents.missing_paths(root) == []


def test_every_make_target_in_the_documents_exists(root):
    assert documents.missing_targets(root) == []


def test_every_command_in_the_documents_exists(root):
    if not (root / "svcqa/cli.py").exists():
        pytest.skip("svcqa/cli.py is not written yet")
    tree = command_tree()
    unknown = [(name, words) for name, words in documents.named_commands(root) if unknown_words(tree, words)]
    assert unknown == []


def test_a_planted_undocumented_and_a_stale_setting_are_found(plant):
    documented = "| `SVCQA_WEB_PORT` | port |\n| `SVCQA_COLOUR` | gone |\n"
    root = plant({"svcqa/kernel/settings.py": SETTINGS, "docs/settings.md": documented})
    assert documents.undocumented_settings(root) == [
        "SVCQA_BASE_URL: not in docs/settings.md",
        "SVCQA_COLOUR: no such setting",
    ]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("See `svcqa/casework/gone.py`.", "svcqa/casework/gone.py does not exist"),
        ("Rooms stand in `states/`, see `docs/gone/`.", "docs/gone/ does not exist"),
        ("The file `gone.py` holds it.", "no file is called gone.py"),
        ("Read [on](gone.md).", "the link gone.md leads nowhere"),
    ],
)
def test_a_planted_missing_path_is_found(plant, text, finding):
    root = plant({"docs/architecture.md": text, "states/complaint.py": ""})
    assert documents.missing_paths(root) == [f"docs/architecture.md: {finding}"]


def test_what_only_looks_like_a_path_is_left_alone(plant):
    text = (
        "`text/html`, `/complaints/{number}`, `svcqa/casework/<name>.py`, [there](https://example.org/a.md)"
    )
    assert documents.missing_paths(plant({"docs/architecture.md": text, "states/complaint.py": ""})) == []


def test_a_planted_missing_make_target_is_found(plant):
    root = plant({"Makefile": "demo: .venv\n", "README.md": "Run `make demo`, then\n\n```\nmake fly\n```\n"})
    assert documents.missing_targets(root) == ["README.md: make fly does not exist"]


def test_a_planted_unknown_command_is_found(plant):
    root = plant(
        {"README.md": "Run `svcqa audit verify --json`, then\n\n```\n.venv/bin/svcqa audit fly\n```\n"}
    )
    assert documents.named_commands(root) == [
        ("README.md", ["audit", "verify", "--json"]),
        ("README.md", ["audit", "fly"]),
    ]
    tree = SimpleNamespace(commands={"audit": SimpleNamespace(commands={"verify": SimpleNamespace()})})
    assert [unknown_words(tree, words) for _, words in documents.named_commands(root)] == [[], ["fly"]]
