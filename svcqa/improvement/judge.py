"""Did a measure help? Pure: what was measured before and after, at the subject and elsewhere, becomes a verdict.

A bad value that was picked because it was bad gets better by itself; that is never called success.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import floor, sqrt
from statistics import harmonic_mean
from typing import Any, Literal

from svcqa.statistics.expectation import Expectation, by_own_trend, by_same_change, by_same_start

LEAST_SAMPLE = 20
"""So many observations before and after, or a value says too little."""
LEAST_COMPARED = 5
LEAST_HISTORY = 8
COMPARABLE = 2
"""A comparison unit's sample is at most so many times larger or smaller: small samples fall back further."""

Verdict = Literal["effective", "not_effective", "not_enough_data"]
Method = Literal["same_start", "same_change", "own_trend", ""]
Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class Cell:
    """One period of one subject: how many observations, and their sum in hundredths of the metric's unit."""

    n: int
    total: int

    @property
    def value(self) -> float:
        """The mean in hundredths; a count per observation is a mean too."""
        return self.total / self.n


@dataclass(frozen=True)
class Pair:
    """A subject before the measure and in the window after it."""

    before: Cell
    after: Cell

    @property
    def sampled(self) -> bool:
        """Whether both periods have enough observations."""
        return min(self.before.n, self.after.n) >= LEAST_SAMPLE


@dataclass(frozen=True)
class Series:
    """What a measure is judged by. `history` are the subject's periods in order, the one before included."""

    subject: Pair
    comparison: tuple[Pair, ...]
    better: Better
    history: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """A verdict with its figures in hundredths; `gain` is how much better than expected, `low` to `high` its 95 %."""

    verdict: Verdict
    sentence: str
    method: Method = ""
    compared: int = 0
    n_before: int = 0
    n_after: int = 0
    before: int | None = None
    after: int | None = None
    expected: int | None = None
    gain: int | None = None
    low: int | None = None
    high: int | None = None
    target: int | None = None

    def as_plain(self) -> dict[str, Any]:
        """Return the judgement as JSON carries it."""
        return asdict(self)


def judge(
    series: Series | None, *, baseline: int | None, target: int | None, chosen: bool = True
) -> Judgement:
    """Judge a measure; baseline and target in hundredths.

    `chosen`: the subject was picked because its value was bad, as after a C grade.
    """
    if series is None:
        return _short(None, "这项指标没有可以与措施之前对照的数据，无法判断是否有效。")
    if not series.subject.sampled:
        return _short(series, f"措施前后各需至少 {LEAST_SAMPLE} 项数据，现有数据不足以判断。")
    pairs = _comparable(series)
    method = _method(series, pairs, chosen=chosen)
    if not method:
        few = f"样本量相近的可比对象只有 {len(pairs)} 个，少于 {LEAST_COMPARED} 个"
        return _short(series, f"{few}，分不清是措施的效果还是自然回升。")
    found = _measured(series, _expected(method, series, pairs))
    compared = len(series.history) if method == "own_trend" else len(pairs)
    needed = _needed(series, baseline, target)
    verdict = _verdict(found, needed)
    found = replace(found, verdict=verdict, method=method, compared=compared, target=target)
    return replace(found, sentence=_sentence(found, series.better, needed))


def _comparable(series: Series) -> list[Pair]:
    """Return the comparison units with samples of about the subject's size."""
    own = series.subject.before.n
    return [
        pair
        for pair in series.comparison
        if pair.sampled and own <= COMPARABLE * pair.before.n and pair.before.n <= COMPARABLE * own
    ]


def _method(series: Series, pairs: Sequence[Pair], *, chosen: bool) -> Method:
    if len(pairs) >= LEAST_COMPARED:
        return "same_start" if chosen else "same_change"
    if not chosen and len(series.history) >= LEAST_HISTORY and all(c.n for c in series.history):
        return "own_trend"
    return ""


def _expected(method: Method, series: Series, pairs: Sequence[Pair]) -> Expectation:
    if method == "own_trend":
        return by_own_trend([cell.value for cell in series.history])
    before, after = [pair.before.value for pair in pairs], [pair.after.value for pair in pairs]
    expect = by_same_start if method == "same_start" else by_same_change
    found = expect(before, after, start=series.subject.before.value)
    # A value of fewer observations scatters more than those it is compared with, by the root at most.
    usual = harmonic_mean([pair.before.n for pair in pairs])
    return replace(found, half_width=found.half_width * sqrt(max(1, usual / series.subject.before.n)))


def _measured(series: Series, expected: Expectation) -> Judgement:
    """Return the figures, rounded; the verdict is read from them and not from what stood before rounding."""
    subject, sign = series.subject, 1 if series.better == "higher" else -1
    gain = sign * (subject.after.value - expected.value)
    return Judgement(
        verdict="not_enough_data",
        sentence="",
        n_before=subject.before.n,
        n_after=subject.after.n,
        before=_rounded(subject.before.value),
        after=_rounded(subject.after.value),
        expected=_rounded(expected.value),
        gain=_rounded(gain),
        low=_rounded(gain - expected.half_width),
        high=_rounded(gain + expected.half_width),
    )


def _needed(series: Series, baseline: int | None, target: int | None) -> int:
    """Return the gain that the target asks for; 0 when it was reached from the start or is not known."""
    if target is None:
        return 0
    start = _rounded(series.subject.before.value) if baseline is None else baseline
    return max(0, target - start if series.better == "higher" else start - target)


def _verdict(found: Judgement, needed: int) -> Verdict:
    """Effective: better beyond chance. Not effective: the gain asked for is ruled out. Else nobody can tell."""
    if found.low is not None and found.low > 0:
        return "effective"
    if found.high is not None and (found.high < needed or found.high <= 0):
        return "not_effective"
    return "not_enough_data"


def _short(series: Series | None, why: str) -> Judgement:
    subject = series.subject if series else None
    return Judgement(
        verdict="not_enough_data",
        sentence=f"数据不足：{why}",
        n_before=subject.before.n if subject else 0,
        n_after=subject.after.n if subject else 0,
    )


def _sentence(found: Judgement, better: Better, needed: int) -> str:
    basis = {
        "same_start": f"起点相同的可比对象（共 {found.compared} 个，已计入自然回升）",
        "same_change": f"{found.compared} 个可比对象的同期变化",
        "own_trend": f"自身此前 {found.compared} 期的趋势",
    }[found.method]
    gain = _said(found.gain) if (found.gain or 0) >= 0 else f"负 {_said(-(found.gain or 0))}"
    figures = (
        f"实际为 {_said(found.after)}，按{basis}预计为 {_said(found.expected)}，"
        f"改善 {gain}（95% 区间 {_said(found.low)} 至 {_said(found.high)}）"
    )
    if found.verdict == "effective":
        return f"有效：{figures}，超出偶然波动。{_reached(found, better)}"
    if found.verdict == "not_effective":
        return f"无效：{figures}，可以排除达到目标所需的改善 {_said(needed)}。"
    return f"数据不足：{figures}，既不能确认有改善，也不能排除达到目标所需的改善 {_said(needed)}。"


def _reached(found: Judgement, better: Better) -> str:
    if found.target is None or found.after is None:
        return ""
    reached = found.after >= found.target if better == "higher" else found.after <= found.target
    return f"{'已达到' if reached else '尚未达到'}目标值 {_said(found.target)}。"


def _said(hundredths: int | None) -> str:
    value = hundredths or 0
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"


def _rounded(value: float) -> int:
    """Round half up; what is kept is an integer."""
    return floor(value + 0.5)
