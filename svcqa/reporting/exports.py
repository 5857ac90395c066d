"""Documents that leave the house: made of what the actor may see, for a stated reason, each an audit event."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from states import Refused
from svcqa.improvement import queries as improvement
from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import Transaction
from svcqa.reporting import cycle_report, cycle_sheets, measure_sheets, workbook
from svcqa.reporting.workbook import Sheet, Stamp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHORTEST_REASON = 4
LONGEST_REASON = 200


@dataclass(frozen=True)
class Document:
    """A file to hand over."""

    name: str
    media_type: str
    content: bytes


def cycle_results(tx: Transaction, number: str, *, reason: str) -> Document:
    """Export a cycle's results as a workbook; raises NotFound, Invalid without a reason, Refused without results."""
    why = _reason(reason)
    report = cycle_report.of_number(tx, number)
    if not report.lines:
        raise Refused("no_results", "这个周期还没有你可以导出的成绩。请在成绩算出以后再导出。")
    stamp = _stamp(tx)
    return _document(
        tx,
        report.cycle.title,
        cycle_sheets.sheets(report, stamp=stamp, reason=why),
        name=f"{report.cycle.number}-成绩.xlsx",
        about=("cycle", report.cycle.id),
        facts={"number": report.cycle.number, "people": len(report.lines)},
        reason=why,
    )


def measures(tx: Transaction, *, reason: str) -> Document:
    """Export the improvement measures the actor may see as a workbook; raises Invalid without a reason."""
    why = _reason(reason)
    cards = improvement.listed(tx)
    return _document(
        tx,
        "改进措施",
        measure_sheets.sheets(cards),
        name="改进措施.xlsx",
        about=("measure", "board"),
        facts={"measures": len(cards)},
        reason=why,
    )


def _document(
    tx: Transaction,
    title: str,
    sheets: Sequence[Sheet],
    *,
    name: str,
    about: tuple[str, str],
    facts: dict[str, object],
    reason: str,
) -> Document:
    content = workbook.written(title, sheets, stamp=_stamp(tx))
    audit.record(
        tx,
        f"{about[0]}.exported",
        kind=about[0],
        id=about[1],
        facts={**facts, "file": name, "sha256": hashlib.sha256(content).hexdigest()},
        texts={"reason": reason},
    )
    return Document(name, XLSX, content)


def _stamp(tx: Transaction) -> Stamp:
    return Stamp(tx.actor.name, tx.now)


def _reason(text: str) -> str:
    reason = text.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid(
            "reason", f"请写明导出的用途（{SHORTEST_REASON} 到 {LONGEST_REASON} 个字），它会记入审计记录。"
        )
    return reason
