"""What changed between two versions of a document, in words: classes, clauses, sums, terms, weights, days.

Compares what the versions say, not how their files are written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from svcqa.kernel.calendar import Term
from svcqa.kernel.errors import Invalid
from svcqa.kernel.money import yuan_text
from svcqa.rulebook import scheme_said
from svcqa.rulebook.loading import Parts
from svcqa.rulebook.model import DEDUCTIONS, Adjustment, Clause, Regulation, Sourced
from svcqa.rulebook.scheme import Scheme
from svcqa.rulebook.scheme_said import Said

MONTHS = {"final": "处罚最终确定的当月", "decision": "作出处罚的当月，改判后退还"}
STATUS = {"trial": "试行", "final": "正式"}
WEIGHTS = {"aggravating": "加重", "mitigating": "从轻"}
TOLD = {"officer": "经办人", "unit_head": "单位负责人", "leading_group": "优质服务领导小组"}


@dataclass(frozen=True)
class Difference:
    """One change: what it is about, the field (empty when all of it came or went), and both readings."""

    kind: Literal["added", "removed", "changed"]
    subject: str
    field: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The change as people read it."""
        if self.kind == "changed":
            return f"{self.subject}：{self.field}由“{self.before}”改为“{self.after}”"
        return f"{'新增' if self.kind == 'added' else '删除'}{self.subject}"


def diff_folders(old: Parts, new: Parts) -> list[Difference]:
    """Return the changes between two folders; raises Invalid where they hold different kinds of rules."""
    if (old.regulation is None, old.scheme is None) != (new.regulation is None, new.scheme is None):
        raise Invalid(
            "folder", "两个文件夹的内容不同类：一个是办理规则，一个是考核办法。请选同一文件的两个版本。"
        )
    pairs: list[tuple[Sourced | None, Sourced | None]] = [
        (old.regulation, new.regulation),
        (old.scheme, new.scheme),
    ]
    found = [change for was, now in pairs if was and now for change in diff(was, now)]
    return list(dict.fromkeys(found))  # what both parts carry is said once


def diff(old: Sourced, new: Sourced) -> list[Difference]:
    """Return the changes from `old` to `new` in the order of the files; equal readings give an empty list."""
    before, after = dict(_said(old)), dict(_said(new))
    changes: list[Difference] = []
    for subject in [*before, *(each for each in after if each not in before)]:
        if subject not in after:
            changes.append(Difference("removed", subject, "", _whole(before[subject]), ""))
        elif subject not in before:
            changes.append(Difference("added", subject, "", "", _whole(after[subject])))
        else:
            changes.extend(_changed(subject, before[subject], after[subject]))
    return changes


def _changed(subject: str, before: Said, after: Said) -> Iterator[Difference]:
    for field in [*before, *(each for each in after if each not in before)]:
        was, now = before.get(field, "无"), after.get(field, "无")
        if was != now:
            yield Difference("changed", subject, field, was, now)


def _whole(said: Said) -> str:
    return "；".join(f"{field} {value}" for field, value in said.items())


def _said(part: Sourced) -> Iterator[tuple[str, Said]]:
    yield "文件", _document(part)
    if isinstance(part, Regulation):
        yield from _rules_of_cases(part)
    if isinstance(part, Scheme):
        yield from scheme_said.said(part)


def _rules_of_cases(regulation: Regulation) -> Iterator[tuple[str, Said]]:
    for each in regulation.classes:
        yield f"类别 {each.id}", {"名称": each.label, "出处": each.article}
    for clause in regulation.clauses:
        yield f"条款 {clause.id}", _clause(clause)
    for adjustment in regulation.adjustments:
        yield f"情节 {adjustment.id}", _adjustment(adjustment)
    for channel in regulation.channels:
        yield f"来源渠道 {channel.id}", {"名称": channel.label, "出处": channel.article}
    for deadline in regulation.deadlines:
        said = {
            "下一步": f"{deadline.label}（{deadline.step}）",
            "期限": deadline.term.label,
            "出处": deadline.article,
        }
        yield f"时限 {deadline.state}", said
    yield "听取陈述", {"期限": regulation.hearing.term.label, "出处": regulation.hearing.article}
    yield "申诉期", {"期限": regulation.appeal_window.term.label, "出处": regulation.appeal_window.article}
    yield from _replies(regulation)
    yield "督办", {TOLD[step.to]: _after(step.after) for step in regulation.escalation}
    yield "办理规则", _rules(regulation)


def _document(part: Sourced) -> Said:
    document = part.document
    return {
        "标题": document.title,
        "性质": STATUS[document.status],
        "制定": document.issued_by,
        "通过日期": document.adopted_on.isoformat(),
        "公布日期": document.published_on.isoformat(),
        "生效日期": document.effective_on.isoformat(),
        "适用地区": document.jurisdiction,
        "废止": "；".join(document.supersedes),
    }


def _clause(clause: Clause) -> Said:
    tariff = clause.tariff
    points, deduction = tariff.points, tariff.deduction
    return {
        "类别": clause.class_id,
        "名称": clause.title,
        "内容": clause.text,
        "出处": clause.article,
        "扣分": f"{_number(points.minimum)} 至 {_number(points.maximum)} 分，"
        f"默认 {_number(points.default)} 分",
        "扣款种类": DEDUCTIONS[deduction.kind],
        "扣款": f"{yuan_text(deduction.min_fen)} 至 {yuan_text(deduction.max_fen)} 元，"
        f"默认 {yuan_text(deduction.default_fen)} 元",
        "连带责任": f"{_number(tariff.joint_liability)}%",
        "单位扣分": f"{_number(tariff.unit_points)} 分",
        "示例": "是" if tariff.example else "否",
    }


def _adjustment(adjustment: Adjustment) -> Said:
    said = {
        "种类": WEIGHTS[adjustment.kind],
        "名称": adjustment.label,
        "出处": adjustment.article,
        "不适用": "、".join(adjustment.except_for),
    }
    if adjustment.percent is not None:
        said["比例"] = f"{_number(adjustment.percent)}%"
    if adjustment.points is not None:
        said["扣分"] = f"{_number(adjustment.points)} 分"
    if adjustment.fen is not None:
        said["扣款"] = f"{yuan_text(adjustment.fen)} 元"
    if adjustment.within is not None:
        said["追溯"] = adjustment.within.label
    return said


def _replies(regulation: Regulation) -> Iterator[tuple[str, Said]]:
    customer, superior = regulation.customer_reply, regulation.superior_reply
    yield (
        "答复客户",
        {
            "期限": customer.term.label,
            "提前提醒": "、".join(f"{days} 天" for days in customer.alarms_days_before),
            "适用渠道": "、".join(customer.channels),
            "出处": customer.article,
        },
    )
    yield (
        "答复上级",
        {"期限": superior.term.label, "适用渠道": "、".join(superior.channels), "出处": superior.article},
    )


def _rules(regulation: Regulation) -> Said:
    limits = regulation.limits
    return {
        "越级投诉条款": regulation.escalated_clause,
        "预警": f"用去 {_number(regulation.warn_percent)}% 时",
        "重启": f"{limits.reopen_count} 次，办结后 {limits.reopen_within.label}内",
        "每一步退回": f"{limits.returns_per_step} 次",
        "发回重审": f"{limits.remands_per_charge} 次",
        "扣款月份": MONTHS[regulation.deduction_month],
    }


def _after(term: Term | None) -> str:
    return f"逾期 {term.label}后" if term else "到期时"


def _number(value: Decimal) -> str:
    """Write 2, 2.0 and 2.00 alike: they say the same."""
    return f"{value.normalize():f}"
