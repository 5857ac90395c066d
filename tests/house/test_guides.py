"""The worked examples of docs/extending.md can be followed to the letter; a stale or a wrong one is found."""

import shutil

import pytest

from tests.house import guides

PAGE = "docs/extending.md"
OLD = "one = 1\ntwo = 2\nthree = 3\n"


def fence(*lines, kind="diff"):
    return "\n".join((f"```{kind}", *lines, "```", ""))


def test_every_example_can_be_followed_in_a_copy_of_what_it_touches(root, tmp_path):
    text = (root / PAGE).read_text("utf-8")
    touched = {change.path for change in guides.changes(text)}
    assert len(touched) > 25
    for path in filter(lambda path: (root / path).exists(), touched):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (root / path).is_dir() else shutil.copy)(root / path, tmp_path / path)
    assert guides.followed(text, tmp_path) == []


def test_a_change_is_made_where_it_is_shown(plant):
    root = plant({"svcqa/a.py": OLD})
    text = fence(
        "@@ svcqa/a.py", " one = 1", "-two = 2", "+two = 4", "@@ svcqa/b.py", "+four = 4", "+", "+five = 5"
    )
    assert guides.followed(text, root) == []
    assert (root / "svcqa/a.py").read_text("utf-8") == "one = 1\ntwo = 4\nthree = 3\n"
    assert (root / "svcqa/b.py").read_text("utf-8") == "four = 4\n\nfive = 5\n"


def test_a_folder_is_copied_before_the_copy_is_changed(plant):
    root = plant({"svcqa/v1/a.yaml": "weight: 1\n"})
    text = fence("cp -r svcqa/v1 svcqa/v2", kind="sh") + fence(
        "@@ svcqa/v2/a.yaml", "-weight: 1", "+weight: 2"
    )
    assert guides.followed(text, root) == []
    assert (root / "svcqa/v1/a.yaml").read_text("utf-8") == "weight: 1\n"
    assert (root / "svcqa/v2/a.yaml").read_text("utf-8") == "weight: 2\n"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("@@ svcqa/a.py", " gone = 1", "+x = 1"), "svcqa/a.py: stands there 0 times, not once: 'gone = 1'"),
        (("@@ svcqa/b.py", " one = 1", "+x = 1"), "svcqa/b.py: does not exist"),
        (("@@ svcqa/a.py", "+x = 1"), "svcqa/a.py: is there already, so lines to find are needed"),
        (("@@ svcqa/a.py", "-two = 2", "+    two = 2"), "svcqa/a.py: unexpected indent (<unknown>, line 2)"),
    ],
)
def test_what_cannot_be_followed_is_found(plant, lines, fault):
    assert guides.followed(fence(*lines), plant({"svcqa/a.py": OLD})) == [fault]


def test_a_folder_that_is_gone_is_found(plant):
    text = fence("cp -r svcqa/v1 svcqa/v2", kind="sh")
    assert guides.followed(text, plant({"svcqa/a.py": OLD})) == ["svcqa/v1: does not exist"]
