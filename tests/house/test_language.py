"""Chinese stands where people read it; code, comments and documents are English and name no workplace."""

import pytest

from tests.house import checks, documents

SENTENCE = "\u8bf7\u586b\u5199\u7406\u7531\u3002"
WORD = "\u5904\u7f5a"


def test_identifiers_comments_and_docstrings_are_english(root):
    assert checks.chinese_in_code(root) == []


def test_build_files_and_documents_are_english(root):
    assert documents.chinese_in_frame(root) == []


def test_no_file_names_the_machine_it_was_written_on(root):
    assert checks.workplace_paths(root) == []


def test_the_local_time_zone_has_two_places(root):
    assert checks.scattered_time_zones(root) == []


@pytest.mark.parametrize(
    "source",
    [
        f"{WORD} = 1\n",
        f"x = 1  # {WORD}\n",
        f'"""{SENTENCE}"""\n',
        f'def decide():\n    """{SENTENCE}"""\n',
        f'class Penalty:\n    """{SENTENCE}"""\n',
    ],
)
def test_planted_chinese_in_code_is_found(plant, source):
    assert len(checks.chinese_in_code(plant({"svcqa/casework/penalties.py": source}))) == 1


def test_a_chinese_sentence_in_a_string_is_the_products_voice(plant):
    assert checks.chinese_in_code(plant({"svcqa/casework/penalties.py": f'REASON = "{SENTENCE}"\n'})) == []


@pytest.mark.parametrize(
    "source",
    [f'"""Decides a {WORD}."""\n', f'"""Answers `{SENTENCE}`."""\n', f"x = 1  # says `{SENTENCE}`\n"],
)
def test_a_docstring_may_name_a_chinese_word_and_both_may_quote(plant, source):
    assert checks.chinese_in_code(plant({"svcqa/casework/penalties.py": source})) == []


def test_a_planted_chinese_document_is_found(plant):
    root = plant({"docs/settings.md": f"# Settings\n\n{SENTENCE}\n"})
    assert documents.chinese_in_frame(root) == ["docs/settings.md: a Chinese sentence in an English document"]


def test_an_english_document_may_quote_a_chinese_word_or_answer(plant):
    text = f"The button {WORD} answers `{SENTENCE}`.\n\n```\n{SENTENCE}\n```\n"
    assert documents.chinese_in_frame(plant({"docs/settings.md": text})) == []


def test_readme_and_glossary_are_bilingual(plant):
    assert documents.chinese_in_frame(plant({"README.md": SENTENCE, "docs/glossary.md": SENTENCE})) == []


@pytest.mark.parametrize("name", ["Makefile", "pyproject.toml", ".ci/run"])
def test_planted_chinese_in_a_build_file_is_found(plant, name):
    assert documents.chinese_in_frame(plant({name: f"# {WORD}\n"})) == [f"{name}: Chinese in a build file"]


@pytest.mark.parametrize("folders", [["", "work", "main"], ["", "root", "data"], ["..", ".library"]])
def test_a_planted_workplace_path_is_found(plant, folders):
    root = plant({"docs/settings.md": "kept in " + "/".join([*folders, "notes"])})
    assert len(checks.workplace_paths(root)) == 1


def test_a_planted_time_zone_is_found(plant):
    root = plant(
        {"svcqa/web/pages.py": 'ZONE = "Asia/Shanghai"\n', "svcqa/kernel/calendar.py": "# Asia/Shanghai\n"}
    )
    assert checks.scattered_time_zones(root) == ["svcqa/web/pages.py"]
