"""The list of complaints, registering one, its page, and the customer's phone."""

from fastapi import APIRouter
from fastapi.responses import Response

from states.complaint import LAW
from svcqa.casework import (
    casefile,
    complainant,
    duplicates,
    evidence,
    registering,
    resending,
    visibility,
    worklist,
)
from svcqa.casework.forms import Register
from svcqa.kernel.errors import Busy, Forbidden, Invalid
from svcqa.kernel.transaction import Transaction
from svcqa.web import desk, entry
from svcqa.web.case_view import view_of
from svcqa.web.entry import Entry
from svcqa.web.errors import problem_of
from svcqa.web.move_forms import forms_of
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter()

HERE = "/complaints"


@router.get("/complaints")
def listing(visit: AVisit) -> Response:
    """Show a page of the list; all that is asked for stands in the address."""
    wanted = desk.wanted(visit.request.query_params)
    with visit.reading() as tx:
        if not visibility.sees_any(tx.actor):
            return visit.go("/me")
        frame = visit.frame(tx, HERE)
        page = worklist.read(tx, wanted)
        groups, shown = desk.groups_of(tx, page, wanted), desk.choices(tx)
        now, registers = tx.now, bool(tx.actor.roles & LAW.move("register").roles)
    views, onward = desk.views_of(page), desk.address(wanted, after=page.next) if page.next else ""
    return visit.page(
        "worklist.html",
        tx_frame=frame,
        page=page,
        wanted=wanted,
        groups=groups,
        choices=shown,
        views=views,
        onward=onward,
        total=desk.counted(page.total),
        now=now,
        may_register=registers,
    )


@router.get("/complaints/new")
def register_page(visit: AVisit) -> Response:
    """Show the form of a registration."""
    with visit.reading() as tx:
        _require_registrar(tx)
    return _register(visit, Typed())


@router.post("/complaints")
def register(visit: AVisit) -> Response:
    """Register a complaint."""
    typed = entry.read(Register, visit.form)
    if typed.form is None:
        return _register(visit, typed.typed(), status=422)
    try:
        with visit.transaction() as tx:
            number = registering.register(tx, form=typed.form, source="web")
    except (Invalid, Busy) as refused:
        return _refused(visit, typed, refused)
    return visit.go(f"/complaints/{number}", flash=f"已登记 {number}")


@router.get("/complaints/hints")
def hints(visit: AVisit, phone: str = "", q: str = "") -> Response:
    """Show complaints that may be the same as the one being typed, as a fragment."""
    with visit.reading() as tx:
        found = (
            duplicates.hints(tx, phone=phone[:40], subject=q[:120]) if visibility.sees_any(tx.actor) else []
        )
    return visit.page("hints.html", hints=found)


@router.get("/complaints/{number}")
def case_page(visit: AVisit, number: str) -> Response:
    """Show a complaint."""
    return _case(visit, number)


@router.post("/complaints/{number}/phone")
def show_phone(visit: AVisit, number: str) -> Response:
    """Show a complaint with the customer's full phone, once, and remember who asked."""
    with visit.transaction() as tx:
        phone = complainant.show_phone(tx, number)
    return _case(visit, number, phone=phone)


@router.post("/complaints/{number}/resend")
def resend(visit: AVisit, number: str) -> Response:
    """Send the notice of a penalty again, with a new link."""
    with visit.transaction() as tx:
        resending.resend(tx, number, penalty_id=visit.text("penalty"))
    return visit.go(f"/complaints/{number}", flash="通知已重新发送，原来的链接已失效。")


def _require_registrar(tx: Transaction) -> None:
    if not tx.actor.roles & LAW.move("register").roles:
        raise Forbidden("登记投诉由经办人、检查员和单位负责人办理，你目前没有这个角色。")


def _case(visit: Visit, number: str, *, phone: str = "") -> Response:
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        file = casefile.read(tx, number)
        view, forms = view_of(tx, file), forms_of(tx, file, file.offers)
        limit = tx.settings.upload_megabytes
    return visit.page(
        "case.html",
        tx_frame=frame,
        view=view,
        forms=forms,
        phone=phone,
        blank=Typed({"kind": "document"}, {}, "new"),
        kinds=evidence.KINDS,
        limit=limit,
    )


def _register(visit: Visit, form: Typed, *, status: int = 200, sentence: str = "") -> Response:
    with visit.reading() as tx:
        frame = visit.frame(tx, HERE)
        shown = desk.choices(tx)
        if not form.values:
            form = Typed({"occurred_at": entry.typed_moment(tx.now), "channel": "hotline"})
    return visit.page(
        "register.html", tx_frame=frame, form=form, choices=shown, sentence=sentence, status=status
    )


def _refused(visit: Visit, typed: Entry[Register], refused: Invalid | Busy) -> Response:
    if isinstance(refused, Invalid):
        return _register(visit, typed.typed(errors=entry.field_errors(refused)), status=422)
    problem = problem_of(refused)
    return _register(visit, typed.typed(), status=problem.status, sentence=problem.sentence)
