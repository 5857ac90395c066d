"""YAML text into plain values that remember their lines. Every scalar stays the text it was written as.

Never gives a value a meaning: numbers, days and terms are read by `notation`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from svcqa.kernel.errors import Invalid

Place = tuple[str | int, ...]
Lines = Mapping[Place, int]
Plain = str | tuple["Plain", ...] | dict[str, "Plain"] | None

LARGEST = 1_000_000
DEEPEST = 12
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class RulebookError(Invalid):
    """A rulebook file cannot be used; the sentence names file, line and remedy."""

    def __init__(self, file: str, line: int, sentence: str) -> None:
        super().__init__(field_name=file, sentence=f"{file} 第 {line} 行：{sentence}")
        self.file = file
        self.line = line


@dataclass(frozen=True)
class Page:
    """One file: its plain tree and the line of every place in it."""

    file: str
    tree: Plain
    lines: Lines


def line_of(lines: Lines, place: Place) -> int:
    """Return the line of a place, or of the nearest thing around it that is written down."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def read(file: str, text: str) -> Page:
    """Read one YAML file; raises RulebookError for anything that is not plain, single and unambiguous."""
    _refuse_unreadable(file, text)
    try:
        _refuse_tricks(file, text)
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = f"不是合法的 YAML（{error.problem}）。请检查这一行附近的缩进、冒号、引号和括号。"
        raise RulebookError(file, mark.line + 1 if mark else 1, sentence) from error
    if root is None:
        raise RulebookError(file, 1, "文件是空的。请按制度模板填写后再载入。")
    lines: dict[Place, int] = {(): root.start_mark.line + 1}
    return Page(file, _plain(file, root, (), lines), lines)


def _refuse_unreadable(file: str, text: str) -> None:
    if len(text) > LARGEST:
        raise RulebookError(file, 1, f"文件超过 {LARGEST} 个字符。请拆开或删去多余内容。")
    if found := UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise RulebookError(file, line, f"含有不可见字符 U+{ord(found[0]):04X}。请删去后另存为 UTF-8 文本。")


def _refuse_tricks(file: str, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise RulebookError(file, line, f"不能用 *{event.anchor} 引用别处。请把内容直接写在这里。")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise RulebookError(file, line, f"嵌套超过 {DEEPEST} 层。请检查括号和缩进。")


def _plain(file: str, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Plain:
    if isinstance(node, yaml.MappingNode):
        return {
            key.value: _plain(file, value, (*place, key.value), lines)
            for key, value in _entries(file, node, place, lines)
        }
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            lines[*place, number] = item.start_mark.line + 1
        return tuple(_plain(file, item, (*place, number), lines) for number, item in enumerate(node.value))
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _entries(
    file: str, node: yaml.MappingNode, place: Place, lines: dict[Place, int]
) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise RulebookError(file, line, "字段名必须是一个词。请检查括号和冒号。")
        if (*place, key.value) in lines:
            earlier = lines[*place, key.value]
            raise RulebookError(file, line, f"字段 {key.value} 在第 {earlier} 行已经写过。请只留一处。")
        lines[*place, key.value] = line
        yield key, value
