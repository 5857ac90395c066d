"""What a clause costs a person, line by line: base, aggravation, mitigation, limits, share. Pure values.

Exact until the end: each line is the step between two running totals rounded half up, so the lines always
add up to the total. Proposes only; a person decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from svcqa.kernel.errors import Invalid
from svcqa.kernel.money import hundredths, round_half_up, yuan_text
from svcqa.kernel.money import points as from_hundredths
from svcqa.rulebook.model import Adjustment, Clause, DeductionKind


@dataclass(frozen=True)
class Amount:
    """Exact points and exact fen, with fractions."""

    points: Decimal
    fen: Decimal

    def __add__(self, other: Self) -> "Amount":
        return Amount(self.points + other.points, self.fen + other.fen)

    def __sub__(self, other: Self) -> "Amount":
        return Amount(self.points - other.points, self.fen - other.fen)

    def percent(self, percentage: Decimal) -> "Amount":
        """Return this percentage of the amount."""
        return Amount(self.points * percentage / 100, self.fen * percentage / 100)

    def within(self, least: Self, most: Self) -> "Amount":
        """Return the nearest amount between two others."""
        return Amount(
            max(least.points, min(most.points, self.points)), max(least.fen, min(most.fen, self.fen))
        )


@dataclass(frozen=True)
class Line:
    """One line of the calculation with the article it rests on."""

    label: str
    article: str
    points: Decimal
    fen: int


@dataclass(frozen=True)
class Bounds:
    """What a decision on this charge may take, both ends included."""

    min_points: Decimal
    max_points: Decimal
    min_fen: int
    max_fen: int


@dataclass(frozen=True)
class Proposal:
    """The calculation, its totals (points to the hundredth, sum in fen) and the bounds of the charge."""

    lines: tuple[Line, ...]
    points: Decimal
    fen: int
    kind: DeductionKind
    bounds: Bounds


def propose(clause: Clause, *, share: int = 100, adjustments: Iterable[Adjustment] = ()) -> Proposal:
    """Price a charge: the person's share in percent of the clause's tariff, made heavier or lighter.

    Aggravating percentages are of the base, mitigating ones of base and aggravation together; the result is
    kept inside the clause's tariff, then the share is taken. The order of the adjustments does not matter.
    """
    if not 1 <= share <= 100:
        raise Invalid("share", f"责任份额 {share}% 不在 1 到 100 之间。请重新填写份额。")
    lines = _rounded(_steps(clause, _applying(clause, adjustments), Decimal(share)))
    return Proposal(
        lines=lines,
        points=sum((line.points for line in lines), Decimal(0)),
        fen=sum(line.fen for line in lines),
        kind=clause.tariff.deduction.kind,
        bounds=bounds(clause, share=share),
    )


def bounds(clause: Clause, *, share: int = 100) -> Bounds:
    """Return what a decision may take from a person who bears this share of the clause."""
    least, most = (each.percent(Decimal(share)) for each in _limits(clause))
    return Bounds(_points(least), _points(most), round_half_up(least.fen), round_half_up(most.fen))


def outside_bounds(limits: Bounds, *, points: Decimal, fen: int) -> str | None:
    """Say how a decision leaves the bounds and what to do; None when it is inside."""
    remedy = "之内（已按责任份额折算）。请改到幅度以内，或另选条款。"
    if not limits.min_points <= points <= limits.max_points:
        return f"扣分 {points} 不在本条标准 {limits.min_points} 到 {limits.max_points} 分{remedy}"
    if not limits.min_fen <= fen <= limits.max_fen:
        least, most = yuan_text(limits.min_fen), yuan_text(limits.max_fen)
        return f"扣款 {yuan_text(fen)} 元不在本条标准 {least} 到 {most} 元{remedy}"
    return None


def joint_liability(clause: Clause, *, points: Decimal, fen: int) -> Line:
    """Return what the head of the unit bears beside the person's decided points and sum."""
    percentage = clause.tariff.joint_liability
    borne = Amount(points, Decimal(fen)).percent(percentage)
    label = f"连带责任：责任人的 {_plain(percentage)}%"
    return Line(label, clause.article, _points(borne), round_half_up(borne.fen))


@dataclass(frozen=True)
class _Step:
    label: str
    article: str
    change: Amount


def _applying(clause: Clause, adjustments: Iterable[Adjustment]) -> list[Adjustment]:
    """Keep each adjustment once, and none whose fact is already what the clause is about."""
    named = {each.id: each for each in adjustments if clause.id not in each.except_for}
    return sorted(named.values(), key=lambda each: (each.kind, each.id))


def _steps(clause: Clause, adjustments: list[Adjustment], share: Decimal) -> list[_Step]:
    base = Amount(clause.tariff.points.default, Decimal(clause.tariff.deduction.default_fen))
    steps = [_Step("基础处罚", clause.article, base)]
    heavier = [each for each in adjustments if each.kind == "aggravating"]
    lighter = [each for each in adjustments if each.kind == "mitigating"]
    steps += [_adjusting(clause, each, base) for each in heavier]
    aggravated = _total(steps)
    steps += [_adjusting(clause, each, aggravated) for each in lighter]
    limited = _total(steps).within(*_limits(clause))
    if limited != _total(steps):
        steps.append(_Step("限于本条标准的幅度", clause.article, limited - _total(steps)))
    if share < 100:
        steps.append(_Step(f"责任份额 {share}%", clause.article, limited.percent(share) - limited))
    return steps


def _adjusting(clause: Clause, adjustment: Adjustment, basis: Amount) -> _Step:
    fixed = Amount(adjustment.points or Decimal(0), Decimal(adjustment.fen or 0))
    change = fixed if adjustment.percent is None else basis.percent(adjustment.percent)
    if clause.tariff.deduction.kind == "none":
        change = Amount(change.points, Decimal(0))
    nothing = Amount(Decimal(0), Decimal(0))
    word, verb, signed = (
        ("加重", "加", change) if adjustment.kind == "aggravating" else ("从轻", "减", nothing - change)
    )
    note = "" if adjustment.percent is None else f"（{verb} {_plain(adjustment.percent)}%）"
    return _Step(f"{word}：{adjustment.label}{note}", adjustment.article, signed)


def _limits(clause: Clause) -> tuple[Amount, Amount]:
    tariff = clause.tariff
    return (
        Amount(tariff.points.minimum, Decimal(tariff.deduction.min_fen)),
        Amount(tariff.points.maximum, Decimal(tariff.deduction.max_fen)),
    )


def _total(steps: list[_Step]) -> Amount:
    return sum((step.change for step in steps), Amount(Decimal(0), Decimal(0)))


def _rounded(steps: list[_Step]) -> tuple[Line, ...]:
    lines = []
    running = Amount(Decimal(0), Decimal(0))
    for step in steps:
        before, running = running, running + step.change
        sum_step = round_half_up(running.fen) - round_half_up(before.fen)
        lines.append(Line(step.label, step.article, _points(running) - _points(before), sum_step))
    return tuple(lines)


def _points(amount: Amount) -> Decimal:
    return from_hundredths(hundredths(amount.points))


def _plain(percentage: Decimal) -> str:
    """Write 10 for 10, 10.0 and 10.00."""
    return f"{percentage.normalize():f}"
