"""The roster as a YAML file says it: frozen, checked as a whole, every error with its line. Writes nothing."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from svcqa.kernel.errors import Invalid
from svcqa.kernel.visible import Seen
from svcqa.organisation.access import GRANTED
from svcqa.organisation.correspondence import checked_email

UnitKind = Literal["company", "branch", "workshop", "team", "office"]
PostKind = Literal["member", "head", "party_secretary", "deputy"]
Contract = Literal["employed", "dispatched", "contractor", "external"]

PROBLEMS = {
    "missing": "缺少这一项",
    "extra_forbidden": "花名册里没有这一项",
    "string_pattern_mismatch": "写法不对，代码用小写字母和数字，工号用 4 位以上的数字或大写字母",
    "literal_error": "不是允许的词",
    "date_from_datetime_parsing": "日期要写成 2026-01-31 的样子",
    "bool_parsing": "只能写 true 或 false",
}


def _named(key: str) -> BeforeValidator:
    """Let a plain word stand for a line that has nothing else to say."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class Line(BaseModel):
    """A line of the file: nothing unknown in it, nothing to be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UnitLine(Line):
    """A unit; its parent stands above it in the file."""

    code: str = Field(pattern=r"^[a-z0-9-]{1,20}$")
    name: Annotated[str, Field(min_length=1), Seen]
    kind: UnitKind
    parent: str = ""


class PostLine(Line):
    """A post; a plain unit code means membership."""

    unit: str
    post: PostKind = "member"
    from_on: date | None = None
    until_on: date | None = None


class GrantLine(Line):
    """A role; a plain word means from the file's own day on."""

    role: str
    from_on: date | None = None
    until_on: date | None = None

    @field_validator("role")
    @classmethod
    def _can_be_granted(cls, role: str) -> str:
        if role not in GRANTED:
            raise ValueError(f"没有可以授予的角色“{role}”")
        return role


class PersonLine(Line):
    """A person; `designated`: signed that mail to the address counts as delivered."""

    staff_number: str = Field(pattern=r"^[0-9A-Z-]{4,20}$")
    name: Annotated[str, Field(min_length=1), Seen]
    pinyin: str = ""
    email: str | None = None
    designated: bool = False
    contract: Contract = "employed"
    left_on: date | None = None
    posts: tuple[Annotated[PostLine, _named("unit")], ...] = ()
    roles: tuple[Annotated[GrantLine, _named("role")], ...] = ()

    @field_validator("email")
    @classmethod
    def _can_be_reached(cls, email: str | None) -> str | None:
        try:
            return checked_email(email) if email else None
        except Invalid as error:
            raise ValueError(error.sentence.rstrip("。")) from error


class Roster(Line):
    """Units, persons, their posts and roles; `from_on` is the day from which a line without a day counts."""

    from_on: date
    units: tuple[UnitLine, ...] = ()
    people: tuple[PersonLine, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _refuse_twice("单位代码", [unit.code for unit in self.units])
        _refuse_twice("工号", [person.staff_number for person in self.people])
        _refuse_twice("邮箱", [person.email.lower() for person in self.people if person.email])
        known: set[str] = {""}
        for unit in self.units:
            if unit.parent not in known:
                raise ValueError(f"单位“{unit.code}”的上级“{unit.parent}”要写在它的前面")
            known.add(unit.code)
        for person in self.people:
            for post in person.posts:
                if post.unit not in known - {""}:
                    raise ValueError(f"工号 {person.staff_number} 的单位“{post.unit}”不在 units 里")
        return self


def read(text: str, *, name: str) -> Roster:
    """Read a roster; raises Invalid whose field is `<name>:<line>`."""
    try:
        # Every scalar stays text, so that a staff number keeps its leading zeros; the models give the types.
        root = yaml.compose(text, Loader=yaml.BaseLoader)
        plain = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds texts, lists and mappings only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _wrong(name, line, "这里不是正确的 YAML，请检查缩进和冒号") from error
    try:
        return Roster.model_validate(plain)
    except ValidationError as error:
        first = error.errors()[0]
        what = f"“{first['loc'][-1]}”" if first["loc"] else ""
        problem = PROBLEMS.get(first["type"]) or str(first.get("ctx", {}).get("error", "内容不对"))
        raise _wrong(name, _line(root, first["loc"]), f"{what}{problem}") from error


def _wrong(name: str, line: int, problem: str) -> Invalid:
    return Invalid(f"{name}:{line}", f"花名册 {name} 第 {line} 行：{problem}。请改正后重新载入。")


def _refuse_twice(what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{what}“{value}”写了两次")
        seen.add(value)


def _line(node: Any, place: tuple[int | str, ...]) -> int:
    """Return the line of the innermost node that a place in the data leads to."""
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == step), node)
    return int(node.start_mark.line) + 1 if node else 1
