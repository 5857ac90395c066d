"""Every command explains itself in sentences, and the examples it gives are commands that exist."""

import shlex

import pytest
import typer

from svcqa.cli import app

TREE = typer.main.get_command(app)


def below(command, words=()):
    """Yield each command without commands below it, with its words."""
    whole = getattr(command, "whole", command)
    children = getattr(whole, "commands", {})
    for name, child in children.items():
        yield from below(child, (*words, name))
    if not children:
        yield words, whole


LEAVES = dict(below(TREE))
named = pytest.mark.parametrize("words", LEAVES, ids=" ".join)
FOR_PROGRAMS = {
    "audit verify", "check", "complaint import", "complaint list", "complaint show", "cycle list", "cycle show",
    "deadline explain", "import", "mail list", "measure list", "rulebook check", "rulebook diff", "rulebook list",
}  # fmt: skip
WITHOUT_EXAMPLE = {
    "audit checkpoint", "backup", "courier", "cycle list", "mail resume", "mail retry", "mailbox", "migrate",
    "relocate", "restore", "rulebook list", "web",
}  # fmt: skip


def assert_sentence(text):
    assert text[0].isupper(), text
    assert text.rstrip().endswith("."), text


@named
def test_a_command_and_each_thing_it_is_told_are_explained_in_a_sentence(words):
    command = LEAVES[words]
    for paragraph in command.help.split("\n\n"):
        assert_sentence(paragraph.strip())
    for told in command.params:
        assert_sentence(told.help)


@named
def test_the_line_in_a_list_of_commands_is_whole(words):
    assert len(LEAVES[words].help.partition("\n")[0]) <= 110


@named
def test_an_example_is_a_command_that_can_be_read(words):
    epilog = LEAVES[words].epilog
    assert epilog or " ".join(words) in WITHOUT_EXAMPLE
    if epilog:
        example = shlex.split(epilog.removeprefix("Example: svcqa "))
        assert tuple(example[: len(words)]) == words
        known = {option: told for told in LEAVES[words].params for option in told.opts}
        rest = example[len(words) :]
        assert {word for word in rest if word.startswith("-")} <= set(known)
        taken = {
            rest[place + 1] for place, word in enumerate(rest) if word in known and not known[word].is_flag
        }
        plain = [word for word in rest if not word.startswith("-") and word not in taken]
        assert len(plain) == sum(told.param_type_name == "argument" for told in LEAVES[words].params)


def test_what_a_script_would_read_is_written_as_json_too():
    found = {
        " ".join(words)
        for words, command in LEAVES.items()
        if {"--json"} & {o for p in command.params for o in p.opts}
    }
    assert found >= FOR_PROGRAMS
