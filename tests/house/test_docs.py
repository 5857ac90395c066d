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


def test_every_name_in_the_documents_is_defined_where_they_say(root):
    assert documents.missing_names(root) == []


def test_every_test_in_the_documents_is_there_to_be_run(root):
    assert documents.missing_tests(root) == []


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


def test_a_planted_missing_name_is_found(plant):
    module = "import json\nLIMIT: int = 3\nclass Case: ...\ndef load(): record('x', \"snapshot.taken\")\n"
    there = "snapshot.load snapshot.Case snapshot.LIMIT snapshot.json casework.snapshot snapshot.taken"
    text = ", ".join(f"`{name}`" for name in (*there.split(), "snapshot.gone", "tx.now", "snapshot.py"))
    root = plant({"docs/architecture.md": text, "svcqa/casework/snapshot.py": module})
    assert documents.missing_names(root) == ["docs/architecture.md: snapshot has no gone"]


def test_a_planted_missing_test_is_found(plant):
    text = "Run `.venv/bin/pytest tests/a.py -n 0 -k 'one or new or gone'`, `.venv/bin/pytest tests/b.py`.\n"
    added = "```diff\n@@ tests/a.py\n+def test_new_thing(): ...\n```\n"
    root = plant({"docs/extending.md": text + added, "tests/a.py": "def test_one_thing(): ...\n"})
    assert documents.missing_tests(root) == [
        "docs/extending.md: no test is called gone",
        "docs/extending.md: tests/b.py does not exist",
    ]
