"""Assessment cycles: the list, opening one, the page of one with what a supervisor does to it."""

from collections.abc import Callable
from datetime import date, timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from states import Refused
from states.cycle import LAW
from svcqa.assessment import cycles, queries, standing, urging, visibility
from svcqa.kernel.calendar import local_day
from svcqa.kernel.errors import Busy, Duplicate, HouseError, Invalid, NotFound, Stale
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, people
from svcqa.rulebook import library
from svcqa.web import cycle_view
from svcqa.web.errors import problem_of
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter(include_in_schema=False)

HERE = "/cycles"
OPEN = LAW.move("open")
FIELDS = {"period_from": "month", "unit": "unit", "cadence": "scheme"}


@router.get("/cycles")
def listing(visit: AVisit) -> Response:
    """List the cycles the reader may see."""
    with visit.reading() as tx:
        if not visibility.sees_any(tx.actor):
            return visit.go("/me")
        frame = visit.frame(tx, HERE)
        found = queries.cycles(tx)
        opens = bool(tx.actor.roles & OPEN.roles)
    return visit.page("cycles.html", tx_frame=frame, cycles=found, may_open=opens)


@router.get("/cycles/new")
def opening(visit: AVisit) -> Response:
    """Show the form that opens a cycle."""
    return _opening(visit)


@router.post("/cycles")
def open_one(visit: AVisit) -> Response:
    """Open the cycle of a month that is over."""
    try:
        with visit.transaction() as tx:
            opened = cycles.open(
                tx,
                visit.text("scheme"),
                unit_id=_unit(tx, visit.text("unit")),
                cadence="monthly",
                period_from=_month(visit.text("month")),
            )
            number = standing.load(tx, opened).number
    except (Invalid, Duplicate, NotFound, Busy) as refused:
        return _opening(visit, refused)
    return visit.go(f"/cycles/{number}", flash=f"已开启 {number}")


@router.get("/cycles/{cycle}")
def one(visit: AVisit, cycle: str) -> Response:
    """Show one cycle."""
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        view = cycle_view.view(tx, cycle)
    return visit.page("cycle.html", tx_frame=frame, view=view)


@router.get("/cycles/{cycle}/missing")
def missing(visit: AVisit, cycle: str) -> Response:
    """Show who has not rated yet, to those who may remind them."""
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        found = visibility.seen(tx, cycle)
        access.require(tx.actor, urging.REMIND, unit_id=None)
        raters = queries.missing(tx, found.id)
    return visit.page("cycle_missing.html", tx_frame=frame, cycle=found, missing=raters)


@router.post("/cycles/{cycle}/remind")
def remind(visit: AVisit, cycle: str) -> Response:
    """Remind who has not rated."""
    with visit.transaction() as tx:
        done = urging.remind(tx, visibility.seen(tx, cycle).id)
    said = f"已催办 {done} 人" if done else "都已催办过，没有再发邮件"
    return visit.go(f"/cycles/{cycle}", flash=said)


@router.post("/cycles/{cycle}/go-on")
def go_on(visit: AVisit, cycle: str) -> Response:
    """Ask that the cycle go on now."""
    with visit.transaction() as tx:
        urging.go_on(tx, visibility.seen(tx, cycle).id)
    return visit.go(f"/cycles/{cycle}", flash="已提出继续，几秒内开始办理")


@router.get("/cycles/{cycle}/{decision}")
def move_page(visit: AVisit, cycle: str, decision: str) -> Response:
    """Show a move's form on a page of its own; raises Forbidden or Refused, with the reason, where there is none."""
    _known(decision)
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        page = queries.page(tx, cycle)
        access.require(tx.actor, LAW.move(decision), unit_id=page.cycle.unit_id)
        LAW.advance(page.cycle.stage, decision, standing.facts(tx, page.cycle, reason="asked on the page"))
    form = cycle_view.blank(page, decision)
    return visit.page("cycle_move.html", tx_frame=frame, page=page, move=decision, form=form, problem=None)


@router.post("/cycles/{cycle}/{decision}")
def advance(visit: AVisit, cycle: str, decision: str) -> Response:
    """Confirm the results, send them back, or cancel the cycle."""
    do = _known(decision)
    try:
        with visit.transaction() as tx:
            do(tx, visibility.seen(tx, cycle).id, visit)
    except (Refused, Stale, Busy) as refused:
        return _again(visit, cycle, decision, refused)
    return visit.go(f"/cycles/{cycle}", flash=f"已办理：{LAW.move(decision).label}")


def _confirm(tx: Transaction, cycle_id: str, visit: Visit) -> None:
    cycles.confirm(tx, cycle_id, version=_version(visit))


def _recompute(tx: Transaction, cycle_id: str, visit: Visit) -> None:
    cycles.recompute(tx, cycle_id, version=_version(visit), reason=visit.text("reason"))


def _cancel(tx: Transaction, cycle_id: str, visit: Visit) -> None:
    cycles.cancel(tx, cycle_id, version=_version(visit), reason=visit.text("reason"))


DOES: dict[str, Callable[[Transaction, str, Visit], None]] = {
    "confirm": _confirm,
    "recompute": _recompute,
    "cancel": _cancel,
}


def _known(move: str) -> Callable[[Transaction, str, Visit], None]:
    if move not in DOES:
        raise NotFound("没有这一步操作。请从周期页面上的按钮进入。")
    return DOES[move]


def _version(visit: Visit) -> int | None:
    text = visit.text("version")
    return int(text) if text.isascii() and text.isdigit() else None


def _again(visit: Visit, cycle: str, move: str, refused: Refused | HouseError) -> Response:
    """Send the form back with what was typed and why it was refused."""
    problem = problem_of(refused)
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        page = queries.page(tx, cycle)
    lacking = isinstance(refused, Refused) and refused.code == "reason"
    typed = {"reason": visit.text("reason"), "version": str(page.cycle.version)}
    return visit.page(
        "cycle_move.html",
        tx_frame=frame,
        page=page,
        move=move,
        form=Typed(typed, {"reason": problem.sentence} if lacking else {}, move),
        problem=None if lacking else problem,
        status=422 if lacking else problem.status,
    )


def _opening(visit: Visit, refused: HouseError | None = None) -> Response:
    with visit.reading() as tx:
        access.require(tx.actor, OPEN, unit_id=None)
        frame = visit.frame(tx, HERE)
        schemes = _schemes(tx)
        units = [(unit.code, unit.name) for unit in people.units(tx)]
        latest = local_day(tx.now).replace(day=1) - timedelta(days=1)
    wrong = (
        {FIELDS.get(refused.field_name, "month"): refused.sentence} if isinstance(refused, Invalid) else {}
    )
    return visit.page(
        "cycle_new.html",
        tx_frame=frame,
        form=Typed({"month": f"{latest:%Y-%m}", **visit.texts()}, wrong),
        schemes=schemes,
        units=units,
        latest=f"{latest:%Y-%m}",
        sentence=refused.sentence if refused and not wrong else "",
        status=problem_of(refused).status if refused else 200,
    )


def _schemes(tx: Transaction) -> list[tuple[str, str]]:
    """Return the documents that hold a scheme, each once."""
    published = (one for one in library.versions(tx) if library.parts_by_hash(tx, one.hash).scheme)
    return list(dict.fromkeys((one.document_id, one.title) for one in published))


def _unit(tx: Transaction, code: str) -> str:
    unit = people.unit_coded(tx, code)
    if unit is None:
        raise Invalid("unit", "请选择考核单位。")
    return unit.id


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise Invalid("month", "请选择考核月份，例如 2026-10。") from error
