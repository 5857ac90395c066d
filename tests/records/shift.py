"""An invented table of a shift, its mapping, and what a test does with them."""

from typing import Any

from svcqa.kernel.statements import Statement, moment
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.records import importing, mapping, sheets
from svcqa.records.importing import Outcome

RULES = """\
kind: interactions
source: shift
time_formats: ["%Y-%m-%d %H:%M"]
missing: ["?"]
reference: no
person: {column: who, pattern: "{value}"}
unit: {column: team, codes: {west: cx1}}
channel: {column: way, words: {tel: phone, mail: email}}
topic: about
urgency: level
opened_at: came
responded_at: {after: came, seconds: wait}
resolved_at: done
answered: picked
reopened: again
met_target: kept
satisfaction: mark
""".replace("after: came", "after: opened_at")
HEADER = "no,who,team,way,about,level,came,wait,done,picked,again,kept,mark"
FIRST = "1,10220,,tel,bill,2,2026-11-10 09:00,30,2026-11-10 10:00,yes,0,true,5"
SECOND = "2,,west,mail,?,,2026-11-11 09:00,,,,,,"


def sheet(*rows: str, header: str = HEADER, name: str = "shift.csv") -> sheets.Sheet:
    """Return these rows as a sheet."""
    return sheets.parse("\n".join((header, *rows)).encode(), name=name)


def take(
    place: Workplace, *rows: str, rules: str = RULES, header: str = HEADER, actor=SYSTEM, **more: Any
) -> Outcome:
    """Take these rows over."""
    with place.transaction(actor) as tx:
        read = mapping.parse(rules, name="shift.map.yaml")
        return importing.take_over(tx, sheet(*rows, header=header), mapping=read, **more)


def counted(outcome: Outcome) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {name: count for name, count in outcome.counts.items() if count}


def said(outcome: Outcome) -> list[tuple[int, str, str, str]]:
    """Return where lines were rejected and why."""
    return [(bad.line, bad.column, bad.value, bad.reason) for bad in outcome.listed]


def ask(place: Workplace, query: str) -> list[tuple[Any, ...]]:
    """Return the rows a query finds; moments are aware, whichever database stored them."""
    with place.reading(SYSTEM) as tx:
        cursor = Statement(query).run(tx)
        at = [column[0].endswith("_at") for column in cursor.description]
        return [
            tuple(moment(value) if is_at else value for value, is_at in zip(row, at, strict=True))
            for row in cursor.fetchall()
        ]


def whole(place: Workplace) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything an import may write."""
    tables = ("interaction", "exam", "outage", "survey_answer", "fact_import", "audit_event")
    return {name: ask(place, f"SELECT * FROM {name} ORDER BY 1") for name in tables}
