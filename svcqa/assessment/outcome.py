"""What an evaluation found about one person, line by line: integers, ids and the texts a page shows. No behaviour.

Every value can be written as JSON and read back; nothing here is a float.
"""

from typing import Any, NamedTuple, Self


class IndicatorResult(NamedTuple):
    """One indicator: value = value[0] / value[1] over n rows (None: not applicable), its points and its share.

    `counted` is what was scored: the value, or where the sample is small and the scheme says so, the value drawn
    to the unit's mean with `trust` ten-thousandths of its own. Contributions add up to the composite before
    deductions and bonuses. `unit_points_hundredths` is the unit's mean, from five people on.
    """

    id: str
    group: str
    label: str
    metric: str
    value: tuple[int, int] | None
    counted: tuple[int, int] | None
    trust: int
    shown: str
    n: int
    target: str
    provisional: bool
    points_hundredths: int | None
    weight_hundredths: int
    contribution_hundredths: int
    unit_points_hundredths: int | None = None


class ExtraResult(NamedTuple):
    """Points taken off or added: how many of what, what was due within its cap, and what there was room for."""

    id: str
    label: str
    article: str
    n: int
    due_hundredths: int
    hundredths: int


class VetoResult(NamedTuple):
    """Why the grade is capped."""

    label: str
    article: str
    grade: str


class SubjectResult(NamedTuple):
    """One person's result. Composite = contributions - deductions + bonus, to the hundredth."""

    subject: str
    unit: str
    composite_hundredths: int | None
    grade: str
    rank: int | None
    rank_best: int | None
    rank_worst: int | None
    interval_low_hundredths: int | None
    interval_high_hundredths: int | None
    provisional: bool
    indicators: tuple[IndicatorResult, ...]
    deductions: tuple[ExtraResult, ...] = ()
    bonus: tuple[ExtraResult, ...] = ()
    veto: VetoResult | None = None

    def as_plain(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            **self._asdict(),
            "indicators": [each._asdict() for each in self.indicators],
            "deductions": [each._asdict() for each in self.deductions],
            "bonus": [each._asdict() for each in self.bonus],
            "veto": None if self.veto is None else self.veto._asdict(),
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """Read a result back from its JSON values."""
        veto = plain["veto"]
        return cls(
            **{
                **plain,
                "indicators": tuple(_indicator(each) for each in plain["indicators"]),
                "deductions": tuple(ExtraResult(**each) for each in plain["deductions"]),
                "bonus": tuple(ExtraResult(**each) for each in plain["bonus"]),
                "veto": None if veto is None else VetoResult(**veto),
            }
        )


def _indicator(plain: dict[str, Any]) -> IndicatorResult:
    pairs = {name: None if plain[name] is None else tuple(plain[name]) for name in ("value", "counted")}
    return IndicatorResult(**{**plain, **pairs})
