"""What an assessment scheme says, in words, subject by subject: two versions are compared by it. Judges nothing."""

from collections.abc import Iterator
from decimal import Decimal

from svcqa.rulebook.scheme import (
    BANDS,
    CADENCES,
    NATURES,
    Extra,
    Indicator,
    RatingForm,
    Scheme,
    Scoring,
    SurveyForm,
    Target,
)

Said = dict[str, str]


def said(scheme: Scheme) -> Iterator[tuple[str, Said]]:
    """Yield each subject of a scheme with its fields in words, in the order of the file."""
    yield "考核办法", {"周期": "、".join(CADENCES[each] for each in scheme.cadences)}
    for group in scheme.groups:
        yield f"考核项目 {group.id}", {"名称": group.label, "内容": group.text, "出处": group.article}
    for indicator in scheme.indicators:
        yield f"指标 {indicator.id}", _indicator(indicator)
    for kind, extras in (("扣分", scheme.deductions), ("加分", scheme.bonuses)):
        for extra in extras:
            yield f"{kind} {extra.id}", _extra(extra)
    for veto in scheme.vetoes:
        yield (
            f"一票否决 {veto.complaint_class}",
            {"名称": veto.label, "最高等级": veto.grade, "出处": veto.article, "示例": _yes(veto.example)},
        )
    yield from _grading(scheme)
    yield "阶段期限", _deadlines(scheme)
    if scheme.rating:
        yield from _rating(scheme.rating)
    if scheme.survey:
        yield "客户问卷", _survey(scheme.survey)


def _indicator(indicator: Indicator) -> Said:
    return {
        "名称": indicator.label,
        "内容": indicator.text,
        "出处": indicator.article,
        "考核项目": indicator.group,
        "权重": f"{_number(indicator.weight)}%",
        "性质": NATURES[indicator.nature],
        "算法": " ".join(filter(None, (indicator.metric, indicator.of))),
        "目标": "；".join(_target(each) for each in indicator.targets) or "无",
        "计分": _scoring(indicator.scoring),
        "最小样本": str(indicator.minimum_sample),
        "小样本": "向单位均值收缩" if indicator.small_sample == "shrink" else "标明",
        "示例": _yes(indicator.example),
    }


def _target(target: Target) -> str:
    when = [BANDS[target.band]] if target.band else []
    when += [f"紧急程度 {target.urgency}"] if target.urgency is not None else []
    return f"{'、'.join(when) or '其他'} {_number(target.hours)} 小时"


def _scoring(scoring: Scoring) -> str:
    if scoring.linear:
        return f"{_number(scoring.linear.floor)} 得 0 分，{_number(scoring.linear.full)} 得满分"
    if scoring.per_event is not None:
        return f"每次扣 {_number(scoring.per_event)} 分"
    return "；".join(
        f"不超过 {_number(step.at_most)} 得 {_number(step.points)} 分"
        if step.at_most is not None
        else f"达到 {_number(step.at_least or Decimal(0))} 得 {_number(step.points)} 分"
        for step in scoring.steps
    )


def _extra(extra: Extra) -> Said:
    return {
        "名称": extra.label,
        "出处": extra.article,
        "算法": " ".join(filter(None, (extra.metric, extra.of))),
        "每单位": f"{_number(extra.each)} 分",
        "上限": f"{_number(extra.cap)} 分",
        "示例": _yes(extra.example),
    }


def _grading(scheme: Scheme) -> Iterator[tuple[str, Said]]:
    grading, ranking = scheme.grading, scheme.ranking
    for grade in grading.grades:
        yield f"等级 {grade.id}", {"名称": grade.label, "总分": f"{_number(grade.at_least)} 分以上"}
    covered = f"{_number(grading.coverage_percent)}%"
    yield "等级", {"最少依据": covered, "出处": grading.article, "示例": _yes(grading.example)}
    yield "排名", {"并列": ranking.text, "标线": "、".join(f"第 {line} 名" for line in ranking.lines)}


def _deadlines(scheme: Scheme) -> Said:
    deadlines = scheme.deadlines
    return {
        "采集": deadlines.collect.label,
        "确认": deadlines.confirm.label,
        "申诉": deadlines.appeal.label,
        "改进": deadlines.improve.label,
        "催办": f"用去 {_number(deadlines.remind_percent)}% 时",
        "出处": deadlines.article,
        "示例": _yes(deadlines.example),
    }


def _rating(form: RatingForm) -> Iterator[tuple[str, Said]]:
    yield "评分表", {"出处": form.article, "示例": _yes(form.example)}
    for each in form.directions:
        drawn = f"抽 {each.sample} 人" if each.sample else "全部"
        words = {"名称": each.label, "权重": f"{_number(each.weight)}%", "评分人": drawn}
        yield f"评分角度 {each.id}", words | {"最少人数": str(each.minimum)}
    for item in form.items:
        scale = "；".join(item.anchors)
        yield f"评分题 {item.id}", {"名称": item.label, "内容": item.text, "尺度": scale}


def _survey(form: SurveyForm) -> Said:
    return {
        "抽样": f"{_number(form.sample_percent)}%",
        "有效期": form.expires.label,
        "满意度题": form.satisfaction,
        "解决题": form.solved,
        "低于几分须写意见": str(form.comment_below),
        "出处": form.article,
        "示例": _yes(form.example),
    }


def _yes(truth: bool) -> str:  # noqa: FBT001 - a value to be written, no switch
    return "是" if truth else "否"


def _number(value: Decimal) -> str:
    """Write 2, 2.0 and 2.00 alike: they say the same."""
    return f"{value.normalize():f}"
