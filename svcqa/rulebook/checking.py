"""What is wrong with a regulation that could be loaded: references, gaps, overlaps, tariffs, days, deadlines.

Findings name file and line. Nothing is refused here; `library.publish` refuses what has an error.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from svcqa.rulebook.model import (
    CASEWORK,
    DOCUMENT,
    Adjustment,
    Clause,
    ComplaintClass,
    Named,
    Regulation,
    Sourced,
)

Severity = Literal["error", "warning"]

# Measures for the appeals of telecommunications users (MIIT order 35, 2016), article 10.
LAWFUL_REPLY_DAYS = 15


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend: where it is written, what it is and how to mend it."""

    file: str
    line: int
    sentence: str
    severity: Severity


def check(regulation: Regulation, *, states: Collection[str] = ()) -> list[Finding]:
    """Return all findings in the order of the files; `states`, if given, are those that need a deadline."""
    findings = [finding for part in PARTS for finding in part(regulation)]
    if states:
        findings += _states(regulation, states)
    return sorted(findings)


def _error(regulation: Regulation, sentence: str, *place: str | int) -> Finding:
    return Finding(*regulation.place(CASEWORK, *place), sentence, "error")


def early_days(sourced: Sourced) -> Iterator[Finding]:
    """Find days of the document that come before the day they follow."""
    document = sourced.document
    if document.published_on < document.adopted_on:
        sentence = "公布日期早于通过日期。请核对这两个日期。"
        yield Finding(*sourced.place(DOCUMENT, "published_on"), sentence, "error")
    if document.effective_on < document.published_on:
        sentence = "生效日期早于公布日期，制度不能溯及既往。请改到公布当日或以后。"
        yield Finding(*sourced.place(DOCUMENT, "effective_on"), sentence, "error")


def _ids(regulation: Regulation) -> Iterator[Finding]:
    parts: dict[str, Iterable[Named]] = {
        "classes": regulation.classes,
        "clauses": regulation.clauses,
        "adjustments": regulation.adjustments,
        "channels": regulation.channels,
    }
    for part, items in parts.items():
        for number, name in repeated(item.id for item in items):
            yield _error(regulation, f"编号 {name} 重复。请改成没有用过的编号。", part, number, "id")


def _classes(regulation: Regulation) -> Iterator[Finding]:
    known = [each.id for each in regulation.classes]
    used = {clause.class_id for clause in regulation.clauses}
    for number, name in enumerate(known):
        if name not in used:
            sentence = f"类别 {name} 下没有条款。请补上条款，或删去这个类别。"
            yield _error(regulation, sentence, "classes", number)
    for number, clause in enumerate(regulation.clauses):
        if clause.class_id not in known:
            sentence = f"条款 {clause.id} 的类别 {clause.class_id} 没有定义。请改为 {'、'.join(known)} 之一。"
            yield _error(regulation, sentence, "clauses", number, "class")


def _overlaps(regulation: Regulation) -> Iterator[Finding]:
    for number, article in repeated(clause.article for clause in regulation.clauses):
        sentence = f"{article} 前面已有条款引用。请核对出处，同一处只列一次。"
        yield _error(regulation, sentence, "clauses", number, "article")
    for graver, milder in pairwise(regulation.classes):
        yield from _heavier_than(graver, milder, regulation)


def _heavier_than(
    graver: ComplaintClass, milder: ComplaintClass, regulation: Regulation
) -> Iterator[Finding]:
    defaults = [_default(clause) for clause in regulation.clauses if clause.class_id == graver.id]
    for number, clause in enumerate(regulation.clauses):
        if clause.class_id == milder.id and any(_default(clause) > default for default in defaults):
            sentence = f"条款 {clause.id} 的默认扣分高于更重的类别 {graver.id} 中的条款。请确认轻重次序。"
            place = regulation.place(CASEWORK, "clauses", number, "tariff", "points")
            yield Finding(*place, sentence, "warning")


def _default(clause: Clause) -> Decimal:
    return clause.tariff.points.default


def _tariffs(regulation: Regulation) -> Iterator[Finding]:
    for number, clause in enumerate(regulation.clauses):
        for field, sentence in _tariff(clause):
            yield _error(regulation, f"条款 {clause.id}：{sentence}", "clauses", number, "tariff", field)


def _tariff(clause: Clause) -> Iterator[tuple[str, str]]:
    points, deduction = clause.tariff.points, clause.tariff.deduction
    if not points.minimum <= points.default <= points.maximum:
        yield "points", "扣分应满足 min ≤ default ≤ max。请调整这三个数。"
    if any(_too_fine(value) for value in (points.minimum, points.default, points.maximum)):
        yield "points", "扣分最多写两位小数。请四舍五入后填写。"
    if _too_fine(clause.tariff.unit_points):
        yield "unit_points", "单位扣分最多写两位小数。请四舍五入后填写。"
    if not deduction.min_fen <= deduction.default_fen <= deduction.max_fen:
        yield "deduction", "扣款应满足 min ≤ default ≤ max。请调整这三个数。"
    if (deduction.kind == "none") != (deduction.max_fen == 0):
        yield "deduction", "扣款种类与金额不一致。不扣款时请把 kind 写成 none，三个金额都写 0。"


def _too_fine(points: Decimal) -> bool:
    return points != round(points, 2)


def _adjustments(regulation: Regulation) -> Iterator[Finding]:
    clauses = {clause.id for clause in regulation.clauses}
    for number, adjustment in enumerate(regulation.adjustments):
        if not _one_measure(adjustment):
            sentence = f"{adjustment.label}：请在 percent 与 points、yuan 两种写法中只用一种。"
            yield _error(regulation, sentence, "adjustments", number)
        for name in adjustment.except_for:
            if name not in clauses:
                sentence = f"{adjustment.label}：没有条款 {name}。请改为已有的条款编号。"
                yield _error(regulation, sentence, "adjustments", number, "except_for")


def _one_measure(adjustment: Adjustment) -> bool:
    fixed = adjustment.points is not None or adjustment.fen is not None
    return fixed != (adjustment.percent is not None)


def _references(regulation: Regulation) -> Iterator[Finding]:
    if regulation.escalated_clause not in {clause.id for clause in regulation.clauses}:
        sentence = f"没有条款 {regulation.escalated_clause}。请改为已有的条款编号。"
        yield _error(regulation, sentence, "escalated_clause")
    known = [channel.id for channel in regulation.channels]
    for part, reply in (
        ("customer_reply", regulation.customer_reply),
        ("superior_reply", regulation.superior_reply),
    ):
        for name in reply.channels:
            if name not in known:
                sentence = f"没有来源渠道 {name}。请改为 {'、'.join(known)} 之一。"
                yield _error(regulation, sentence, part, "channels")


def _customer_reply(regulation: Regulation) -> Iterator[Finding]:
    reply = regulation.customer_reply
    if reply.term.unit != "calendar_days" or reply.term.amount > LAWFUL_REPLY_DAYS:
        sentence = (
            f"答复客户须以自然日计且不超过 {LAWFUL_REPLY_DAYS} 日（电信用户申诉处理办法第十条）。请改短。"
        )
        yield _error(regulation, sentence, "customer_reply", "term")
    alarms = reply.alarms_days_before
    if list(alarms) != sorted(set(alarms), reverse=True) or any(days >= reply.term.amount for days in alarms):
        sentence = "提醒天数应从多到少、不重复，并且少于答复期限。请调整。"
        yield _error(regulation, sentence, "customer_reply", "alarms_days_before")


def _warning(regulation: Regulation) -> Iterator[Finding]:
    if not 0 < regulation.warn_percent < 100:
        yield _error(regulation, "预警比例应在 0 与 100 之间。请改写，例如 75。", "warn_percent")


def _escalation(regulation: Regulation) -> Iterator[Finding]:
    for number, (earlier, later) in enumerate(pairwise(regulation.escalation), start=1):
        if later.after is None or (earlier.after and earlier.after.unit != later.after.unit):
            sentence = "督办各步应写明逾期后多久，并用同一种单位；只有第一步可以不写 after。请改写。"
            yield _error(regulation, sentence, "escalation", number)
        elif earlier.after and earlier.after.amount >= later.after.amount:
            sentence = "督办各步应一步比一步晚。请调整 after。"
            yield _error(regulation, sentence, "escalation", number)


def _states(regulation: Regulation, states: Collection[str]) -> Iterator[Finding]:
    written = [deadline.state for deadline in regulation.deadlines]
    for state in sorted(set(states) - set(written)):
        yield _error(regulation, f"环节 {state} 没有时限。请在 deadlines 中补上一行。", "deadlines")
    for number, state in enumerate(written):
        if state not in states:
            sentence = f"没有环节 {state}。请改为 {'、'.join(states)} 之一。"
            yield _error(regulation, sentence, "deadlines", number, "state")


def _deadlines(regulation: Regulation) -> Iterator[Finding]:
    for number, state in repeated(deadline.state for deadline in regulation.deadlines):
        sentence = f"环节 {state} 的时限写了两次。请只留一行。"
        yield _error(regulation, sentence, "deadlines", number, "state")


def repeated(values: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield number and value of everything that was there before."""
    seen: set[str] = set()
    for number, value in enumerate(values):
        if value in seen:
            yield number, value
        seen.add(value)


PARTS = (
    early_days,
    _ids,
    _classes,
    _overlaps,
    _tariffs,
    _adjustments,
    _references,
    _customer_reply,
    _warning,
    _escalation,
    _deadlines,
)
