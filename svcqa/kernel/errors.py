"""The refusals every room may raise. None of them knows HTTP; `svcqa.web.errors` maps them to answers.

Each carries a Chinese sentence for the person in front of the screen: what, where, what to do.
"""

from dataclasses import dataclass, field


class HouseError(Exception):
    """A refusal with a sentence that may be shown to the person as it stands."""

    sentence: str = ""

    def __str__(self) -> str:
        return self.sentence


@dataclass
class NotFound(HouseError):
    """The thing does not exist, or the actor may not know that it does."""

    sentence: str = "没有找到这项内容，或你无权查看。请从列表重新进入。"


@dataclass
class Forbidden(HouseError):
    """The actor may see the thing but not do this."""

    sentence: str = "你没有执行这一步的权限。"


@dataclass
class Invalid(HouseError):
    """An input is wrong: `field` names it as the form does, `sentence` says the remedy."""

    field_name: str
    sentence: str


@dataclass
class Stale(HouseError):
    """The row moved on since the actor read it; `changes` says what changed meanwhile."""

    sentence: str
    changes: tuple[str, ...] = field(default_factory=tuple)


@dataclass
class Duplicate(HouseError):
    """The same thing was already stored under another request."""

    sentence: str


@dataclass
class Busy(HouseError):
    """The database could not be had in time; nothing was changed. `undone`: doing it again at once may succeed."""

    sentence: str = "系统正忙，本次操作没有保存。请稍候几秒再提交一次，已填内容不会丢失。"
    undone: bool = False
