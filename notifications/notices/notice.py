"""What every mail has in common. A notice carries typed values only; its words stand in its templates."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True, kw_only=True)
class Notice(ABC):
    """One kind of mail to one person.

    `number` is what the matter is called: the case number, or the staff number where there is no case.
    `contact` is a person to answer to. Times are aware datetimes; the templates show them in local time.
    """

    slug: ClassVar[str]
    label: ClassVar[str]

    recipient_name: str
    number: str
    link: str | None
    contact: str

    @classmethod
    @abstractmethod
    def sample(cls) -> Self:
        """Give a complete example for previews and tests."""
