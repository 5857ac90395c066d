"""A regulation's files: what is read, and the line and remedy of everything that cannot be."""

from datetime import date
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel.calendar import Term
from svcqa.rulebook import reading
from svcqa.rulebook.loading import SHIPPED, folder_hash, load_folder, parse, read_folder
from svcqa.rulebook.model import CASEWORK, DOCUMENT
from svcqa.rulebook.reading import RulebookError

# what goes wrong: file, text, replacement, a text on the line that must be named, words of the sentence
PLANTED = {
    "misspelt field": (CASEWORK, "title: 窗口员工", "tittle: 窗口员工", "tittle:", "是否应为 title"),
    "unknown field": (
        CASEWORK,
        "warn_percent: 75",
        "warn_percent: 75\ncolour: red",
        "colour: red",
        "不认识字段 colour",
    ),
    "field that is ours": (
        CASEWORK,
        "warn_percent: 75",
        "warn_percent: 75\nhash: 0a",
        "hash: 0a",
        "不认识字段 hash",
    ),
    "missing field": (CASEWORK, "    title: 窗口员工行为恶劣\n", "", "- id: 7.1.3", "缺少字段 title"),
    "missing part": (CASEWORK, "deduction_month: final", "", "# Sums are yuan", "缺少字段 deduction_month"),
    "repeated field": (
        CASEWORK,
        "    class: II\n",
        "    class: II\n    class: I\n",
        "    class: I\n    article: 第七条第（二）项第 1",
        "已经写过",
    ),
    "sum with a unit": (CASEWORK, "max: 2000}", "max: 2000元}", "2000元", "不是数"),
    "negative sum": (CASEWORK, "min: 800,", "min: -800,", "-800", "不是数"),
    "infinite points": (CASEWORK, "points: {min: 8,", "points: {min: .inf,", ".inf", "不是数"),
    "full-width digits": (CASEWORK, "points: {min: 8,", "points: {min: ８,", "８", "不是数"),
    "part of a fen": (CASEWORK, "min: 800,", "min: 800.005,", "800.005", "不足一分"),
    "over 100 percent": (CASEWORK, "joint_liability: 30", "joint_liability: 130", ": 130", "超过 100"),
    "half a time": (CASEWORK, "reopen_count: 1", "reopen_count: 1.5", "reopen_count: 1.5", "不是整数"),
    "unknown kind": (CASEWORK, "kind: loss", "kind: fine", "kind: fine", "perf、loss、none"),
    "unknown recipient": (
        CASEWORK,
        "to: unit_head",
        "to: mayor",
        "to: mayor",
        "officer、unit_head、leading_group",
    ),
    "unreadable term": (CASEWORK, "term: 3 working_days", "term: 3 fortnights", "3 fortnights", "期限"),
    "term of zero": (CASEWORK, "term: 3 working_days", "term: 0 working_days", "0 working_days", "期限"),
    "perhaps": (CASEWORK, "      example: true", "      example: yes", "example: yes", "true 或 false"),
    "no day": (DOCUMENT, "effective_on: 2025-01-01", "effective_on: 2025-02-30", "2025-02-30", "不是日期"),
    "empty title": (DOCUMENT, "title: 客户服务质量考核方法（试行）", "title:", "title:", "不能空着"),
    "quoted emptiness": (DOCUMENT, "jurisdiction: CN", 'jurisdiction: ""', "jurisdiction:", "不能为空"),
    "list for a text": (DOCUMENT, "issued_by: 客服部", "issued_by: [客服部]", "issued_by:", "文字"),
    "text for a list": (
        CASEWORK,
        "channels: [superior_inspection]",
        "channels: letter",
        "channels: letter",
        "列表",
    ),
    "text for fields": (
        CASEWORK,
        "hearing: {term: 2 working_days, article: 条文未规定（示例）, example: true}",
        "hearing: 2 days",
        "hearing: 2 days",
        "一组字段",
    ),
    "broken item": (CASEWORK, "  - {to: officer}", "  - officer", "- officer", "第 1 项"),
    "alias": (CASEWORK, "class: II", "class: *second", "*second", "直接写在这里"),
    "open bracket": (CASEWORK, "{to: officer}", "{to: officer", "unit_head", "合法的 YAML"),
    "tab as indent": (CASEWORK, "  reopen_count", "\treopen_count", "\treopen_count", "合法的 YAML"),
    "key of two words": (CASEWORK, "warn_percent: 75", "[warn, percent]: 75", "[warn, percent]", "字段名"),
    "second document": (DOCUMENT, "jurisdiction: CN", "---\njurisdiction: CN", "---", "合法的 YAML"),
    "control character": (DOCUMENT, "jurisdiction: CN", "jurisdiction: C\x00N", "C\x00N", "U+0000"),
    "too deep": (DOCUMENT, "jurisdiction: CN", "jurisdiction: " + "[" * 13 + "]" * 13, "[[[[", "嵌套"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_names_file_line_and_remedy(plant, name):
    file, old, new, marker, words = PLANTED[name]
    planted = plant(old, new, file=file)
    with pytest.raises(RulebookError) as caught:
        parse(planted)
    assert caught.value.file == file
    assert caught.value.line == line_of(planted[file], marker)
    assert caught.value.sentence.startswith(f"{file} 第 {caught.value.line} 行：")
    assert words in caught.value.sentence
    assert "请" in caught.value.sentence


def line_of(text: str, marker: str) -> int:
    """The line on which the marker begins; a comment's marker stands for the first line after it."""
    line = text[: text.index(marker)].count("\n") + 1
    while text.splitlines()[line - 1].startswith("#"):
        line += 1
    return line


def test_a_file_that_is_missing_empty_foreign_or_too_long_is_refused(files):
    for planted, words in (
        ({DOCUMENT: files[DOCUMENT]}, "casework.yaml 第 1 行：缺少这个文件"),
        ({**files, DOCUMENT: "# nothing\n"}, "document.yaml 第 1 行：文件是空的"),
        ({**files, DOCUMENT: "words"}, "document.yaml 第 1 行：文件 应是一组字段"),
        ({**files, "notes.yaml": "a: 1"}, "notes.yaml 第 1 行：不认识这个文件"),
        ({**files, DOCUMENT: "#" * 1_000_001}, "document.yaml 第 1 行：文件超过"),
    ):
        with pytest.raises(RulebookError, match=words):
            parse(planted)


def test_a_folder_that_is_absent_or_not_utf_8_is_refused(tmp_path):
    with pytest.raises(RulebookError, match="没有这个文件夹"):
        load_folder(tmp_path / "absent")
    (tmp_path / DOCUMENT).write_bytes("id: x\ntitle: 考核\n".encode("gb18030"))
    with pytest.raises(RulebookError, match=r"document\.yaml 第 2 行：不是 UTF-8"):
        load_folder(tmp_path)


@given(st.text(alphabet="{}[]:-,&*!|>'\"%@`#? \n\tab1.é考\x00\ud800", max_size=60))
def test_any_text_gives_a_sentence_and_never_a_traceback(text):
    with pytest.raises(RulebookError):
        parse({DOCUMENT: text, CASEWORK: text})


def test_without_libyaml_the_same_is_read_from_the_same_lines(files, regulation, monkeypatch):
    monkeypatch.setattr(reading, "LOADER", yaml.SafeLoader)
    assert parse(files) == regulation


def test_numbers_are_kept_exactly_as_written(plant):
    planted = parse(plant("points: {min: 8, default: 10,", "points: {min: 8, default: 93.705,"))
    assert planted.clauses[0].tariff.points.default == Decimal("93.705")
    assert str(planted.clauses[0].tariff.points.default) == "93.705"


def test_sums_become_whole_fen_and_terms_and_days_become_values(plant):
    planted = parse(plant("min: 800,", "min: 800.05,"))
    assert planted.clauses[0].tariff.deduction.min_fen == 80005
    assert planted.appeal_window.term == Term(5, "working_days")
    assert planted.document.effective_on == date(2025, 1, 1)


def test_yaml_words_that_look_like_values_stay_words(plant):
    assert parse(plant("version: v1", "version: no", file=DOCUMENT)).document.version == "no"


def test_what_was_loaded_cannot_be_changed(regulation):
    with pytest.raises(ValueError, match="frozen"):
        regulation.clauses[0].title = "another"


def test_the_hash_depends_on_names_and_bytes_only(files):
    assert folder_hash(files) == folder_hash(dict(reversed(files.items())))
    assert folder_hash({"a": "bc"}) != folder_hash({"ab": "c"})
    assert folder_hash({"a": "1", "b": "2"}) != folder_hash({"a": "2", "b": "1"})
    assert folder_hash({"a": "1\n"}) != folder_hash({"a": "1\r\n"})


def test_the_hash_of_known_bytes_is_known():
    assert folder_hash({"a": "b"}) == "facdde7abf1eac5b301273ab2e282f79bab0100f058833a7b8bdf9f80741e149"


def test_the_hash_survives_writing_and_reading_the_folder(files, tmp_path):
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    assert load_folder(tmp_path).hash == folder_hash(read_folder(SHIPPED / "complaints-trial" / "v1"))


def test_line_endings_of_another_system_give_the_same_regulation(files, regulation):
    windows = parse({name: "\ufeff" + text.replace("\n", "\r\n") for name, text in files.items()})
    assert windows.clauses == regulation.clauses
    assert windows.place(CASEWORK, "clauses", 18) == regulation.place(CASEWORK, "clauses", 18)
