"""What is wrong with an assessment scheme that could be loaded: weights, references, scorings, grades, metrics.

Findings name file and line. Nothing is refused here; `library.publish` refuses what has an error.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from svcqa.rulebook.checking import Finding, early_days, repeated
from svcqa.rulebook.model import Named
from svcqa.rulebook.scheme import SCHEME, Extra, Indicator, Known, Scheme, Scoring, Step

WHOLE = Decimal(100)


def check_scheme(scheme: Scheme, *, metrics: Mapping[str, Known] | None = None) -> list[Finding]:
    """Return all findings in the order of the file; `metrics`, if given, are those that may be named."""
    found = list(early_days(scheme))
    for part in PARTS:
        found += (_error(scheme, sentence, *place) for sentence, place in part(scheme))
    if metrics is not None:
        found += (_error(scheme, sentence, *place) for sentence, place in _metrics(scheme, metrics))
    return sorted(found)


Said = Iterator[tuple[str, tuple[str | int, ...]]]


def _error(scheme: Scheme, sentence: str, *place: str | int) -> Finding:
    return Finding(*scheme.place(SCHEME, *place), sentence, "error")


def _ids(scheme: Scheme) -> Said:
    lists: dict[str, Iterable[Named]] = {
        "groups": scheme.groups,
        "indicators": scheme.indicators,
        "deductions": scheme.deductions,
        "bonuses": scheme.bonuses,
    }
    for part, items in lists.items():
        for number, name in repeated(item.id for item in items):
            yield f"编号 {name} 重复。请改成没有用过的编号。", (part, number, "id")
    for number, name in repeated(grade.id for grade in scheme.grading.grades):
        yield f"等级 {name} 重复。请只留一行。", ("grading", "grades", number, "id")


def _weights(scheme: Scheme) -> Said:
    total = sum((each.weight for each in scheme.indicators), Decimal(0))
    if total != WHOLE:
        yield f"各指标权重合计 {total}，不是 100。请调整 weight。", ("indicators",)
    for number, indicator in enumerate(scheme.indicators):
        if not indicator.weight or _too_fine(indicator.weight):
            sentence = "权重应大于 0，最多两位小数。请改写，或删去这个指标。"
            yield f"指标 {indicator.id}：{sentence}", ("indicators", number, "weight")


def _groups(scheme: Scheme) -> Said:
    known = [group.id for group in scheme.groups]
    used = {indicator.group for indicator in scheme.indicators}
    for number, indicator in enumerate(scheme.indicators):
        if indicator.group not in known:
            sentence = f"没有考核项目 {indicator.group}。请改为 {'、'.join(known)} 之一。"
            yield sentence, ("indicators", number, "group")
    for number, name in enumerate(known):
        if name not in used:
            yield f"考核项目 {name} 下没有指标。请补上指标，或删去这个项目。", ("groups", number)


def _scorings(scheme: Scheme) -> Said:
    for number, indicator in enumerate(scheme.indicators):
        for sentence in _scoring(indicator.scoring):
            yield f"指标 {indicator.id}：{sentence}", ("indicators", number, "scoring")


def _scoring(scoring: Scoring) -> Iterator[str]:
    ways = (scoring.linear is not None) + bool(scoring.steps) + (scoring.per_event is not None)
    if ways != 1:
        yield "计分请在 linear、steps、per_event 三种写法中只用一种。"
    if scoring.linear is not None and scoring.linear.floor == scoring.linear.full:
        yield "floor 与 full 相同，不能计分。请改写其中一个。"
    if any((step.at_least is None) == (step.at_most is None) for step in scoring.steps):
        yield "每一级请在 at_least 与 at_most 中只写一个。"
    elif any(not _falling(better, worse) for better, worse in pairwise(scoring.steps)):
        yield "各级请用同一种写法，从好到差排列，分数逐级降低。"
    if any(_too_fine(step.points) for step in scoring.steps) or _too_fine(scoring.per_event or WHOLE):
        yield "分数最多写两位小数。请四舍五入后填写。"


def _falling(better: Step, worse: Step) -> bool:
    if better.at_least is not None and worse.at_least is not None:
        return better.at_least > worse.at_least and better.points > worse.points
    if better.at_most is not None and worse.at_most is not None:
        return better.at_most < worse.at_most and better.points > worse.points
    return False


def _extras(scheme: Scheme) -> Said:
    for part, extras in (("deductions", scheme.deductions), ("bonuses", scheme.bonuses)):
        for number, extra in enumerate(extras):
            if _too_fine(extra.each) or _too_fine(extra.cap):
                yield f"{extra.label}：分数最多写两位小数。请四舍五入后填写。", (part, number)


def _grades(scheme: Scheme) -> Said:
    grades = scheme.grading.grades
    if not grades or grades[-1].at_least != 0:
        yield "最后一个等级应从 0 分起，使每个人都有等级。请补上。", ("grading", "grades")
    for number, (better, worse) in enumerate(pairwise(grades), start=1):
        if better.at_least <= worse.at_least:
            sentence = f"等级 {worse.id} 的分数线不低于 {better.id}。请从高到低排列。"
            yield sentence, ("grading", "grades", number, "at_least")
    known = [grade.id for grade in grades]
    for number, veto in enumerate(scheme.vetoes):
        if veto.grade not in known:
            yield f"没有等级 {veto.grade}。请改为 {'、'.join(known)} 之一。", ("vetoes", number, "grade")


def _rating(scheme: Scheme) -> Said:
    if scheme.rating is None:
        return
    for number, name in repeated(each.id for each in scheme.rating.directions):
        yield f"评分角度 {name} 写了两次。请只留一行。", ("rating", "directions", number)
    if not any(each.weight for each in scheme.rating.directions):
        yield "评分角度的权重都是 0。请至少给一个角度写上权重。", ("rating", "directions")
    for number, direction in enumerate(scheme.rating.directions):
        if direction.sample and direction.sample < direction.minimum:
            sentence = f"{direction.label}：抽取的评分人少于起算人数 {direction.minimum}。请调整。"
            yield sentence, ("rating", "directions", number)
    for number, name in repeated(each.id for each in scheme.rating.items):
        yield f"评分题目 {name} 重复。请改成没有用过的编号。", ("rating", "items", number, "id")
    if len({len(item.anchors) for item in scheme.rating.items}) != 1:
        yield "各题的评分档数不同，或者没有题目。请让每题的 anchors 一样多。", ("rating", "items")


def _metrics(scheme: Scheme, metrics: Mapping[str, Known]) -> Said:
    for number, indicator in enumerate(scheme.indicators):
        for sentence, field in _metric(indicator, metrics):
            yield f"指标 {indicator.id}：{sentence}", ("indicators", number, field)
        known = metrics.get(indicator.metric, Known())
        if known.targets != bool(indicator.targets):
            sentence = "需要写明目标小时数 targets" if known.targets else "用不到 targets"
            yield f"指标 {indicator.id}：{indicator.metric} {sentence}。请改正。", ("indicators", number)
        if indicator.small_sample == "shrink" and not known.shrinks:
            sentence = (
                f"指标 {indicator.id}：{indicator.metric} 不是抽样得来的，不能向均值收缩。请改为 mark。"
            )
            yield sentence, ("indicators", number, "small_sample")
    for part, extras in (("deductions", scheme.deductions), ("bonuses", scheme.bonuses)):
        for number, extra in enumerate(extras):
            for sentence, field in _metric(extra, metrics):
                yield f"{extra.label}：{sentence}", (part, number, field)


def _metric(named: Indicator | Extra, metrics: Mapping[str, Known]) -> Iterator[tuple[str, str]]:
    if named.metric not in metrics:
        yield f"没有算法 {named.metric}。请改为 {'、'.join(sorted(metrics))} 之一。", "metric"
        return
    of = metrics[named.metric].of
    if of and named.of not in of:
        yield f"{named.metric} 要写明 of，可选 {'、'.join(of)}。请改正。", "of"
    if not of and named.of is not None:
        yield f"{named.metric} 用不到 of。请删去。", "of"


def _too_fine(points: Decimal) -> bool:
    return points != round(points, 2)


PARTS = (_ids, _weights, _groups, _scorings, _extras, _grades, _rating)
