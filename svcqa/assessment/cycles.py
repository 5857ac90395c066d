"""What people do with a cycle: open it, confirm its results, send them back, cancel it.

Six steps in the same order: load, may I, may it, apply, remember, tell; the last four stand in `moving`.
"""

from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError

from states.cycle import LAW, Facts
from svcqa.assessment import moving, requests, standing
from svcqa.assessment.models import Cycle as CycleRow
from svcqa.assessment.standing import Cycle
from svcqa.kernel import audit, numbers
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Duplicate, Invalid, Stale
from svcqa.kernel.ids import new_id
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, people
from svcqa.rulebook import library
from svcqa.rulebook.scheme import Scheme

CADENCES = {"daily": "日", "monthly": "月度", "quarterly": "季度", "half_yearly": "半年", "yearly": "年度"}
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
SAME = Statement(
    "SELECT number FROM cycle WHERE scheme_id = :scheme_id AND unit_id = :unit_id AND cadence = :cadence"
    " AND period_from = :period_from"
)


def open(  # noqa: A001 - the word of the law; read as `cycles.open`
    tx: Transaction, scheme_id: str, *, unit_id: str, cadence: str, period_from: date, example: bool = False
) -> str:
    """Open the cycle of a period that is over and return its id; asks that it be run.

    Raises Invalid for a period that is not one or not over, NotFound without a scheme in force, Duplicate.
    """
    access.require(tx.actor, LAW.move("open"), unit_id=unit_id)
    unit = people.unit(tx, unit_id)
    period_until = _over(tx, cadence, period_from)
    scheme = _binding(tx, scheme_id, cadence, on=period_until)
    step = LAW.advance(LAW.birth, "open", Facts())
    row = CycleRow(
        id=new_id(),
        number=_number(tx, period_from),
        title=f"{period_name(cadence, period_from)} {CADENCES[cadence]}考核 {unit.name}",
        scheme_id=scheme_id,
        scheme_hash=scheme.hash,
        cadence=cadence,
        unit_id=unit_id,
        period_from=period_from,
        period_until=period_until,
        stage=step.target,
        opened_by=tx.actor.person_id,
        opened_at=tx.now,
        stage_at=tx.now,
        example=example,
    )
    _insert(tx, row)
    _remember(tx, row)
    requests.want(tx, row.id, reason="opened")
    return row.id


def confirm(tx: Transaction, cycle_id: str, *, version: int | None = None) -> None:
    """Confirm the results as they were presented; from here on they are told."""
    _led(tx, cycle_id, "confirm", version=version)
    requests.want(tx, cycle_id, reason="confirmed")


def recompute(tx: Transaction, cycle_id: str, *, version: int | None = None, reason: str) -> None:
    """Send the results back: the facts are frozen anew and everything is computed again."""
    _led(tx, cycle_id, "recompute", version=version, reason=reason)
    requests.want(tx, cycle_id, reason="recompute")


def cancel(tx: Transaction, cycle_id: str, *, version: int | None = None, reason: str) -> None:
    """End a cycle whose results were not confirmed."""
    _led(tx, cycle_id, "cancel", version=version, reason=reason)


def last_day(cadence: str, period_from: date) -> date:
    """Return the last day of the period that begins on a day; raises Invalid when none begins there."""
    if cadence == "daily":
        return period_from
    months = MONTHS.get(cadence)
    if months is None:
        raise Invalid("cadence", f"没有“{cadence}”这种考核周期。可选：{'、'.join(CADENCES)}。")
    if period_from.day != 1 or (period_from.month - 1) % months:
        raise Invalid(
            "period_from", f"{CADENCES[cadence]}考核不能从 {period_from} 开始。请选该周期的第一天。"
        )
    end = period_from.month - 1 + months
    return date(period_from.year + end // 12, end % 12 + 1, 1) - timedelta(days=1)


def period_name(cadence: str, period_from: date) -> str:
    """Return what people call a period: `2016-04`, `2016 年第 2 季度`."""
    names = {
        "daily": f"{period_from}",
        "monthly": f"{period_from:%Y-%m}",
        "quarterly": f"{period_from.year} 年第 {(period_from.month + 2) // 3} 季度",
        "half_yearly": f"{period_from.year} 年{'上' if period_from.month == 1 else '下'}半年",
    }
    return names.get(cadence, f"{period_from.year} 年")


def _led(tx: Transaction, cycle_id: str, name: str, *, version: int | None, reason: str = "") -> Cycle:
    cycle = standing.load(tx, cycle_id, locked=True)
    if version is not None and version != cycle.version:
        label = LAW.state(cycle.stage).label
        raise Stale("你打开这一页之后，这个周期有了新的进展，你的操作没有保存。", (f"现在的阶段：{label}",))
    access.require(tx.actor, LAW.move(name), unit_id=cycle.unit_id)
    return moving.move(tx, cycle, name, reason=reason)


def _number(tx: Transaction, period_from: date) -> str:
    series = f"KH-{period_from:%Y%m}"
    return f"{series}-{numbers.NEXT.one(tx, series=series)[0]:03d}"


def _insert(tx: Transaction, row: CycleRow) -> None:
    same = SAME.one(
        tx,
        scheme_id=row.scheme_id,
        unit_id=row.unit_id,
        cadence=row.cadence,
        period_from=row.period_from.isoformat(),
    )
    if same:
        raise Duplicate(f"这个单位在这一考核期的周期 {same[0]} 已经开启。请打开它继续办理。")
    tx.session.add(row)
    try:
        tx.session.flush()
    except IntegrityError as error:  # two opened it at once; the constraint let one through
        raise Duplicate("这个单位在这一考核期的周期刚刚由别人开启。请刷新列表查看。") from error


def _remember(tx: Transaction, row: CycleRow) -> None:
    audit.record(
        tx,
        "cycle.open",
        kind="cycle",
        id=row.id,
        version=(0, 1),
        facts={
            "number": row.number,
            "to": row.stage,
            "scheme": row.scheme_hash,
            "unit": row.unit_id,
            "cadence": row.cadence,
            "period": [row.period_from, row.period_until],
        },
    )


def _over(tx: Transaction, cadence: str, period_from: date) -> date:
    """Return the last day of a period that is over; raises Invalid for any other."""
    period_until = last_day(cadence, period_from)
    if period_until >= local_day(tx.now):
        raise Invalid("period_from", f"考核期到 {period_until} 才结束，现在还不能开启。请在期满后再开启。")
    return period_until


def _binding(tx: Transaction, scheme_id: str, cadence: str, *, on: date) -> Scheme:
    """Return the scheme version in force; raises NotFound, Invalid when it knows no such cadence."""
    scheme = library.scheme_in_force(tx, scheme_id, on=on)
    if cadence not in scheme.cadences:
        raise Invalid("cadence", f"《{scheme.document.title}》没有规定{CADENCES[cadence]}考核。请另选周期。")
    return scheme
