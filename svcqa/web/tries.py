"""How often one address may try what can be guessed: passwords, codes, the digits of a mailed link, keys.

Few may be wrong. Many may be right, because a whole office can share one address.
Counted in this process; where counting fails, nobody gets in.
"""

from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from svcqa.kernel.errors import HouseError

SENTENCE = "短时间内尝试的次数过多，这一次没有办理。请过几分钟再试；急用请联系管理员。"


@dataclass
class TooManyTries(HouseError):
    """One address tried too often; `headers` say when it may try again."""

    retry_after: int
    sentence: str = SENTENCE

    @property
    def headers(self) -> dict[str, str]:
        """Return the header of the answer."""
        return {"Retry-After": str(self.retry_after)}


@dataclass
class Tries:
    """Two moving windows over the tries of each address for one matter: the wrong ones and all."""

    wrong: str
    all: str
    _wrong: RateLimitItem = field(init=False)
    _all: RateLimitItem = field(init=False)
    _window: MovingWindowRateLimiter = field(init=False)

    def __post_init__(self) -> None:
        self._wrong, self._all = parse(self.wrong), parse(self.all)
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def count(self, matter: str, address: str) -> None:
        """Count a try before it is looked at; raises TooManyTries when a window is full."""
        if not self._window.test(self._wrong, matter, address):
            raise TooManyTries(self._wrong.get_expiry())
        if not self._window.hit(self._all, matter, address):
            raise TooManyTries(self._all.get_expiry())

    def miss(self, matter: str, address: str) -> None:
        """Count a try that was wrong; raises TooManyTries when their window is full."""
        if not self._window.hit(self._wrong, matter, address):
            raise TooManyTries(self._wrong.get_expiry())
