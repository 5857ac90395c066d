"""What is wrong with an input, field by field, in words a person can act on. Both doors, pages and API, say the same.

A field inside a list is named with its place counted from 0: `penalties.0.points`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

LABELS = {
    "subject": "投诉事项",
    "channel": "来源渠道",
    "occurred_at": "发生时间",
    "unit": "责任单位",
    "narrative": "情况经过",
    "respondents": "被投诉人",
    "respondent": "被投诉人",
    "complainant": "投诉人",
    "phone": "联系电话",
    "email": "邮箱",
    "circumstances": "情形",
    "external_id": "来源编号",
    "finding": "核实结论",
    "text": "说明",
    "no_evidence_reason": "没有证据的原因",
    "lead": "主案编号",
    "charges": "指控项",
    "charge": "指控项",
    "clause": "条款",
    "share": "责任比例",
    "adjustments": "加重或从轻情形",
    "penalties": "处罚项",
    "penalty": "处罚项",
    "points": "扣分",
    "yuan": "扣款",
    "how": "方式",
    "served_at": "送达时间",
    "handed_in_at": "收到时间",
    "officer": "经办人",
    "version": "版本",
    "plan": "整改做法",
    "target": "目标值",
    "due_on": "完成期限",
    "note": "说明",
    "number": "工单编号",
    "complaints": "投诉列表",
    "state": "状态",
    "updated_since": "更新时间的起点",
    "cursor": "翻页位置",
    "limit": "每页条数",
    "Idempotency-Key": "请求的唯一编号（Idempotency-Key 头）",
}

SENTENCES = {
    "missing": "请填写{label}。",
    "string_too_short": "{label}至少 {min_length} 个字，请补充。",
    "string_too_long": "{label}最多 {max_length} 个字，请缩短。",
    "string_pattern_mismatch": "{label}的写法不对，请按说明更正。",
    "too_short": "{label}至少要有 {min_length} 项，请补充。",
    "too_long": "{label}最多 {max_length} 项，请分次提交。",
    "literal_error": "{label}只能是 {expected} 之一，请重新选择。",
    "extra_forbidden": "没有“{label}”这个字段，请删去或更正字段名。",
    "greater_than_equal": "{label}不能小于 {ge}，请更正。",
    "less_than_equal": "{label}不能大于 {le}，请更正。",
    "decimal_max_places": "{label}最多 {decimal_places} 位小数，请更正。",
    "decimal_max_digits": "{label}的位数太多，请更正。",
    "decimal_whole_digits": "{label}的位数太多，请更正。",
    "timezone_aware": "{label}要带时区，例如 2026-11-23T09:30:00+08:00。",
    "json_invalid": "内容不是正确的 JSON，请检查第 {field} 个字符附近。",
}
KINDS = (
    ("datetime", "{label}不是正确的时间，请写成 2026-11-23T09:30:00+08:00 的样子。"),
    ("date", "{label}不是正确的日期，请写成 2026-11-23 的样子。"),
    ("int", "{label}要填整数，请更正。"),
    ("decimal", "{label}要填数字，请更正。"),
    ("finite", "{label}要填数字，请更正。"),
    ("bool", "{label}只能填是或否（true 或 false），请更正。"),
    ("tuple", "{label}要是一个列表，请更正。"),
    ("list", "{label}要是一个列表，请更正。"),
    ("string", "{label}要是一段文字，请更正。"),
    ("model", "{label}要是一组字段，请更正。"),
)
OTHERWISE = "{label}的内容不对，请按说明更正后重新提交。"


def mistakes(
    details: Iterable[Mapping[str, Any]], *, outer: int = 0, own: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return field → sentence for pydantic's findings; `outer` parts of each place are the door's own.

    `own` are labels that a form has in place of the usual ones.
    """
    labels = {**LABELS, **(own or {})}
    found: dict[str, str] = {}
    for detail in details:
        place = [str(part) for part in detail["loc"][outer:]]
        found.setdefault(".".join(place), sentence(detail, place, labels))
    return found


def sentence(detail: Mapping[str, Any], place: list[str], labels: Mapping[str, str]) -> str:
    """Say what is wrong with one field and what to do."""
    field = next((part for part in reversed(place) if not part.isdigit()), "")
    label = labels.get(field, field or "内容")
    context = dict(detail.get("ctx") or {})
    if "expected" in context:
        context["expected"] = (
            str(context["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
        )
    kind = str(detail["type"])
    if kind == "value_error":
        return str(context["error"])
    if kind == "greater_than_equal" and field.endswith("_at"):
        return f"{label}不能早于 {str(context['ge'])[:10]}，请更正。"
    pattern = SENTENCES.get(kind) or next(
        (text for start, text in KINDS if kind.startswith(start)), OTHERWISE
    )
    return pattern.format(label=label, field=place[-1] if place else "", **context)
